import DifferentiableTensors
import NeuralModules
import Requirements

/// A linear map within each subgraph between features of orders 0 to 2 that commutes with permutations of its nodes, with the weights of
/// its class of sizes (``SubgraphSpace``).
public struct SubgraphLinear<Scalar: TensorScalar>: Module {
  /// The maps, by class of sizes.
  public var maps: [PermutationLinear<Scalar>]

  /// Maps between features of points of one kind, for subgraphs of `sizeClasses` classes of sizes.
  public init(
    from inputs: [TupleFeature], to outputs: [TupleFeature], sizeClasses: Int = 1, normalization: TupleNormalization = .mean,
    using generator: inout some RandomNumberGenerator
  ) {
    require(sizeClasses > 0, "at least one class of sizes is expected, received \(sizeClasses)")
    maps = []
    for _ in 0..<sizeClasses {
      maps.append(PermutationLinear(from: inputs, to: outputs, normalization: normalization, using: &generator))
    }
  }

  /// Features of the subgraphs [rows, channels], in the order of the outputs, from those in the order of the inputs.
  public func callAsFunction(_ features: [Tensor<Scalar>], on space: SubgraphSpace) -> [Tensor<Scalar>] {
    let (inputs, outputs) = (maps[0].inputs, maps[0].outputs)
    require(features.count == inputs.count, "\(inputs.count) features are expected, received \(features.count)")
    for (x, input) in zip(features, inputs) {
      let shape = Shape([space.rowCount(order: input.axes.count), input.channels])
      require(x.shape == shape, "a feature \(shape) is expected, received \(x.shape)")
    }
    let parts = space.classes.map { own in
      require(own.number < maps.count, "at most \(maps.count) classes of sizes are expected, received one of number \(own.number)")
      return maps[own.number](zip(features, inputs).map { $0.sliced(axis: 0, own.rows[$1.axes.count]) }, on: own.tuples)
    }
    return outputs.indices.map { k in
      parts.isEmpty ? .zeros([0, outputs[k].channels]) : .concatenated(parts.map { $0[k] }, axis: 0)
    }
  }

  /// Visits maps.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("maps", &maps) }
}
