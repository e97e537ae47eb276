import Testing

@testable import GroupTheory

@Suite struct SignedSquareRootTests {
  @Test func valuesAndText() {
    let root = SignedSquareRoot(sign: -1, numerator: 2, denominator: 15)
    #expect("\(root)" == "-√(2/15)" && root.value == -0.3651483716701107)
    #expect("\(SignedSquareRoot(sign: 1, numerator: 3, denominator: 1))" == "√3")
    #expect("\(SignedSquareRoot(sign: -1, numerator: 1, denominator: 1))" == "-1")
    #expect("\(SignedSquareRoot.zero)" == "0" && SignedSquareRoot.zero.value == 0)
  }

  /// In lowest terms: no prime of the denominator divides the numerator, for symbols whose sums share factors with it.
  @Test func lowestTerms() {
    var reduced = 0
    for l in 1...12 {
      let exact = Wigner6j(l, l, l, l, l, l).exact
      for prime: UInt in [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37] where exact.denominator.remainder(dividingBy: prime) == 0 {
        #expect(exact.numerator.remainder(dividingBy: prime) != 0)
        reduced += 1
      }
    }
    #expect(reduced > 30)
  }
}
