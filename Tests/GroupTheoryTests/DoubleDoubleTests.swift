import Testing

@testable import GroupTheory

@Suite struct DoubleDoubleTests {
  /// n! = (n!) as an integer, for n up to 170 and beyond the range of doubles.
  @Test func factorials() {
    var exact = BigNatural(1)
    for n in 1...700 {
      exact.multiply(by: UInt(n))
      #expect(relativeDistance(DoubleDouble.factorials[n], DoubleDouble(exact)) < 0x1p-92)
    }
    #expect(DoubleDouble.factorials[170].rounded == 7.257415615307999e306)
  }

  /// √(n²) = n and (a / b) b = a, for integers of two words.
  @Test func operationsUndoEachOther() {
    var generator = SplitMix64(seed: 32)
    for _ in 0..<500 {
      let a = DoubleDouble(BigNatural(UInt(generator.next())) * BigNatural(UInt(generator.next())))
      let b = DoubleDouble(BigNatural(UInt(generator.next() >> 3)))
      #expect(relativeDistance((a * a).squareRoot, a) < 0x1p-101)
      #expect(relativeDistance((a / b) * b, a) < 0x1p-101)
      #expect(relativeDistance((a * b).normalized, a * b) == 0)
    }
  }

  /// 2⁶⁴ + 1 needs 65 bits: cutting it to one double is noticed, and so is one bit in 106.
  @Test func conversionKeepsTwoWords() {
    var n = BigNatural(.max)
    n += 2
    let number = DoubleDouble(n)
    #expect(relativeDistance(number, DoubleDouble(0x1p64, 1)) == 0)
    #expect(relativeDistance(number, DoubleDouble(0x1p64)) > 0x1p-65)
    #expect(DoubleDouble(BigNatural(0)).rounded == 0)
    #expect(DoubleDouble(BigNatural(.max)).rounded == 0x1p64)
  }

  /// π (1/√π)² = 1 with π in two doubles.
  @Test func inverseRootPi() {
    let pi = DoubleDouble(0x1.921fb54442d18p1, 0x1.1a62633145c07p-53)
    let one = pi * DoubleDouble.inverseRootPi * DoubleDouble.inverseRootPi
    #expect(relativeDistance(one, DoubleDouble(1)) < 0x1p-100)
  }

  private func relativeDistance(_ a: DoubleDouble, _ b: DoubleDouble) -> Double {
    let quotient = (a / b).normalized
    let scaled = DoubleDouble(quotient.high, quotient.low, exponent: quotient.exponent)
    // The quotient is near 1, perhaps written as 1.99… · 2⁻¹.
    let factor = Double(sign: .plus, exponent: scaled.exponent, significand: 1)
    return abs((scaled.high * factor - 1) + scaled.low * factor)
  }
}
