import DifferentiableTensors
import GroupTheory
import Requirements

extension PermutationLinear {
  /// A basis element between one input and one output.
  public struct Element: Sendable, Hashable {
    /// The number of the input.
    public let input: Int
    /// The number of the output.
    public let output: Int
    /// The partition of the output's and the input's axes, in this order, as in `PartitionBasis`; for symmetric features, one of its orbit.
    public let partition: SetPartition

    /// The element of a partition; `SetPartition(labels: Array("abba"))` from matrix to matrix is the transpose.
    public init(input: Int = 0, output: Int = 0, partition: SetPartition) {
      (self.input, self.output, self.partition) = (input, output, partition)
    }
  }

  /// Where the weight of an element is.
  public struct Location: Sendable, Hashable {
    /// The number of the tensor in ``PermutationLinear/weights``.
    public let stage: Int
    /// Its rows, the channels of the output.
    public let rows: Range<Int>
    /// Its columns, the channels of the input.
    public let columns: Range<Int>
  }

  /// All elements with the places of their weights.
  public var locations: [Element: Location] {
    var result: [Element: Location] = [:]
    for (number, stage) in stages.enumerated() {
      for (output, rows) in zip(stage.outputs, ranges(stage.outputs, outputs)) {
        for (input, columns) in zip(stage.inputs, ranges(stage.inputs, inputs)) {
          let element = Element(
            input: input.feature, output: output.feature, partition: Self.partition(output.pattern, input.pattern))
          result[element] = Location(stage: number, rows: rows, columns: columns)
        }
      }
    }
    return result
  }

  /// The weight of an element, [channels out, channels in]; traps on one that the layer does not have.
  public subscript(element: Element) -> Tensor<Scalar> {
    get {
      let place = location(of: element)
      return weights[place.stage].sliced(axis: 0, place.rows).sliced(axis: 1, place.columns)
    }
    set {
      let place = location(of: element)
      let shape = Shape([place.rows.count, place.columns.count])
      require(newValue.shape == shape, "a weight \(shape) is expected, received \(newValue.shape)")
      let width = weights[place.stage].shape[1]
      let values = newValue.elements
      weights[place.stage].withMutableElements { all in
        for (k, value) in values.enumerated() {
          all[(place.rows.lowerBound + k / shape[1]) * width + place.columns.lowerBound + k % shape[1]] = value
        }
      }
    }
  }

  /// Where an element's weight is; traps on an element that the layer does not have.
  public func location(of element: Element) -> Location {
    guard let place = locations[element] else { fatalError("an element of the layer is expected, received \(element)") }
    return place
  }

  /// Where the bias is that one partition of an output's axes adds: to the tuples whose indices are equal within blocks.
  public func biasRange(output: Int = 0, partition: SetPartition) -> Range<Int> {
    let last = stages[stages.count - 1].outputs
    guard let k = last.firstIndex(where: { $0.feature == output && $0.pattern.partition == partition }) else {
      fatalError("a partition of the axes \(outputs[output].axes) is expected, received \(partition)")
    }
    return ranges(last, outputs)[k]
  }

  private func ranges(_ sides: [PermutationStage.Side], _ features: [TupleFeature]) -> [Range<Int>] {
    var start = 0
    return sides.map { side in
      defer { start += features[side.feature].channels }
      return start..<start + features[side.feature].channels
    }
  }

  private static func partition(_ output: TuplePattern, _ input: TuplePattern) -> SetPartition {
    func labels(_ pattern: TuplePattern, _ side: String) -> [String] {
      pattern.partition.blockOfPoint.map { block in pattern.sharedIndex(ofBlock: block).map { "\($0)" } ?? "\(side)\(block)" }
    }
    return SetPartition(labels: labels(output, "free ") + labels(input, "summed "))
  }
}
