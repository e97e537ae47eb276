import DifferentiableTensors
import NeuralModules

/// A linear layer without bias, batch normalisation, and an activation where the caller puts one.
struct NormalizedLinear<Scalar: TensorScalar>: ForwardPassLayer {
  var linear: Linear<Scalar>
  var norm: BatchNorm<Scalar>

  init(_ inputs: Int, _ outputs: Int, using generator: inout some RandomNumberGenerator) {
    linear = Linear(inputs, outputs, bias: false, using: &generator)
    norm = BatchNorm(outputs)
  }
  /// A chain: widths[0] to widths[1] to ...
  static func chain(_ widths: [Int], using generator: inout some RandomNumberGenerator) -> [NormalizedLinear] {
    zip(widths, widths.dropFirst()).map { NormalizedLinear($0, $1, using: &generator) }
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func callAsFunction(_ x: Tensor<Scalar>, _ pass: inout ForwardPass<Scalar>) -> Tensor<Scalar> { norm(linear(x), &pass) }

  /// Visits linear and norm.
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("linear", &linear)
    visitor("norm", &norm)
  }
}
