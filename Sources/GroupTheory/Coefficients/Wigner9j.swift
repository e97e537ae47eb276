import Requirements

/// The Wigner 9j symbol {a b c; d e f; g h i} of integer or half-integer spins, exactly.
///
/// It is Wigner's sum over 6j symbols, Σₓ (−1)^(2x) (2x+1) {a b c; f i x} {d e f; b x h} {g h i; x a d}. All roots that depend on x cancel
/// when the 6j symbols are written as in ``Wigner6j`` with the triangles (a i x), (b f x) and (d h x) in the denominator, so that the sum
/// is an exact integer and the symbol is that integer times the Δ of its rows and columns. It is zero where a row or column closes no
/// triangle.
public struct Wigner9j: Sendable {
  let root: FactorialRoot

  /// The symbol with the rows (j₁ j₂ j₃), (j₄ j₅ j₆), (j₇ j₈ j₉); traps where a spin is negative or a triangle's sum exceeds 2046.
  public init(
    _ j1: HalfInteger, _ j2: HalfInteger, _ j3: HalfInteger, _ j4: HalfInteger, _ j5: HalfInteger, _ j6: HalfInteger,
    _ j7: HalfInteger, _ j8: HalfInteger, _ j9: HalfInteger
  ) {
    let (a, b, c, d, e, f) = (j1.doubled, j2.doubled, j3.doubled, j4.doubled, j5.doubled, j6.doubled)
    let (g, h, i) = (j7.doubled, j8.doubled, j9.doubled)
    require(min(a, b, c, d, e, f, g, h, i) >= 0, "expected spins of at least 0, received \([j1, j2, j3, j4, j5, j6, j7, j8, j9])")
    let triangles = [(a, b, c), (d, e, f), (g, h, i), (a, d, g), (b, e, h), (c, f, i)]
    guard triangles.allSatisfy(isTriangle) else {
      root = .zero
      return
    }
    for (x, y, z) in triangles { checkPerimeter(x, y, z) }
    var sum = BigInteger(isNegative: false, magnitude: 0)
    let (lowest, highest) = (max(abs(a - i), abs(b - f), abs(d - h)), min(a + i, b + f, d + h))
    for x in stride(from: lowest, through: highest, by: 2) {
      // Each symbol with its columns permuted, and in two columns the rows exchanged, so that the triangle with x comes first.
      var term = BigInteger(racahSum: a, i, x, f, b, c) * BigInteger(racahSum: b, f, x, d, h, e)
      term = term * BigInteger(racahSum: d, h, x, i, a, g)
      term.magnitude.multiply(by: UInt(x + 1))
      if x & 1 != 0 { term.isNegative.toggle() }
      sum += term
    }
    root = FactorialRoot(integer: sum, triangles: triangles)
  }

  /// The symbol of integer degrees, row by row.
  public init(_ l1: Int, _ l2: Int, _ l3: Int, _ l4: Int, _ l5: Int, _ l6: Int, _ l7: Int, _ l8: Int, _ l9: Int) {
    self.init(
      HalfInteger(l1), HalfInteger(l2), HalfInteger(l3), HalfInteger(l4), HalfInteger(l5), HalfInteger(l6),
      HalfInteger(l7), HalfInteger(l8), HalfInteger(l9))
  }

  /// The value, correctly rounded.
  public var value: Double { root.value() }

  /// The value as ±√(p/q).
  public var exact: SignedSquareRoot { root.exact }
}
