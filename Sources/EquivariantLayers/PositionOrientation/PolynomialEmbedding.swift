import DifferentiableTensors
import Requirements

/// The monomials of some numbers up to a degree: x, x⊗x, x⊗x⊗x, ..., flattened, with equal ones as often as they occur (Bekkers et al.
/// 2024, appendix).
public struct PolynomialEmbedding: Sendable, Hashable {
  /// The largest degree, at least 1.
  public let degree: Int

  /// Monomials of degrees 1 ... `degree`.
  public init(degree: Int) {
    require(degree >= 1, "expected a degree of at least 1, received \(degree)")
    self.degree = degree
  }

  /// The number of monomials of k numbers: k + k² + ... .
  public func width(_ k: Int) -> Int { (0..<degree).reduce((sum: 0, power: 1)) { s, _ in (s.sum + s.power * k, s.power * k) }.sum }

  /// The monomials of the innermost axis: [..., k] to [..., k + k² + ...].
  public func callAsFunction<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    var outer = x.shape.dimensions
    let k = outer.removeLast()
    let factor = x.reshaped(to: Shape(outer + [1, k]))
    var powers = [x]
    for _ in 1..<max(1, degree) {
      let last = powers[powers.count - 1]
      let width = last.shape[-1]
      powers.append((last.reshaped(to: Shape(outer + [width, 1])) * factor).reshaped(to: Shape(outer + [width * k])))
    }
    return .concatenated(powers)
  }
}
