import DifferentiableTensors
import MessagePassing
import NeuralModules

/// The messages m = φ(hᵢ, hⱼ, e) of all edges, φ a network of two layers with an activation after each.
///
/// The first affine map is linear in hᵢ, hⱼ and the edge's features: the parts of hᵢ and hⱼ are computed once a node, not once an edge.
/// Its weight [hidden, 2 nodeFeatures + edgeFeatures] is stored whole, in that order, as in a plain network of the concatenation.
struct EdgeMLP<Scalar: TensorScalar>: Module {
  var network: MLP<Scalar>
  let nodeFeatures: Int

  init(nodeFeatures: Int, edgeFeatures: Int, hidden: Int, using generator: inout some RandomNumberGenerator) {
    self.nodeFeatures = nodeFeatures
    network = MLP(widths: [2 * nodeFeatures + edgeFeatures, hidden, hidden], activatesOutput: true, using: &generator)
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func callAsFunction(_ h: Tensor<Scalar>, _ edges: Tensor<Scalar>, _ graph: Graph) -> Tensor<Scalar> {
    let first = network.layers[0]
    let n = nodeFeatures
    let ofReceiver = Tensor.matmul(h, first.weight.sliced(axis: 1, 0..<n), transposingSecond: true)
    let ofSender = Tensor.matmul(h, first.weight.sliced(axis: 1, n..<2 * n), transposingSecond: true)
    let ofEdge = Tensor.linear(edges, weight: first.weight.sliced(axis: 1, 2 * n..<first.weight.shape[1]), bias: first.bias)
    return network.continued(from: Tensor.gatheredSum(ofReceiver, graph.receivers, ofSender, graph.senders, plus: ofEdge))
  }

  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("", &network) }
}
