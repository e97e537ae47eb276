import DifferentiableTensors
import GroupTheory
import NeuralModules
import Requirements

/// The symmetric contraction of any body order ν of MACE (Batatia et al., NeurIPS 2022, eq. 10) and of the atomic cluster expansion:
///
/// z^{LM}_c = Σ_{ν' = 1 ... ν} Σ_η w^{ν'}_{element, η, c} P^{ν'}_{η, LM}(x_c)
///
/// where the P^{ν'}_η are a basis of the equivariant polynomials of degree ν' in the components of one channel. Each is a chain of
/// isometric Clebsch-Gordan couplings ((x_a ⊗ x_b) ⊗ x_c) ⊗ ... over input terms a ≤ b ≤ c ...; their number is that of the irrep in the
/// symmetric powers of the input. MACE's own list of paths also has coupling orders that are linear combinations of others.
public struct SymmetricContraction<Scalar: TensorScalar>: Layer {
  /// One polynomial P.
  public struct Path: Sendable, Equatable {
    /// The number of the output term.
    public let output: Int
    /// How often each input term is a factor; they add up to ν'.
    public let degrees: [Int]
  }

  /// The irreps of the input, of one multiplicity C.
  public let input: Irreps<O3>
  /// The irreps of the output, all of the same multiplicity C.
  public let output: Irreps<O3>
  /// ν, the largest number of factors.
  public let order: Int
  /// The polynomials, by output term and then by ν'.
  public let paths: [Path]
  /// The weights, [elements, paths, C]; initially normal, with variance 1/(paths into the output).
  public var weights: Tensor<Scalar>
  private let program: BilinearProgram

  /// Products of up to `order` features with weights for each of `elements` chemical elements.
  ///
  /// Traps unless all terms have one multiplicity, and where no polynomial gives an output irrep.
  public init(
    _ input: Irreps<O3>, to output: Irreps<O3>, order: Int, elements: Int = 1, using generator: inout some RandomNumberGenerator
  ) {
    require(order >= 1 && elements >= 1, "expected an order and elements of at least 1, received \(order) and \(elements)")
    let channels = commonMultiplicity(input + output)
    (self.input, self.output, self.order) = (input, output, order)
    let plan = ContractionPlan.plan(input.terms.map(\.irrep), to: output.terms.map(\.irrep), order: order)
    program = plan.program
    paths = plan.paths.map { Path(output: $0.output, degrees: $0.degrees) }
    let counts = output.terms.indices.map { o in plan.paths.count { $0.output == o } }
    for (term, count) in zip(output.terms, counts) {
      require(count > 0, "no product of up to \(order) of \(input) contains \(term.irrep)")
    }
    let deviations = Tensor<Scalar>(plan.paths.map { 1 / Scalar(counts[$0.output]).squareRoot() })
    weights = .normal([elements, paths.count, channels], using: &generator) * deviations.expandingAxis(1)
  }

  /// The contraction with the weights of one element for all rows; traps unless there is one element.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>) -> IrrepsTensor<Scalar> {
    require(weights.shape[0] == 1, "expected the element of each row, of \(weights.shape[0]): call with elements")
    return contract(x, nil)
  }

  /// The contraction of rows with the weights of their elements, one for each row.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>, elements: RowIndex) -> IrrepsTensor<Scalar> {
    require(
      elements.rowCount == weights.shape[0], "expected elements in 0 ..< \(weights.shape[0]), received 0 ..< \(elements.rowCount)")
    return contract(x, elements)
  }

  private func contract(_ x: IrrepsTensor<Scalar>, _ elements: RowIndex?) -> IrrepsTensor<Scalar> {
    x.check(irreps: input)
    let (rows, channels) = (Shape(x.outerShape).elementCount, weights.shape[2])
    let z = program(
      [x.tensor.reshaped(rows, input.dimension), weights.reshaped(weights.shape[0], paths.count * channels)],
      rows: rows, channels: channels, elements: elements)
    return IrrepsTensor(z[0].reshaped(to: Shape(x.outerShape + [output.dimension])), irreps: output)
  }

  /// Visits weight.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("weight", &weights) }
}

/// The multiplicity that all terms share; traps unless they do.
func commonMultiplicity(_ irreps: Irreps<O3>) -> Int {
  let channels = irreps.terms.first?.multiplicity ?? 0
  require(irreps.terms.allSatisfy { $0.multiplicity == channels }, "expected terms of one multiplicity, received \(irreps)")
  return channels
}
