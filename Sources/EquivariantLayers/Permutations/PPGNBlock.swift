import DifferentiableTensors
import NeuralModules

/// A block of a provably powerful graph network (Maron et al. 2019, "Provably Powerful Graph Networks", section 6): features X of all pairs
/// of nodes become W [X, m₁(X) m₂(X)] + b, with two networks m₁, m₂ of each pair's channels, a product of n × n matrices for each channel,
/// and the input beside it.
///
/// A composition of blocks with a readout tells graphs apart as 2-FWL does, which is more than 1-WL and order-2 linear layers.
/// A block costs n³ · out operations and the memory of six features of n² · out numbers for a graph of n nodes.
public struct PPGNBlock<Scalar: TensorScalar>: Module {
  /// m₁.
  public var left: MLP<Scalar>
  /// m₂.
  public var right: MLP<Scalar>
  /// W and b.
  public var skip: Linear<Scalar>
  /// Whether the product is divided by n.
  public let normalization: TupleNormalization

  /// A block from `inputs` to `outputs` channels; the networks have `depth` linear layers, each with the activation after it.
  public init(
    inputs: Int, outputs: Int, depth: Int = 2, activation: Activation = .relu, normalization: TupleNormalization = .sum,
    using generator: inout some RandomNumberGenerator
  ) {
    let widths = [inputs] + Array(repeating: outputs, count: depth)
    left = MLP(widths: widths, activation: activation, activatesOutput: true, using: &generator)
    right = MLP(widths: widths, activation: activation, activatesOutput: true, using: &generator)
    skip = Linear(inputs + outputs, outputs, using: &generator)
    self.normalization = normalization
  }

  /// The block's value on all pairs of the sets of a space, from [pairs, inputs] to [pairs, outputs].
  public func callAsFunction(_ x: Tensor<Scalar>, on space: TupleSpace) -> Tensor<Scalar> {
    var product = space.matrixProduct(left(x), right(x))
    if normalization == .mean {
      let inverses: Tensor<Scalar> = space.inverseCounts(axes: [0, 0], kept: [0], Scalar.self)
      product = product * space.map(from: [0], to: [0, 0], via: [0]).pulled(inverses)
    }
    return skip(.concatenated([x, product]))
  }

  /// Visits mlp1, mlp2 and skip.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("mlp1", &left)
    visitor("mlp2", &right)
    visitor("skip", &skip)
  }
}
