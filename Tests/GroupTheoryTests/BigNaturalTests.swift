import Testing

@testable import GroupTheory

@Suite struct BigNaturalTests {
  /// 50! and 2²⁰⁰, known digits.
  @Test func knownNumbers() {
    var factorial = BigNatural(1)
    for n in 1...50 { factorial.multiply(by: UInt(n)) }
    #expect("\(factorial)" == "30414093201713378043612608166064768844377641568960512000000000000")
    var power = BigNatural(1)
    for _ in 0..<200 { power.multiply(by: 2) }
    #expect("\(power)" == "1606938044258990275541962092341162602522202993782792835301376" && power.bitWidth == 201)
    #expect("\(BigNatural(0))" == "0" && BigNatural(0).isZero && BigNatural(0).bitWidth == 0)
    #expect("\(BigNatural(1_000_000_007))" == "1000000007")
  }

  @Test func arithmeticUndoesItself() {
    var generator = SplitMix64(seed: 31)
    for _ in 0..<200 {
      let (a, b) = (random(words: 5, using: &generator), random(words: 3, using: &generator))
      var c = a
      c += b
      #expect(c > a || b.isZero)
      c -= b
      #expect(c == a)
      let small = UInt(generator.next() >> 20) | 1
      var d = a
      d.multiply(by: small)
      #expect(d == a * BigNatural(small) && d.remainder(dividingBy: small) == 0)
      d += BigNatural(small - 1)
      #expect(d.remainder(dividingBy: small) == small - 1 && d.divide(by: small) == small - 1 && d == a)
      // (a + b)² = a² + 2ab + b²
      var (sum, square) = (a, a * a)
      sum += b
      square += BigNatural(2) * a * b
      square += b * b
      #expect(sum * sum == square)
    }
  }

  @Test func carriesAndSigns() {
    var a = BigNatural(.max)
    a += 1
    #expect("\(a)" == "18446744073709551616" && a > BigNatural(.max))
    a -= 1
    #expect(a == BigNatural(.max))
    a.multiply(by: 0)
    #expect(a.isZero)
    var sum = BigInteger(isNegative: false, magnitude: 3)
    sum += BigInteger(isNegative: true, magnitude: 5)
    #expect(sum.isNegative && sum.magnitude == 2)
    sum += BigInteger(isNegative: false, magnitude: 2)
    #expect(sum.magnitude.isZero)
  }

  @Test func negativeDifferencesTrap() async {
    await #expect(processExitsWith: .failure) {
      var a = BigNatural(1)
      a -= 2
    }
  }

  private func random(words: Int, using generator: inout SplitMix64) -> BigNatural {
    var result = BigNatural(0)
    for _ in 0..<Int(generator.next() % UInt64(words + 1)) {
      for _ in 0..<2 { result.multiply(by: 1 << 32) }
      result += BigNatural(UInt(generator.next()))
    }
    return result
  }
}
