import DifferentiableTensors
import GroupTheory
import NeuralModules
import Requirements

/// The Gaunt tensor product (Luo, Chen and Krishnapriyan, ICLR 2024): features as functions on the sphere, multiplied point by point.
///
/// With harmonics Y of component normalisation, f = Σ x_lm Y_lm and g = Σ y_lm Y_lm, channel by channel, the result holds the coefficients
/// of f g in the same harmonics,
///
///     z_{l₃m₃} = Σ ⟨Y_{l₁m₁} Y_{l₂m₂} Y_{l₃m₃}⟩ x_{l₁m₁} y_{l₂m₂},
///
/// where ⟨⟩ is the mean over the sphere. These are all paths with an even l₁+l₂+l₃ of the Clebsch-Gordan product, with the weight
/// √((2l₁+1)(2l₂+1)(2l₃+1)) |(l₁ l₂ l₃; 0 0 0)| of `wigner3j`, in O(L³) instead of O(L⁵) operations. Paths of odd l₁+l₂+l₃, such as the
/// cross product of two vectors, are missing: see ``VectorSignalGauntProduct``.
///
/// Learned weights, where wanted, multiply each degree and channel of both operands before the product and of the result after it, at O(L)
/// per channel.
/// ```swift
/// let product = GauntTensorProduct<Float>("64x0e + 64x1o + 64x2e", "64x0e + 64x1o + 64x2e", to: "64x0e + 64x1o", using: &generator)
/// let z = product(x, y)
/// ```
public struct GauntTensorProduct<Scalar: TensorScalar>: Module {
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
  ///   - method: how it is computed.
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
    core = SphereProductCore(.product, "Gaunt product", first, second, output, method, table)
  }

  /// The product of features of ``first`` and ``second`` with the same outer axes.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>, _ y: IrrepsTensor<Scalar>) -> IrrepsTensor<Scalar> { core(x, y, weights) }

  /// Visits weights.first, weights.second and weights.output.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("weights", &weights) }
}

/// Weights of a product of functions on the sphere, one for each degree and channel.
public struct DegreeWeights<Scalar: TensorScalar>: Module {
  /// The weights of the first operand, [degrees, channels].
  public var first: Tensor<Scalar>
  /// The weights of the second operand, [degrees, channels].
  public var second: Tensor<Scalar>
  /// The weights of the result, [degrees, channels].
  public var output: Tensor<Scalar>

  init(_ core: SphereProductCore, using generator: inout some RandomNumberGenerator) {
    func normal(_ signal: SphereSignal) -> Tensor<Scalar> { .normal([signal.degrees.count, signal.channels], using: &generator) }
    (first, second, output) = (normal(core.first), normal(core.second), normal(core.output))
  }

  /// Visits first, second and output.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("first", &first)
    visitor("second", &second)
    visitor("output", &output)
  }
}

/// What products of functions on the sphere have in common.
struct SphereProductCore: Sendable {
  let operation: SphereOperation
  let first: SphereSignal
  let second: SphereSignal
  let output: SphereSignal
  let method: GauntMethod
  let table: GauntMethodTable

  init(
    _ operation: SphereOperation, _ name: String, _ first: Irreps<O3>, _ second: Irreps<O3>, _ output: Irreps<O3>, _ method: GauntMethod,
    _ table: GauntMethodTable
  ) {
    (self.operation, self.method, self.table) = (operation, method, table)
    (self.first, self.second, self.output) = (SphereSignal(first), SphereSignal(second), SphereSignal(output))
    let (channels, others, results) = (self.first.channels, self.second.channels, self.output.channels)
    require(
      (others == channels || others == 1) && results == channels,
      "expected \(channels) channels, or one in the second operand, received \(others) and \(results) in the result")
    SphereSignal.checkReachable(self.output, from: self.first, self.second, by: operation, name)
  }

  func callAsFunction<Scalar: TensorScalar>(
    _ x: IrrepsTensor<Scalar>, _ y: IrrepsTensor<Scalar>, _ weights: DegreeWeights<Scalar>?
  ) -> IrrepsTensor<Scalar> {
    var (a, b) = (first.coefficients(x), second.coefficients(y))
    if let weights { (a, b) = (a * first.expanded(weights.first), b * second.expanded(weights.second)) }
    let degrees = SphereDegrees(first: first.degree, second: second.degree, output: output.degree)
    var z = Tensor.sphereOperation(operation, a, b, degrees: degrees, method: method, table: table)
    if let weights { z = z * output.expanded(weights.output) }
    return output.features(z)
  }
}
