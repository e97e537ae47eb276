import DifferentiableTensors
import GroupTheory
import NeuralModules
import Requirements

/// The axes and channels of a feature on a ``TupleSpace``: a matrix [tuples, channels].
public struct TupleFeature: Sendable, Hashable, Codable {
  /// The kind of points of each axis.
  public let axes: [Int]
  /// The number of channels.
  public let channels: Int

  /// A feature with axes of some kinds, such as the weights [1, 0] from the neurons of layer 0 to those of layer 1.
  public init(axes: [Int], channels: Int) {
    require(channels > 0 && axes.allSatisfy { $0 >= 0 }, "channels and kinds from 0 are expected, received \(channels) and \(axes)")
    (self.axes, self.channels) = (axes, channels)
  }

  /// A feature of tuples of points of one kind: of sets (order 0), points (1) or pairs (2).
  public static func order(_ order: Int, channels: Int) -> TupleFeature {
    TupleFeature(axes: Array(repeating: 0, count: order), channels: channels)
  }
}

/// What a sum over points is divided by.
public enum TupleNormalization: String, Sendable, Codable, CaseIterable {
  /// Nothing.
  case sum
  /// The number of tuples in it: a layer then does not know the sizes of sets, and its outputs do not grow with them.
  case mean
}

/// The general linear map between features of any orders that commutes with permutations of the points (Maron et al. 2019): for every pair
/// of an input and an output it has a weight [channels out, channels in] for each element of their `PartitionBasis` (15 from order 2 to
/// order 2, 52 from 2 to 3), and a bias for each partition of an output's axes.
///
/// With several kinds of points it is the layer of universal neural functionals (Zhou et al. 2024), and with orders 1 → 1 that of deep
/// sets, y = A x + B mean(x) + b.
///
/// Every element factors into three steps: an input's diagonal is taken and summed over some of its blocks; channels are mixed; an output
/// is broadcast and written to a diagonal. All elements that pass r indices on are one matrix product of n^r rows, and sums come from sums,
/// so that a layer 2 → 2 of n points costs two products of n² rows, one of n and one of one row, in place of fifteen of n². Neither the n^k
/// × n^l matrix nor a tensor for each element is made: from k to l with c channels it takes the memory of the features and of n^min(k, l) ·
/// c numbers for each order of shared indices, two for matrices.
///
/// On a sparse space (``TupleSpace/init(pairs:subspace:)``) the cost is that of the pairs, and the map is the dense one between features
/// that are zero elsewhere, with its outputs read on the pairs. A mean over pairs, or over those of a row or column, is one over those that
/// exist, and a mean of the diagonal is one over all points, as in the dense map.
public struct PermutationLinear<Scalar: TensorScalar>: Module {
  /// The features taken, in order.
  public let inputs: [TupleFeature]
  /// The features given, in order.
  public let outputs: [TupleFeature]
  /// The conditions that all features fulfil, the same as those of the spaces that they live on.
  public let subspace: TensorSubspace
  /// What sums are divided by.
  public let normalization: TupleNormalization
  /// One weight for each list of kinds of shared indices: rows are the output channels, output by output and pattern by pattern, and
  /// columns are those of the inputs. ``location(of:)`` finds an element.
  public var weights: [Tensor<Scalar>]
  /// The bias: for each partition of each output's axes, its channels; `biasRange(output:partition:)` finds one. Nil if the layer has no
  /// bias.
  public var bias: Tensor<Scalar>?
  let stages: [PermutationStage]

  /// A layer from features to features; its elements are normal with variance 2/(channels in + channels out), and its biases 0.
  public init(
    from inputs: [TupleFeature], to outputs: [TupleFeature], subspace: TensorSubspace = [], normalization: TupleNormalization = .mean,
    bias: Bool = true, using generator: inout some RandomNumberGenerator
  ) {
    require(!inputs.isEmpty && !outputs.isEmpty, "at least one input and one output are expected")
    if subspace.contains(.symmetric) {
      require(
        (inputs + outputs).allSatisfy { $0.axes.count <= 2 && $0.axes.allSatisfy { $0 == 0 } },
        "features of orders up to 2 on points of one kind are expected of a symmetric layer")
    }
    (self.inputs, self.outputs, self.subspace, self.normalization) = (inputs, outputs, subspace, normalization)
    stages = PermutationStage.all(from: inputs, to: outputs, subspace: subspace)
    weights = stages.map { stage in
      let rows = stage.outputs.map { output -> Tensor<Scalar> in
        let out = outputs[output.feature].channels
        return .concatenated(
          stage.inputs.map { input in
            .normal(
              [out, inputs[input.feature].channels],
              standardDeviation: (2 / Double(out + inputs[input.feature].channels)).squareRoot(), using: &generator)
          })
      }
      return .concatenated(rows, axis: 0)
    }
    // The last stage shares no indices: its products are added where its patterns broadcast.
    self.bias = bias ? .zeros([weights[weights.count - 1].shape[0]]) : nil
  }

  /// The outputs [tuples, channels] of features on the tuples of a space, in the order of ``outputs``.
  public func callAsFunction(_ features: [Tensor<Scalar>], on space: TupleSpace) -> [Tensor<Scalar>] {
    require(space.subspace == subspace, "a space with \(subspace) is expected, received \(space.subspace)")
    require(features.count == inputs.count, "\(inputs.count) features are expected, received \(features.count)")
    for (x, input) in zip(features, inputs) {
      let shape = Shape([space.rowCount(axes: input.axes), input.channels])
      require(x.shape == shape, "a feature \(shape) of axes \(input.axes) is expected, received \(x.shape)")
    }
    var readers = zip(features, inputs).map { TupleReader($0, axes: $1.axes, space, normalization) }
    var writers = outputs.map { TupleWriter<Scalar>(axes: $0.axes, space) }
    for (k, stage) in stages.enumerated() {
      let x = Tensor.concatenated(stage.reads.map { readers[$0.feature].values($0.patterns) })
      let z = Tensor.linear(x, weight: weights[k], bias: stage.sharedKinds.isEmpty ? bias : nil)
      var start = 0
      for output in stage.outputs {
        let channels = outputs[output.feature].channels
        writers[output.feature].add(z.sliced(axis: 1, start..<start + channels), to: output.pattern)
        start += channels
      }
    }
    return writers.map { $0.result() }
  }

  /// Visits weights.k for the k-th list of shared indices, and bias.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    for k in weights.indices { visitor("weights.\(k)", &weights[k]) }
    visitor("bias", &bias)
  }
}

/// The elements that pass on indices of the same kinds, which are all inputs' patterns times all outputs' patterns.
struct PermutationStage: Sendable {
  typealias Side = (feature: Int, pattern: TuplePattern)
  let sharedKinds: [Int]
  let inputs: [Side]
  let outputs: [Side]
  /// The inputs, with those together that differ only in the order of their shared indices.
  let reads: [(feature: Int, patterns: [TuplePattern])]

  private init(_ sharedKinds: [Int], inputs: [Side], outputs: [Side]) {
    (self.sharedKinds, self.inputs, self.outputs) = (sharedKinds, inputs, outputs)
    var reads: [(feature: Int, patterns: [TuplePattern])] = []
    for (feature, pattern) in inputs {
      if let last = reads.last, last.feature == feature, last.patterns[0].partition == pattern.partition,
        last.patterns[0].kept == pattern.kept
      {
        reads[reads.count - 1].patterns.append(pattern)
      } else {
        reads.append((feature, [pattern]))
      }
    }
    self.reads = reads
  }

  /// All stages: those with most shared indices first, the one without any last.
  static func all(from inputs: [TupleFeature], to outputs: [TupleFeature], subspace: TensorSubspace) -> [PermutationStage] {
    func sides(_ features: [TupleFeature], ordered: Bool) -> [Side] {
      features.enumerated().flatMap { number, feature in
        TuplePattern.all(axes: feature.axes, subspace: subspace, ordered: ordered).map { (number, $0) }
      }
    }
    let (sources, targets) = (sides(inputs, ordered: true), sides(outputs, ordered: false))
    let kinds = Set(sources.map(\.pattern.sharedKinds)).intersection(targets.map(\.pattern.sharedKinds))
    return kinds.sorted { $0.count != $1.count ? $0.count > $1.count : $0.lexicographicallyPrecedes($1) }.map { shared in
      PermutationStage(
        shared, inputs: sources.filter { $0.pattern.sharedKinds == shared }, outputs: targets.filter { $0.pattern.sharedKinds == shared })
    }
  }
}
