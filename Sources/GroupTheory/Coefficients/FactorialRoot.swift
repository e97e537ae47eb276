/// A number n √(∏ aᵢ! / ∏ bⱼ!) with an exact integer n: the form in which every coupling coefficient is computed.
///
/// The integer is an alternating sum, where all cancellation happens and no digit is lost; the root is a product, which double-double
/// arithmetic gives to 2⁻⁹⁰. The value is therefore rounded once, at the end.
struct FactorialRoot: Sendable {
  var integer: BigInteger
  /// The aᵢ.
  var numerator: [Int]
  /// The bⱼ.
  var denominator: [Int]

  static let zero = FactorialRoot(integer: BigInteger(isNegative: false, magnitude: 0), numerator: [], denominator: [])

  static func * (a: FactorialRoot, b: FactorialRoot) -> FactorialRoot {
    FactorialRoot(
      integer: a.integer * b.integer, numerator: a.numerator + b.numerator, denominator: a.denominator + b.denominator)
  }

  /// The nearest double to the number times `factor`.
  func value(times factor: DoubleDouble = DoubleDouble(1)) -> Double {
    guard !integer.magnitude.isZero else { return 0 }
    let quotient = product(numerator) / product(denominator)
    let result = (quotient.squareRoot * DoubleDouble(integer.magnitude).normalized * factor).rounded
    return integer.isNegative ? -result : result
  }

  private func product(_ arguments: [Int]) -> DoubleDouble {
    arguments.reduce(DoubleDouble(1)) { $0 * DoubleDouble.factorials[$1] }
  }

  /// The number as ±√(p/q) in lowest terms, by the prime factors of the factorials.
  var exact: SignedSquareRoot {
    guard !integer.magnitude.isZero else { return .zero }
    var root = integer.magnitude
    var (p, q) = (BigNatural(1), BigNatural(1))
    let largest = max(numerator.max() ?? 0, denominator.max() ?? 0)
    for prime in stride(from: 2, through: largest, by: 1) where isPrime(prime) {
      var exponent =
        numerator.reduce(0) { $0 + multiplicity(of: prime, inFactorial: $1) }
        - denominator.reduce(0) { $0 + multiplicity(of: prime, inFactorial: $1) }
      // Every factor of n counts twice under the root.
      while exponent < 0 && root.remainder(dividingBy: UInt(prime)) == 0 {
        root.divide(by: UInt(prime))
        exponent += 2
      }
      for _ in 0..<exponent.magnitude {
        if exponent > 0 { p.multiply(by: UInt(prime)) } else { q.multiply(by: UInt(prime)) }
      }
    }
    return SignedSquareRoot(sign: integer.isNegative ? -1 : 1, numerator: p * root * root, denominator: q)
  }

  private func isPrime(_ n: Int) -> Bool {
    var divisor = 2
    while divisor * divisor <= n {
      if n.isMultiple(of: divisor) { return false }
      divisor += 1
    }
    return true
  }

  /// The exponent of a prime in n!, Σ ⌊n / pᵏ⌋ (Legendre).
  private func multiplicity(of prime: Int, inFactorial n: Int) -> Int {
    var (rest, result) = (n, 0)
    while rest > 0 {
      rest /= prime
      result += rest
    }
    return result
  }
}

extension BigNatural {
  /// n ← n · C(top, bottom): every partial quotient is exact, because n C(t, i) is an integer.
  mutating func multiply(byBinomial top: Int, _ bottom: Int) {
    let count = min(bottom, top - bottom)
    var i = 1
    while i <= count {
      multiply(by: UInt(top - i + 1))
      divide(by: UInt(i))
      i += 1
    }
  }
}

extension BigInteger {
  /// The exact sum Σ_k (−1)^k t_k over `range`, the terms being natural numbers with t_{k+1} = t_k · numerator / denominator.
  init(alternatingOver range: ClosedRange<Int>, first: BigNatural, ratio: (Int) -> (numerator: Int, denominator: Int)) {
    var term = first
    var (even, odd) = (BigNatural(0), BigNatural(0))
    var k = range.lowerBound
    while true {
      if k & 1 == 0 { even += term } else { odd += term }
      if k == range.upperBound { break }
      let (numerator, denominator) = ratio(k)
      term.multiply(by: UInt(numerator))
      term.divide(by: UInt(denominator))
      k += 1
    }
    self.init(isNegative: false, magnitude: even)
    self += BigInteger(isNegative: true, magnitude: odd)
  }
}

extension FactorialRoot {
  /// √n for n ≥ 1, as √(n! / (n−1)!).
  init(rootOfDimension n: Int) {
    self.init(integer: BigInteger(isNegative: false, magnitude: 1), numerator: [n], denominator: [n - 1])
  }
}
