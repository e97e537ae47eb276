import DifferentiableTensors
import EquivariantLayers
import MessagePassing
import NeuralModules
import Requirements

/// Provably powerful graph network (Maron et al. 2019), for whole graphs: blocks with a product of matrices, `PPGNBlock`, each read out
/// by traces and totals; the readouts are added, and a head gives the output.
///
/// Tells graphs apart as 2-FWL (3-WL) does: more than colour refinement, less than any strongly regular graphs of equal parameters ask for.
/// Time grows as n³, memory as n².
public struct PPGN<Scalar: TensorScalar>: Layer {
  /// Hyperparameters.
  public typealias Configuration = PPGNConfiguration

  /// Hyperparameters.
  public let configuration: Configuration
  var blocks: [PPGNBlock<Scalar>]
  var readouts: [PermutationLinear<Scalar>]
  var head: MLP<Scalar>

  /// Readouts as `PermutationLinear`, all else as PyTorch's linear layers.
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

  /// blocks, readouts, head
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("blocks", &blocks)
    visitor("readouts", &readouts)
    visitor("head", &head)
  }
}

/// Hyperparameters of ``PPGN``, the same for both element types.
public struct PPGNConfiguration: Sendable, Codable, Equatable {
  /// Features of a node at the input.
  public var features = 1
  /// Number of blocks.
  public var blocks = 3
  /// Channels of all hidden features.
  public var hidden = 32
  /// Linear layers of the two networks of a block.
  public var depth = 2
  /// What products and sums over nodes are divided by.
  public var normalization = TupleNormalization.mean
  /// Within the blocks and the head.
  public var activation = Activation.relu
  /// Widths of the head after the hidden one, the number of outputs last.
  public var head = [64, 1]
  /// Three blocks of 32 channels unless told otherwise.
  public init(
    features: Int = 1, blocks: Int = 3, hidden: Int = 32, depth: Int = 2, normalization: TupleNormalization = .mean,
    activation: Activation = .relu, head: [Int] = [64, 1]
  ) {
    (self.features, self.blocks, self.hidden, self.depth) = (features, blocks, hidden, depth)
    (self.normalization, self.activation, self.head) = (normalization, activation, head)
  }
}
