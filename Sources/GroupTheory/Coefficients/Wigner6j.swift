import Requirements

/// The Wigner 6j symbol {j₁ j₂ j₃; j₄ j₅ j₆} of integer or half-integer spins, exactly.
///
/// With Δ(abc)² = (a+b−c)! (a−b+c)! (−a+b+c)! / (a+b+c+1)!, Racah's formula over binomials is
///
/// {a b c; d e f} = Δ(aef) Δ(dbf) Δ(dec) / Δ(abc) · Σₜ (−1)ᵗ C(t+1, a+b+c+1) C(a+b−c, t−d−e−c) C(a−b+c, t−d−b−f) C(−a+b+c, t−a−e−f)
///
/// whose sum is an exact integer (Johansson and Forssén, SIAM J. Sci. Comput. 38 (2016) A376). The symbol is zero where one of the four
/// triangles does not close.
public struct Wigner6j: Sendable {
  let root: FactorialRoot

  /// The symbol {j₁ j₂ j₃; j₄ j₅ j₆}; traps where a spin is negative or a triangle's sum exceeds 2046.
  public init(
    _ j1: HalfInteger, _ j2: HalfInteger, _ j3: HalfInteger, _ j4: HalfInteger, _ j5: HalfInteger, _ j6: HalfInteger
  ) {
    let (a, b, c, d, e, f) = (j1.doubled, j2.doubled, j3.doubled, j4.doubled, j5.doubled, j6.doubled)
    require(min(a, b, c, d, e, f) >= 0, "expected spins of at least 0, received \((j1, j2, j3, j4, j5, j6))")
    guard isTriangle(a, b, c), isTriangle(a, e, f), isTriangle(d, b, f), isTriangle(d, e, c) else {
      root = .zero
      return
    }
    // Before the sum, whose terms would overflow.
    for (x, y, z) in [(a, b, c), (a, e, f), (d, b, f), (d, e, c)] { checkPerimeter(x, y, z) }
    root = FactorialRoot(
      integer: BigInteger(racahSum: a, b, c, d, e, f),
      triangles: [(a, e, f), (d, b, f), (d, e, c)], inverseTriangle: (a, b, c))
  }

  /// The symbol of integer degrees.
  public init(_ l1: Int, _ l2: Int, _ l3: Int, _ l4: Int, _ l5: Int, _ l6: Int) {
    self.init(HalfInteger(l1), HalfInteger(l2), HalfInteger(l3), HalfInteger(l4), HalfInteger(l5), HalfInteger(l6))
  }

  /// The value, correctly rounded.
  public var value: Double { root.value() }

  /// The value as ±√(p/q).
  public var exact: SignedSquareRoot { root.exact }
}

extension BigInteger {
  /// The integer sum of the 6j symbol {a b c; d e f}, whose triangles close; all arguments doubled.
  init(racahSum a: Int, _ b: Int, _ c: Int, _ d: Int, _ e: Int, _ f: Int) {
    let perimeter = (a + b + c) / 2
    let (x, y, z) = ((a + b - c) / 2, (a - b + c) / 2, (b + c - a) / 2)
    let (u, v, w) = ((d + e + c) / 2, (d + b + f) / 2, (a + e + f) / 2)
    let (lowest, highest) = (max(perimeter, u, v, w), min(x + u, y + v, z + w))
    var first = BigNatural(1)
    first.multiply(byBinomial: lowest + 1, perimeter + 1)
    first.multiply(byBinomial: x, lowest - u)
    first.multiply(byBinomial: y, lowest - v)
    first.multiply(byBinomial: z, lowest - w)
    self.init(alternatingOver: lowest...highest, first: first) { t in
      (
        (t + 2) * (x + u - t) * (y + v - t) * (z + w - t),
        (t + 1 - perimeter) * (t + 1 - u) * (t + 1 - v) * (t + 1 - w)
      )
    }
  }
}

extension FactorialRoot {
  /// n ∏ Δ(triangles) / Δ(inverse), the spins doubled.
  init(integer: BigInteger, triangles: [(Int, Int, Int)], inverseTriangle inverse: (Int, Int, Int)? = nil) {
    self.init(integer: integer, numerator: [], denominator: [])
    for (a, b, c) in triangles {
      numerator += [(a + b - c) / 2, (a - b + c) / 2, (b + c - a) / 2]
      denominator.append((a + b + c) / 2 + 1)
    }
    if let (a, b, c) = inverse {
      denominator += [(a + b - c) / 2, (a - b + c) / 2, (b + c - a) / 2]
      numerator.append((a + b + c) / 2 + 1)
    }
  }
}
