import RealModule
import Requirements

extension WignerD {
  /// The generators of the real Wigner matrices of one degree: X_a with D(exp(θ n)) = exp(θ Σ n_a X_a) for rotations by θ about n.
  ///
  /// They are three antisymmetric (2l + 1) × (2l + 1) matrices, about x, y and z, with [X_x, X_y] = X_z and so on, and Σ X_a² = −l (l + 1).
  public static func generators(degree l: Int) -> [Matrix<Double>] {
    require(l >= 0, "expected a degree of at least 0, received \(l)")
    var result = [Matrix<Double>](repeating: Matrix(zeros: 2 * l + 1, 2 * l + 1), count: 3)
    func put(_ axis: Int, _ i: Int, _ j: Int, _ value: Double) {
      result[axis][l + i, l + j] = value
      result[axis][l + j, l + i] = -value
    }
    for m in stride(from: 1, through: l, by: 1) {
      // About the polar axis y, the sine of order m turns into the cosine.
      put(1, -m, m, Double(m))
      // About z and x, orders m − 1 and m couple, by √((l − m + 1)(l + m))/2, √2 times as much for order 0.
      let ladder = Double.sqrt(Double((l - m + 1) * (l + m)))
      if m == 1 {
        put(2, 0, -1, ladder / Double.sqrt(2))
        put(0, 1, 0, ladder / Double.sqrt(2))
      } else {
        put(2, m, 1 - m, ladder / 2)
        put(2, m - 1, -m, ladder / 2)
        put(0, m, m - 1, ladder / 2)
        put(0, -m, 1 - m, ladder / 2)
      }
    }
    return result
  }
}
