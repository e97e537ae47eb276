import RealModule

/// The recurrence in the degree l of the Wigner functions of one pair of orders m ≥ |n|, from l = m on.
///
/// With cos β = 1 + t and unit Cayley-Klein parameters A, B, |A|² − |B|² = cos β,
///
///     |d^l_{mn}(β)| = scale · |A|^{m + n} |B|^{m − n} · |G_l|,
///
/// where G is the Jacobi polynomial P_{l − m}^{(m − n, m + n)}(cos β) divided by its value at 1. In differences
///
///     d_l = alpha t G_{l−1} + beta d_{l−1},   G_l = G_{l−1} + d_l,
///
/// it keeps its accuracy near the identity (t → 0). It is used for t ≥ −1 only, since half a turn reaches the other half of the group.
package struct WignerColumn {
  private let m: Int
  private let a: Int
  private let b: Int
  private var k = 0
  private var product = DoubleDouble(1)
  /// The coefficients at the present degree (of no use at l = m).
  package private(set) var alpha = 0.0
  package private(set) var beta = 0.0

  package init(_ m: Int, _ n: Int) {
    (self.m, a, b) = (m, m - n, m + n)
    // √C(2m, m − n)
    for j in stride(from: 1, through: a, by: 1) { product = product * DoubleDouble(rootOf: Double(b + j), over: Double(j)) }
  }

  package var scale: Double { product.rounded }

  /// Goes from degree l − 1 to l.
  package mutating func advance() {
    k += 1
    let (x, s, p, q) = (Double(k), Double(a + b), Double(k + a), Double(k + b))
    alpha = (2 * x + s - 1) * (2 * x + s) / (2 * (x + s) * p)
    beta = k == 1 ? 0 : (x - 1) * (q - 1) * (2 * x + s) / ((x + s) * (2 * x + s - 2) * p)
    // √(k (k + s)/((k + a)(k + b))) from the norm, (k + a)/k from the value of the Jacobi polynomial at 1.
    product = product * DoubleDouble(rootOf: (x + s) * p, over: x * q)
  }
}

/// The recurrences of all pairs of orders up to a degree, for the batched kernels.
package struct WignerTable: Sendable {
  /// The largest degree.
  package let degree: Int
  /// alpha, beta and scale of (m, n) and of (m, −n), six numbers for each l and 0 ≤ n ≤ m ≤ l, ordered by l, then m, then n.
  package let entries: [Double]

  package init(degree: Int) {
    WignerD.check(degree...degree)
    self.degree = degree
    // Pairs 0 ≤ n ≤ m ≤ k of all degrees k below l: l (l + 1)(l + 2)/6.
    func start(_ l: Int) -> Int { l * (l + 1) * (l + 2) / 6 }
    var entries = [Double](repeating: 0, count: 6 * start(degree + 1))
    for m in 0...degree {
      for n in -m...m {
        var column = WignerColumn(m, n)
        for l in m...degree {
          if l > m { column.advance() }
          let place = 6 * (start(l) + m * (m + 1) / 2 + abs(n))
          func put(_ offset: Int) {
            entries[place + offset] = column.alpha
            entries[place + offset + 1] = column.beta
            entries[place + offset + 2] = column.scale
          }
          if n >= 0 { put(0) }
          if n <= 0 { put(3) }
        }
      }
    }
    self.entries = entries
  }
}
