import DifferentiableTensors
import EquivariantLayers
import GroupTheory
import NeuralModules

/// A layer of ``MACE``: messages of harmonics, products of their sums, and a linear map.
///
/// With the sums A = L(1/n Σⱼ (U hⱼ) ⊗_{R(rᵢⱼ)} Y) over neighbours, the next features are h′ = W B(A) + S[zᵢ] hᵢ (residual) or W B(S[zᵢ] A)
/// (plain), where B holds polynomials of up to ν factors with weights for each element. With a density, n is 1 + Σⱼ tanh((D·e)²).
public struct MACELayer<Scalar: TensorScalar>: Module {
  /// The irreps of the features.
  public let input: Irreps<O3>
  /// The irreps of the result.
  public let output: Irreps<O3>
  /// How messages become the features that are multiplied.
  public let interaction: MACEConfiguration.Interaction
  /// What sums over neighbours are multiplied by, 1/n, or 1 with a density.
  public let scale: Double
  /// U.
  public var up: EquivariantLinear<Scalar>
  /// The coupling of features and harmonics.
  public let product: TensorProduct<Scalar>
  /// R.
  public var radial: RadialNetwork<Scalar>
  /// D, [radial functions, 1].
  public var density: Tensor<Scalar>?
  /// L, from a term for each path.
  public var linear: EquivariantLinear<Scalar>
  /// S.
  public var skip: ElementLinear<Scalar>
  /// B by Clebsch-Gordan products.
  public var contraction: SymmetricContraction<Scalar>?
  /// B by Gaunt products.
  public var power: GauntPower<Scalar>?
  /// W.
  public var out: EquivariantLinear<Scalar>

  /// Layer `number` of a network.
  init(_ number: Int, of configuration: MACEConfiguration, from input: Irreps<O3>, using generator: inout some RandomNumberGenerator) {
    let (messages, elements) = (configuration.messages, configuration.elements.count)
    self.input = input
    output = Irreps(stringLiteral: configuration.layers[number])
    interaction = configuration.interactions[number]
    scale = interaction.hasDensity ? 1 : 1 / configuration.neighbors[number]
    up = EquivariantLinear(input, to: input, using: &generator)
    product = .convolution(input, configuration.harmonics, to: messages, roundsCoefficients: configuration.roundsCoefficients)
    radial = RadialNetwork(
      widths: [configuration.radialFunctions] + configuration.radialWidths + [product.weightCount], using: &generator)
    density = interaction.hasDensity ? .normal([configuration.radialFunctions, 1], using: &generator) : nil
    linear = EquivariantLinear(product.output, to: messages, using: &generator)
    skip =
      interaction.isResidual
      ? ElementLinear(input, to: output, elements: elements, using: &generator)
      : ElementLinear(messages, to: messages, elements: elements, using: &generator)
    let order = configuration.correlations[number]
    switch configuration.contraction {
    case .clebschGordan:
      contraction = SymmetricContraction(messages, to: output, order: order, elements: elements, using: &generator)
    case .gaunt: power = GauntPower(messages, order: order, to: output, species: elements, using: &generator)
    }
    out = EquivariantLinear(output, to: output, using: &generator)
  }

  /// The paths of the convolution, in the order of the columns of ``radial``'s last matrix and of the input terms of ``linear``.
  public var paths: [ConvolutionPath] { product.convolutionPaths }

  /// The next features. `weightEnvelope` multiplies the weights of messages, where functions do not have it.
  func callAsFunction(
    _ h: IrrepsTensor<Scalar>, _ batch: StructureBatch<Scalar>, harmonics: IrrepsTensor<Scalar>, radialFunctions: Tensor<Scalar>,
    weightEnvelope: Tensor<Scalar>?
  ) -> IrrepsTensor<Scalar> {
    var hidden = radial.hidden(radialFunctions) * Scalar(scale)
    if let weightEnvelope { hidden = hidden * weightEnvelope.expandingAxis(-1) }
    var a = linear(product.convolution(up(h), harmonics, over: batch.graph, weights: .factored(hidden, radial.last)))
    if let density {
      var d = Tensor.matmul(radialFunctions, density).squeezed(axis: -1).squared().tanh()
      if let weightEnvelope { d = d * weightEnvelope }
      a = a * (d.scatterAdded(batch.graph.receivers) + 1).power(-1)
    }
    if interaction.isResidual { return out(multiplied(a, batch)) + skip(h, species: batch.species) }
    return out(multiplied(skip(a, species: batch.species), batch))
  }

  private func multiplied(_ a: IrrepsTensor<Scalar>, _ batch: StructureBatch<Scalar>) -> IrrepsTensor<Scalar> {
    contraction.map { $0(a, elements: batch.species) } ?? power!(a, species: batch.species)
  }

  /// up, radial, density, linear, skip, contraction, power, out
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("up", &up)
    visitor("radial", &radial)
    visitor("density", &density)
    visitor("linear", &linear)
    visitor("skip", &skip)
    visitor("contraction", &contraction)
    visitor("power", &power)
    visitor("out", &out)
  }
}
