import DifferentiableTensors
import GroupTheory
import NeuralModules
import Requirements

/// The tensor product of features by Clebsch-Gordan coefficients (Thomas et al. 2018; e3nn's `o3.TensorProduct`).
///
/// Each instruction couples a term of the first input with a term of the second to a term of the output,
/// z_k = α w Σ_ij C[i, j, k] x_i y_j with the real 3j coefficients C (`CouplingCoefficients.wigner3j`), and says how channels meet
/// (``Connection``). The factor α gives outputs of variance 1 where inputs and weights have variance 1 (see ``IrrepNormalization`` and
/// ``PathNormalization``). Results of instructions with one output add up; a term of the output that no instruction reaches is zero.
/// ```swift
/// let harmonics = SphericalHarmonics(degrees: 0...2, normalization: .component)
/// let product = TensorProduct<Float>.channelwise("64x0e + 64x1o", harmonics.irreps, using: &generator)
/// let messages = product.convolution(x, harmonics.features(at: edges), over: graph, weights: .each(w))
/// ```
public struct TensorProduct<Scalar: TensorScalar>: Module {
  /// How the channels u of the first input, v of the second and w of the output meet, in the order of e3nn's letters.
  public enum Connection: String, Sendable, CaseIterable {
    /// Every pair of channels to every output channel, with weights [u, v, w].
    case uvw
    /// Summed over v, with weights [v, u].
    case uvu
    /// Summed over u, with weights [u, v].
    case uvv
    /// Channel by channel, then mixed, with weights [u, w].
    case uuw
    /// Channel by channel, with weights [u].
    case uuu
    /// Every pair of channels is a channel of the output, with weights [u, v].
    case uvuv
    /// Every pair u < v of channels of two terms of one multiplicity is a channel of the output, with weights [pairs].
    case pairs = "uvu<v"
  }
  /// The scale of the components of an output.
  public enum IrrepNormalization: Sendable {
    /// Components of variance 1: √(2l+1) for an output of degree l.
    case component
    /// Norms of 1: √((2l₁+1)(2l₂+1)).
    case norm
    /// No factor.
    case none
  }
  /// A coupling of two terms to a third.
  public struct Instruction: Sendable, Hashable {
    /// The number of the term of the first input.
    public var first: Int
    /// The number of the term of the second input.
    public var second: Int
    /// The number of the term of the output.
    public var output: Int
    /// How channels meet.
    public var connection: Connection
    /// Whether it has weights.
    public var isWeighted: Bool
    /// Its share of the variance of the output, relative to those of the other instructions that reach it.
    public var pathWeight: Double
    /// A coupling of two terms to a third.
    public init(_ first: Int, _ second: Int, _ output: Int, _ connection: Connection, isWeighted: Bool = true, pathWeight: Double = 1) {
      (self.first, self.second, self.output, self.connection) = (first, second, output, connection)
      (self.isWeighted, self.pathWeight) = (isWeighted, pathWeight)
    }
  }
  /// Weights that are not the product's own.
  public enum Weights: Sendable {
    /// [weightCount], for all rows.
    case shared(Tensor<Scalar>)
    /// [..., weightCount], for each row or edge.
    case each(Tensor<Scalar>)
    /// The product of features [..., n] of each row or edge and a matrix [n, weightCount], such as the last layer of a radial network. It
    /// is never made as a whole, but for a few rows at a time inside the product.
    case factored(Tensor<Scalar>, Tensor<Scalar>)
  }

  /// The irreps of the first input.
  public let first: Irreps<O3>
  /// The irreps of the second input.
  public let second: Irreps<O3>
  /// The irreps of the output.
  public let output: Irreps<O3>
  /// The couplings, in the order of their weights.
  public let instructions: [Instruction]
  /// α of each instruction.
  public let factors: [Double]
  /// The product's own weights [weightCount], initially standard normal; nil where they come with each call, or where there are none.
  public var weight: Tensor<Scalar>?
  /// Where each instruction's weights are.
  let weightRanges: [Range<Int>]
  let plan: ProductPlan<Scalar>

  /// - Parameters:
  ///   - first: irreps of the first input.
  ///   - second: irreps of the second input.
  ///   - output: irreps of the output.
  ///   - instructions: the couplings; multiplicities must fit their connections, and degrees and parities the selection rules.
  ///   - irrepNormalization: the scale of components.
  ///   - pathNormalization: how instructions that reach one output share its variance.
  ///   - ownsWeights: whether the product has its own weights, instead of receiving them with each call.
  ///   - roundsCoefficients: whether the coefficients are those of single precision whatever the element type
  ///     (`CouplingCoefficients.roundedToFloat`): what a model computes that was trained with stored tables of these.
  ///   - generator: the source of the weights.
  public init(
    _ first: Irreps<O3>, _ second: Irreps<O3>, to output: Irreps<O3>, instructions: [Instruction],
    irrepNormalization: IrrepNormalization = .component, pathNormalization: PathNormalization = .element, ownsWeights: Bool = true,
    roundsCoefficients: Bool = false, using generator: inout some RandomNumberGenerator
  ) {
    (self.first, self.second, self.output, self.instructions) = (first, second, output, instructions)
    for instruction in instructions { Self.check(instruction, first, second, output) }
    /// The number of products that a component of the output sums.
    func terms(_ i: Instruction) -> Int {
      let (u, v) = (first.terms[i.first].multiplicity, second.terms[i.second].multiplicity)
      return switch i.connection {
      case .uvw: u * v
      case .uvu: v
      case .uvv, .uuw: u
      case .uuu, .uvuv, .pairs: 1
      }
    }
    var rivals = [(paths: Int, terms: Int)](repeating: (0, 0), count: output.terms.count)  // of each output
    for i in instructions {
      rivals[i.output].paths += 1
      rivals[i.output].terms += terms(i)
    }
    factors = instructions.map { [rivals] i in
      let count = pathNormalization == .element ? rivals[i.output].terms : rivals[i.output].paths * terms(i)
      let dimensions = (
        first.terms[i.first].irrep.dimension, second.terms[i.second].irrep.dimension, output.terms[i.output].irrep.dimension
      )
      let scale =
        switch irrepNormalization {
        case .component: dimensions.2
        case .norm: dimensions.0 * dimensions.1
        case .none: 1
        }
      return count == 0 ? 0 : (i.pathWeight * Double(scale) / Double(count)).squareRoot()
    }
    var next = 0
    weightRanges = instructions.map { i in
      let (u, v) = (first.terms[i.first].multiplicity, second.terms[i.second].multiplicity)
      let size =
        switch i.connection {
        case _ where !i.isWeighted: 0
        case .uvw: u * v * output.terms[i.output].multiplicity
        case .uvu, .uvv, .uvuv: u * v
        case .uuw: u * output.terms[i.output].multiplicity
        case .uuu: u
        case .pairs: u * (u - 1) / 2
        }
      defer { next += size }
      return next..<next + size
    }
    plan = ProductPlan(first, second, output, instructions, factors, weightRanges, roundsCoefficients: roundsCoefficients)
    weight = ownsWeights && next > 0 ? .normal(Shape([next]), using: &generator) : nil
  }

  /// The number of weights of all instructions.
  public var weightCount: Int { weightRanges.last?.upperBound ?? 0 }

  /// The number of pairs of a multiplication and an addition for one row of inputs.
  public var multiplyAdds: Int { plan.multiplyAdds }

  /// The product of rows of both inputs, with the product's own weights. One of the inputs may have no outer axes and is then the same for
  /// all rows.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>, _ y: IrrepsTensor<Scalar>) -> IrrepsTensor<Scalar> {
    apply(x, y, weights: ownWeights)
  }

  /// The product with given weights.
  public func callAsFunction(
    _ x: IrrepsTensor<Scalar>, _ y: IrrepsTensor<Scalar>, weights: Weights
  ) -> IrrepsTensor<Scalar> {
    apply(x, y, weights: weights)
  }

  /// The product's own weights, where it has them.
  var ownWeights: Weights? {
    require(
      weight != nil || weightCount == 0,
      "a product that owns weights is expected, received one whose \(weightCount) weights come with the call")
    return weight.map { .shared($0) }
  }

  /// Visits weight.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("weight", &weight) }

  private static func check(_ i: Instruction, _ first: Irreps<O3>, _ second: Irreps<O3>, _ output: Irreps<O3>) {
    require(
      first.terms.indices.contains(i.first) && second.terms.indices.contains(i.second) && output.terms.indices.contains(i.output),
      "numbers of terms of \(first), \(second) and \(output) are expected, received \(i)")
    let (a, b, c) = (first.terms[i.first], second.terms[i.second], output.terms[i.output])
    require(
      (a.irrep * b.irrep).contains(c.irrep), "a coupling that exists is expected, received \(a.irrep) ⊗ \(b.irrep) → \(c.irrep)")
    let (u, v, w) = (a.multiplicity, b.multiplicity, c.multiplicity)
    let fits =
      switch i.connection {
      case .uvw: i.isWeighted
      case .uvu: w == u
      case .uvv: w == v
      case .uuw: u == v && i.isWeighted
      case .uuu: u == v && w == u
      case .uvuv: w == u * v
      case .pairs: u == v && w == u * (u - 1) / 2
      }
    require(
      fits, "multiplicities that fit \(i.connection) (weighted where channels are mixed) are expected, received \(a) ⊗ \(b) → \(c)")
  }
}
