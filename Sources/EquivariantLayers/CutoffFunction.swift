import DifferentiableTensors
import Requirements

/// A function of the length r that falls from 1 at r = 0 to 0 at a radius c and beyond, for the messages of neighbours. Below, x = r/c.
public struct CutoffFunction: Sendable {
  /// How the function falls.
  public enum Shape: Sendable, Equatable {
    /// 1 − (p+1)(p+2)/2 xᵖ + p(p+2) xᵖ⁺¹ − p(p+1)/2 xᵖ⁺²: two continuous derivatives at c (Gasteiger et al. 2020).
    case polynomial(p: Int = 6)
    /// exp(1 − 1/(1 − x²)): all derivatives continuous.
    case smooth
  }

  /// How the function falls.
  public let shape: Shape
  /// The radius c.
  public let radius: Double

  /// A function that vanishes beyond a radius, which must be above 0.
  public init(_ shape: Shape = .polynomial(), radius: Double) {
    require(radius > 0, "expected a radius above 0, received \(radius)")
    if case .polynomial(let p) = shape { require(p >= 2, "expected an exponent p of at least 2, received \(p)") }
    (self.shape, self.radius) = (shape, radius)
  }

  /// The values at lengths of at least 0, in a tensor of the same shape.
  public func callAsFunction<Scalar: TensorScalar>(_ r: Tensor<Scalar>) -> Tensor<Scalar> {
    let x = r * Scalar(1 / radius)
    switch shape {
    case .polynomial(let p):
      // The polynomial is 0 at 1, which stands for all that lies beyond.
      let inside = Tensor.select(x.detached .< 1, x, .ones(x.shape))
      let inner = inside * Scalar(p * (p + 2)) - inside.squared() * Scalar(p * (p + 1) / 2) - Scalar((p + 1) * (p + 2) / 2)
      return inside.power(Scalar(p)) * inner + 1
    case .smooth: return softStep(1 - x.squared()) * Scalar(2.718281828459045)
    }
  }
}
