import Requirements

/// The Wigner 3j symbol of integer or half-integer spins, exactly.
///
/// With a = j₁+j₂−j₃, b = j₁−j₂+j₃, c = −j₁+j₂+j₃ and Racah's sum over binomials,
///
/// (j₁ j₂ j₃; m₁ m₂ m₃) = (−1)^(j₁−j₂−m₃) √(∏ (jᵢ+mᵢ)! (jᵢ−mᵢ)! / ((j₁+j₂+j₃+1)! a! b! c!)) Σₖ (−1)ᵏ C(a, k) C(b, j₁−m₁−k) C(c, j₂+m₂−k).
///
/// The sum is an exact integer (Johansson and Forssén, SIAM J. Sci. Comput. 38 (2016) A376), so ``value`` is the nearest double, to within
/// 10⁻¹⁰ of a unit in the last place, however large the spins. The symbol is zero where a selection rule is violated: where the triangle
/// does not close, m₁+m₂+m₃ ≠ 0, or |m| > j.
public struct Wigner3j: Sendable {
  let root: FactorialRoot

  /// The symbol (j₁ j₂ j₃; m₁ m₂ m₃); traps where a j is negative, a j − m is no integer, or j₁+j₂+j₃ exceeds 2046.
  public init(
    _ j1: HalfInteger, _ j2: HalfInteger, _ j3: HalfInteger, _ m1: HalfInteger, _ m2: HalfInteger, _ m3: HalfInteger
  ) {
    for (j, m) in [(j1, m1), (j2, m2), (j3, m3)] {
      require(j.doubled >= 0, "expected spins of at least 0, received \(j)")
      require((j - m).doubled.isMultiple(of: 2), "expected spin and projection to differ by an integer, received \(j) and \(m)")
    }
    root = FactorialRoot(doubled3j: j1.doubled, j2.doubled, j3.doubled, m1.doubled, m2.doubled, m3.doubled)
  }

  /// The symbol of integer degrees (l₁ l₂ l₃; m₁ m₂ m₃).
  public init(_ l1: Int, _ l2: Int, _ l3: Int, _ m1: Int, _ m2: Int, _ m3: Int) {
    self.init(HalfInteger(l1), HalfInteger(l2), HalfInteger(l3), HalfInteger(m1), HalfInteger(m2), HalfInteger(m3))
  }

  /// The value, correctly rounded.
  public var value: Double { root.value() }

  /// The value as ±√(p/q).
  public var exact: SignedSquareRoot { root.exact }
}

/// Traps unless the degrees are natural numbers and small enough for sums of them.
func checkDegrees(_ l1: Int, _ l2: Int, _ l3: Int) {
  require(min(l1, l2, l3) >= 0, "expected degrees of at least 0, received \((l1, l2, l3))")
  require(max(l1, l2, l3) <= 1 << 59, "expected degrees of at most 2^59, received \((l1, l2, l3))")
}

/// Whether three spins, given doubled, close a triangle with an integer perimeter.
func isTriangle(_ a: Int, _ b: Int, _ c: Int) -> Bool {
  (a + b + c).isMultiple(of: 2) && c >= abs(a - b) && c <= a + b
}

/// Traps where a triangle's factorials leave the table.
func checkPerimeter(_ a: Int, _ b: Int, _ c: Int) {
  require(a + b + c <= 4092, "expected spins with a sum of at most 2046, received \((a + b + c) / 2)")
}

extension FactorialRoot {
  /// The 3j symbol of valid spins, all arguments doubled.
  init(doubled3j j1: Int, _ j2: Int, _ j3: Int, _ m1: Int, _ m2: Int, _ m3: Int) {
    guard isTriangle(j1, j2, j3), m1 + m2 + m3 == 0, abs(m1) <= j1, abs(m2) <= j2, abs(m3) <= j3 else {
      self = .zero
      return
    }
    checkPerimeter(j1, j2, j3)
    let (a, b, c) = ((j1 + j2 - j3) / 2, (j1 - j2 + j3) / 2, (j2 + j3 - j1) / 2)
    let (p, q) = ((j1 - m1) / 2, (j2 + m2) / 2)
    let (lowest, highest) = (max(0, p - b, q - c), min(a, p, q))
    var first = BigNatural(1)
    first.multiply(byBinomial: a, lowest)
    first.multiply(byBinomial: b, p - lowest)
    first.multiply(byBinomial: c, q - lowest)
    var sum = BigInteger(alternatingOver: lowest...highest, first: first) { k in
      ((a - k) * (p - k) * (q - k), (k + 1) * (b - p + k + 1) * (c - q + k + 1))
    }
    if (j1 - j2 - m3) & 2 != 0 { sum.isNegative.toggle() }
    self.init(
      integer: sum, numerator: [p, (j1 + m1) / 2, (j2 - m2) / 2, q, (j3 + m3) / 2, (j3 - m3) / 2],
      denominator: [(j1 + j2 + j3) / 2 + 1, a, b, c])
  }
}
