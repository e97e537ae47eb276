import DifferentiableTensors
import NeuralModules
import Requirements

/// Any network on a list of rows made equivariant (or invariant) under permutations of the rows: the average over the frame of S_n that
/// sorts the rows lexicographically.
///
/// The frame of x is the set of permutations that sort its rows; it has more than one element only where rows are equal, and then the input
/// is the same for all of them: one evaluation of the network, and the mean of its outputs over equal rows, is the whole average. Inside
/// ``FrameAveraging`` it makes a network equivariant under E(d) × S_n: the frame of a product is the product of the frames,
/// ```swift
/// FrameAveraging(RowFrameAveraging(backbone), over: PCAFrame(.e(3)), input: [.points()], output: [.points()])
/// ```
/// The order, and with it the average, jumps where two rows exchange places; it counts as constant in derivatives.
public struct RowFrameAveraging<Backbone: Layer>: Layer
where Backbone.Input == Tensor<Backbone.Scalar>, Backbone.Output == Tensor<Backbone.Scalar> {
  /// The element type.
  public typealias Scalar = Backbone.Scalar
  /// The network: [lists, rows, width] to [lists, rows, outputs], or to [lists, outputs] for an invariant average.
  public var backbone: Backbone
  /// The difference, relative to the largest magnitude in the list, up to which entries count as equal; nil for the square root of the unit
  /// in the last place.
  public let tolerance: Double?

  /// - Parameters:
  ///   - backbone: the network.
  ///   - tolerance: the relative difference up to which entries count as equal.
  public init(_ backbone: Backbone, tolerance: Double? = nil) { (self.backbone, self.tolerance) = (backbone, tolerance) }

  /// The average over the frame of each list, x [lists, rows, width].
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    require(x.rank == 3, "lists [lists, rows, width] are expected, received \(x.shape)")
    let (lists, rows, width) = (x.shape[0], x.shape[1], x.shape[2])
    let (order, groups) = sortedRows(x)
    let index = RowIndex(order, rowCount: lists * rows)
    let y = backbone(x.reshaped(lists * rows, width).gathered(index).reshaped(lists, rows, width))
    guard y.rank == 3 else { return y }
    let equal = RowIndex(groups, rowCount: (groups.last ?? -1) + 1)
    let means = y.reshaped(lists * rows, y.shape[2]).segmentMean(equal).gathered(equal)
    // Row `order[k]` of the result is row k of the sorted list.
    return means.scatterAdded(index).reshaped(to: y.shape)
  }

  /// The row of x that stands at each place after sorting, and a number for each place, the same for equal rows.
  private func sortedRows(_ x: Tensor<Scalar>) -> (order: [Int], groups: [Int]) {
    let (lists, rows, width) = (x.shape[0], x.shape[1], x.shape[2])
    let relative = Scalar(tolerance ?? Double(Scalar.ulpOfOne.squareRoot()))
    var (order, groups): ([Int], [Int]) = ([], [])
    order.reserveCapacity(lists * rows)
    x.withElements { values in
      for list in 0..<lists {
        let first = list * rows
        let slack = relative * values[first * width..<(first + rows) * width].reduce(0) { Swift.max($0, $1.magnitude) }
        var classes = [Array(first..<first + rows)]
        // Column by column: entries that differ by no more than the slack from the next smaller one stay together.
        for column in 0..<width where classes.count < rows {
          classes = classes.flatMap { members -> [[Int]] in
            if members.count == 1 { return [members] }
            let sorted = members.sorted { (values[$0 * width + column], $0) < (values[$1 * width + column], $1) }
            var parts = [[sorted[0]]]
            for (a, b) in zip(sorted, sorted.dropFirst()) {
              if values[b * width + column] - values[a * width + column] > slack { parts.append([]) }
              parts[parts.count - 1].append(b)
            }
            return parts
          }
        }
        for members in classes {
          let group = (groups.last ?? -1) + 1
          order += members
          groups += members.map { _ in group }
        }
      }
    }
    return (order, groups)
  }

  /// Visits the backbone under its own names.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("", &backbone) }
}
