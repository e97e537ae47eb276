import DifferentiableTensors
import EquivariantLayers
import MessagePassing
import NeuralModules
import Requirements

/// The provably powerful graph network (Maron et al. 2019), for whole graphs: blocks with a product of matrices, `PPGNBlock`, are each read
/// out by traces and totals; the readouts are added, and a head gives the output.
///
/// It tells graphs apart as 2-FWL (3-WL) does: more than colour refinement, but no strongly regular graphs of equal parameters.
/// Time grows as n³, memory as n².
public struct PPGN<Scalar: TensorScalar>: Layer {
  /// Hyperparameters.
  public typealias Configuration = PPGNConfiguration

  /// Hyperparameters.
  public let configuration: Configuration
  var blocks: [PPGNBlock<Scalar>]
  var readouts: [PermutationLinear<Scalar>]
  var head: MLP<Scalar>

  /// A network with the initial weights of `PermutationLinear` in readouts and those of PyTorch's linear layers elsewhere.
  public init(_ configuration: Configuration = Configuration(), using generator: inout some RandomNumberGenerator) {
    let c = configuration
    require(c.blocks > 0, "at least one block is expected, received \(c.blocks)")
    self.configuration = c
    (blocks, readouts) = ([], [])
    for k in 0..<c.blocks {
      blocks.append(
        PPGNBlock(
          inputs: k == 0 ? 1 + c.features : c.hidden, outputs: c.hidden, depth: c.depth, activation: c.activation,
          normalization: c.normalization, using: &generator))
      readouts.append(
        PermutationLinear(
          from: [.order(2, channels: c.hidden)], to: [.order(0, channels: c.hidden)], normalization: c.normalization, using: &generator))
    }
    head = MLP(widths: [c.hidden] + c.head, activation: c.activation, using: &generator)
  }

  /// The outputs, [graphs, outputs].
  public func callAsFunction(_ input: GraphBatch<Scalar>) -> Tensor<Scalar> {
    let space = input.pairSpace
    var x = input.pairFeatures(on: space)
    var sum: Tensor<Scalar>?
    for (block, readout) in zip(blocks, readouts) {
      x = block(x, on: space)
      let part = readout([x], on: space)[0]
      sum = sum.map { $0 + part } ?? part
    }
    return head(configuration.activation(sum!))
  }

  /// Visits blocks, readouts and head.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("blocks", &blocks)
    visitor("readouts", &readouts)
    visitor("head", &head)
  }
}

/// Hyperparameters of ``PPGN``, the same for both element types.
public struct PPGNConfiguration: Sendable, Codable, Equatable {
  /// The number of features of a node at the input.
  public var features: Int
  /// The number of blocks.
  public var blocks: Int
  /// The number of channels of all hidden features.
  public var hidden: Int
  /// The number of linear layers of the two networks of a block.
  public var depth: Int
  /// What products and sums over nodes are divided by.
  public var normalization: TupleNormalization
  /// The activation within the blocks and the head.
  public var activation: Activation
  /// The widths of the head after the hidden one, with the number of outputs last.
  public var head: [Int]
  /// A configuration, by default with three blocks of 32 channels.
  public init(
    features: Int = 1, blocks: Int = 3, hidden: Int = 32, depth: Int = 2, normalization: TupleNormalization = .mean,
    activation: Activation = .relu, head: [Int] = [64, 1]
  ) {
    (self.features, self.blocks, self.hidden, self.depth) = (features, blocks, hidden, depth)
    (self.normalization, self.activation, self.head) = (normalization, activation, head)
  }
}
