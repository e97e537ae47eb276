import DifferentiableTensors
import GroupTheory
import NeuralModules
import Requirements

/// The vector-signal Gaunt product: the paths of odd l₁+l₂+l₃, which the Gaunt product leaves out, at the same cost (after Xie, Daigavane,
/// Kotak and Smidt, "The Price of Freedom", ICML 2025).
///
/// With harmonics Y of component normalisation, f = Σ x_lm Y_lm and g = Σ y_lm Y_lm, channel by channel, the result holds the coefficients
/// of h = r̂ · (∇f × ∇g), the cross product of the tangential vector fields r̂ × ∇f and r̂ × ∇g, which are sums of vector harmonics. It is
/// a polynomial of degree at most L₁+L₂−1. Each path has the weight
///
///     √((2l₁+1)(2l₂+1)(2l₃+1)) √(l₁(l₁+1) l₂(l₂+1)) |(l₁ l₂ l₃; 1 −1 0)|
///
/// of `wigner3j`, which is not 0 for any path with an odd sum; for vectors it is √3 x × y. The product is antisymmetric, and true tensors
/// give the parities −(−1)^l: 1o and 1o make 1e. Together with ``GauntTensorProduct`` it reaches every path.
public struct VectorSignalGauntProduct<Scalar: TensorScalar>: Module {
  /// The irreps of the first operand.
  public var first: Irreps<O3> { core.first.irreps }
  /// The irreps of the second operand.
  public var second: Irreps<O3> { core.second.irreps }
  /// The irreps of the result.
  public var output: Irreps<O3> { core.output.irreps }
  /// The weights of the degrees of the operands and of the result; nil for a product without weights.
  public var weights: DegreeWeights<Scalar>?
  let core: SphereProductCore

  /// A product with learned weights, which are initially standard normal.
  /// - Parameters:
  ///   - first: functions on the sphere: distinct degrees in ascending order with equal multiplicities, and parities (−1)^l or all
  ///     opposite.
  ///   - second: the same, with as many channels or one that serves all.
  ///   - output: the same, with the channels of `first`; traps where no path reaches an irrep.
  ///   - method: how it is computed; `.fourier` is not possible, since 1/sin θ is not a Fourier series.
  ///   - table: the table by which `.automatic` chooses.
  ///   - generator: the source of the weights.
  public init(
    _ first: Irreps<O3>, _ second: Irreps<O3>, to output: Irreps<O3>, method: GauntMethod = .automatic, table: GauntMethodTable = .measured,
    using generator: inout some RandomNumberGenerator
  ) {
    self.init(first, second, to: output, method: method, table: table)
    weights = DegreeWeights(core, using: &generator)
  }

  /// A product without weights, as in the formula above.
  public init(
    _ first: Irreps<O3>, _ second: Irreps<O3>, to output: Irreps<O3>, method: GauntMethod = .automatic, table: GauntMethodTable = .measured
  ) {
    require(method != .fourier, "expected .quadrature, .sparse or .automatic for a vector-signal product, received .fourier")
    core = SphereProductCore(.bracket, "vector-signal product", first, second, output, method, table)
  }

  /// The product of features of ``first`` and ``second`` with the same outer axes.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>, _ y: IrrepsTensor<Scalar>) -> IrrepsTensor<Scalar> { core(x, y, weights) }

  /// Visits weights.first, weights.second and weights.output.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("weights", &weights) }
}
