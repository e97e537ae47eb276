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
    /// 1 up to a length b, then (c² − r²)²(c² + 2r² − 3b²)/(c² − b²)³: the first derivative is continuous at b and c (XPLOR's switching
    /// function; Brooks et al. 1983).
    case switching(from: Double)
    /// ½(1 + cos πx): the first derivative is continuous at c (Behler and Parrinello 2007).
    case cosine
  }

  /// How the function falls.
  public let shape: Shape
  /// The radius c.
  public let radius: Double

  /// A function that vanishes beyond a radius, which must be above 0.
  public init(_ shape: Shape = .polynomial(), radius: Double) {
    require(radius > 0, "expected a radius above 0, received \(radius)")
    if case .polynomial(let p) = shape { require(p >= 2, "expected an exponent p of at least 2, received \(p)") }
    if case .switching(let start) = shape {
      require(start >= 0 && start < radius, "expected a start of at least 0 and below \(radius), received \(start)")
    }
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
    case .switching(let start):
      // At r² = b² the polynomial is 1, at c² 0.
      let (low, high) = (Scalar(start * start), Scalar(radius * radius))
      let square = r.squared()
      let inner = Tensor.select(square.detached .< low, Tensor(repeating: low, shape: r.shape), square)
      let t = Tensor.select(inner.detached .< high, inner, Tensor(repeating: high, shape: r.shape))
      let width = Scalar(radius * radius - start * start)
      return (high - t).squared() * (t * 2 + (high - 3 * low)) * (1 / (width * width * width))
    case .cosine:
      let inside = Tensor.select(x.detached .< 1, x, .ones(x.shape))
      return ((inside * Scalar.pi).cos() + 1) * Scalar(0.5)
    case .smooth: return softStep(1 - x.squared()) * Scalar(2.718281828459045)
    }
  }
}
