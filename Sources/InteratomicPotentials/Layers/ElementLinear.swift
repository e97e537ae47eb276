import DifferentiableTensors
import EquivariantLayers
import GroupTheory
import NeuralModules
import Requirements

/// An equivariant linear map with weights for each chemical element: the channels of one irrep are mixed, y = Σ x W[z] / √n over the n input
/// channels of the output's irrep.
///
/// With one set of weights it is the map of `EquivariantLinear`, the same for all elements.
public struct ElementLinear<Scalar: TensorScalar>: Module {
  /// The irreps of the input.
  public let input: Irreps<O3>
  /// The irreps of the output.
  public let output: Irreps<O3>
  /// The number of sets of weights: 1, or the number of elements.
  public let elements: Int
  /// By input term, then by output term, with 1/√n.
  public let paths: [EquivariantLinear<Scalar>.Path]
  /// One weight [elements, input channels, output channels] for each path; standard normal at first.
  public var weights: [Tensor<Scalar>]

  /// A map between two lists of irreps.
  public init(_ input: Irreps<O3>, to output: Irreps<O3>, elements: Int = 1, using generator: inout some RandomNumberGenerator) {
    require(elements >= 1, "at least one set of weights is expected, received \(elements)")
    (self.input, self.output, self.elements) = (input, output, elements)
    paths = EquivariantLinear<Scalar>(input, to: output, using: &generator).paths
    weights = paths.map {
      .normal([elements, input.terms[$0.input].multiplicity, output.terms[$0.output].multiplicity], using: &generator)
    }
  }

  /// The map of rows of features of the elements `species`, one for each row.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>, species: RowIndex) -> IrrepsTensor<Scalar> {
    require(x.irreps == input, "features of \(input) are expected, received \(x.irreps)")
    let rows = species.count
    require(
      x.outerShape == [rows] && (elements == 1 || species.rowCount == elements),
      "an element, out of \(elements), for each row of \(x.tensor.shape) is expected, received \(rows) of \(species.rowCount)")
    if elements == 1 { return mapped(x, element: 0) }
    // Rows of one element together: one matrix product for each element that occurs.
    let order = (0..<rows).sorted { (species.rows[$0], $0) < (species.rows[$1], $1) }
    var (results, start): ([IrrepsTensor<Scalar>], Int) = ([], 0)
    while start < rows {
      let element = species.rows[order[start]]
      let end = order[start...].firstIndex { species.rows[$0] != element } ?? rows
      results.append(mapped(x.gathered(RowIndex(Array(order[start..<end]), rowCount: rows)), element: Int(element)))
      start = end
    }
    guard !results.isEmpty else { return mapped(x, element: 0) }
    return IrrepsTensor.concatenated(rows: results).gathered(RowIndex(inverse(order), rowCount: rows))
  }

  private func inverse(_ order: [Int]) -> [Int] {
    var result = order
    for (place, row) in order.enumerated() { result[row] = place }
    return result
  }

  private func mapped(_ x: IrrepsTensor<Scalar>, element: Int) -> IrrepsTensor<Scalar> {
    var sums = [Tensor<Scalar>?](repeating: nil, count: output.terms.count)
    for (path, weight) in zip(paths, weights) {
      let product = Tensor.matmul(x[term: path.input], weight.selected(axis: 0, element) * Scalar(path.factor))
      sums[path.output] = sums[path.output].map { $0 + product } ?? product
    }
    let parts = zip(sums, output.terms).map { sum, term in
      sum ?? .zeros(Shape(x.outerShape + [term.irrep.dimension, term.multiplicity]))
    }
    return IrrepsTensor(parts: parts, irreps: output, outerShape: x.outerShape)
  }

  /// weight.i.o for the path from input term i to output term o
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    for (i, path) in paths.enumerated() { visitor("weight.\(path.input).\(path.output)", &weights[i]) }
  }
}
