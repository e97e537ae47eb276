import DifferentiableTensors
import NeuralModules
import Requirements

/// A learnt w × w matrix of a cloud, by which its points are multiplied (the "T-Net" of Qi et al. 2017): the identity plus fully connected
/// layers of the largest features over the points.
struct SpatialTransform<Scalar: TensorScalar>: ForwardPassLayer {
  let width: Int
  var layers: [NormalizedLinear<Scalar>]
  var head: [NormalizedLinear<Scalar>]
  var last: Linear<Scalar>

  init(_ width: Int, widths: [Int], head: [Int], using generator: inout some RandomNumberGenerator) {
    require(!widths.isEmpty && !head.isEmpty, "layers before and after the pooling are expected, received \(widths) and \(head)")
    self.width = width
    layers = NormalizedLinear.chain([width] + widths, using: &generator)
    self.head = NormalizedLinear.chain([widths[widths.count - 1]] + head, using: &generator)
    last = Linear(head[head.count - 1], width * width, using: &generator)
  }

  /// x T for x [clouds, n, w].
  func callAsFunction(_ x: Tensor<Scalar>, _ pass: inout ForwardPass<Scalar>) -> Tensor<Scalar> {
    var h = x
    for layer in layers { h = layer(h, &pass).relu() }
    h = h.max(axis: 1)
    for layer in head { h = layer(h, &pass).relu() }
    return Tensor.matmul(x, last(h).reshaped(-1, width, width) + .identity(width))
  }

  /// Visits layers, head and last.
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("layers", &layers)
    visitor("head", &head)
    visitor("last", &last)
  }
}
