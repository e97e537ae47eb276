import DifferentiableTensors
import MessagePassing
import NeuralModules

/// The messages m = φ(hᵢ, hⱼ, e) of all edges, where φ is a network of two layers with an activation after each.
///
/// The parts of hᵢ and hⱼ in the first affine map are computed once per node, not once per edge
/// (``Tensor/edgeLinear(nodes:receivers:senders:edges:weight:bias:)``). Its weight [hidden, 2 nodeFeatures + edgeFeatures] is stored whole,
/// in that order, as in a plain network of the concatenation.
struct EdgeMLP<Scalar: TensorScalar>: Module {
  var network: MLP<Scalar>

  init(nodeFeatures: Int, edgeFeatures: Int, hidden: Int, using generator: inout some RandomNumberGenerator) {
    network = MLP(widths: [2 * nodeFeatures + edgeFeatures, hidden, hidden], activatesOutput: true, using: &generator)
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func callAsFunction(_ h: Tensor<Scalar>, _ edges: Tensor<Scalar>, _ graph: Graph) -> Tensor<Scalar> {
    let first = network.layers[0]
    return network.continued(
      from: Tensor.edgeLinear(
        nodes: h, receivers: graph.receivers, senders: graph.senders, edges: edges, weight: first.weight, bias: first.bias!))
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("", &network) }
}
