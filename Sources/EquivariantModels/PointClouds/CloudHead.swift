import DifferentiableTensors
import NeuralModules
import Requirements

/// The last layers of a network on clouds, which take the features of each point beside those of its cloud, or those of the cloud alone.
struct CloudHead<Scalar: TensorScalar>: Module {
  let output: CloudOutput
  var layers: [NormalizedLinear<Scalar>]
  var last: Linear<Scalar>

  /// A head for `local` features of a point and `global` ones of a cloud.
  init(local: Int, global: Int, hidden: [Int], output: CloudOutput, using generator: inout some RandomNumberGenerator) {
    require(!hidden.isEmpty, "at least one hidden layer of the head is expected")
    self.output = output
    let width = if case .perPoint = output { local + global } else { global }
    layers = NormalizedLinear.chain([width] + hidden, using: &generator)
    last = Linear(hidden[hidden.count - 1], output.width, using: &generator)
  }

  /// The prediction [clouds, n, c] or [clouds, c] from features [clouds, n, local] and [clouds, global].
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func callAsFunction(
    local: Tensor<Scalar>, global: Tensor<Scalar>, activation: (Tensor<Scalar>) -> Tensor<Scalar>, _ pass: inout ForwardPass<Scalar>
  ) -> Tensor<Scalar> {
    var x: Tensor<Scalar>
    if case .perPoint = output {
      // The part of the cloud's features once a cloud, not once a point.
      let weight = layers[0].linear.weight
      let split = local.shape[-1]
      let fromCloud = Tensor.linear(global, weight: weight.sliced(axis: 1, split..<weight.shape[1]), bias: nil)
      let first = Tensor.linear(local, weight: weight.sliced(axis: 1, 0..<split), bias: nil) + fromCloud.expandingAxis(1)
      x = layers[0].norm(first, &pass)
    } else {
      x = layers[0](global, &pass)
    }
    for layer in layers.dropFirst() { x = layer(activation(x), &pass) }
    return last(activation(x))
  }

  /// Visits layers and last.
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("layers", &layers)
    visitor("last", &last)
  }
}
