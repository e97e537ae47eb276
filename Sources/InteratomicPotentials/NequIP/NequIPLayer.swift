import DifferentiableTensors
import EquivariantLayers
import GroupTheory
import MessagePassing
import NeuralModules

/// A layer of ``NequIP``: h′ = gate(norm(L₂(1/√n Σⱼ (L₁ hⱼ) ⊗_{R(rᵢⱼ)} Y(r̂ᵢⱼ)) + L₀ hᵢ)).
public struct NequIPLayer<Scalar: TensorScalar>: Module {
  /// The irreps of the features.
  public let input: Irreps<O3>
  /// The irreps of the result.
  public let output: Irreps<O3>
  /// What sums over neighbours are multiplied by, 1/√n.
  public let scale: Double
  /// L₁.
  public var first: EquivariantLinear<Scalar>
  /// The coupling of features and harmonics.
  public let product: TensorProduct<Scalar>
  /// R.
  public var radial: RadialNetwork<Scalar>
  /// L₂, from a term for each path to the input of the gate.
  public var second: EquivariantLinear<Scalar>
  /// L₀.
  public var own: ElementLinear<Scalar>?
  /// What precedes the gate.
  public var norm: IrrepsRMSNorm<Scalar>?
  /// Scalars activated, all else times activated even scalars. Its input has one term an irrep: among the even scalars first those of the output,
  /// then the gates in the order of what they gate.
  public let gate: Gate<Scalar>

  /// Layer `number` of a network.
  init(
    _ number: Int, of configuration: NequIPConfiguration, from input: Irreps<O3>, using generator: inout some RandomNumberGenerator
  ) {
    self.input = input
    output = Irreps(stringLiteral: configuration.layers[number])
    scale = 1 / configuration.neighbors[number].squareRoot()
    gate = Self.gate(for: output, normalization: configuration.activations)
    product = .convolution(input, configuration.harmonics, to: gate.input, roundsCoefficients: configuration.roundsCoefficients)
    first = EquivariantLinear(input, to: input, using: &generator)
    radial = RadialNetwork(
      widths: [configuration.radialFunctions] + configuration.radialWidths + [product.weightCount], using: &generator)
    second = EquivariantLinear(product.output, to: gate.input, using: &generator)
    own =
      switch configuration.selfConnection {
      case .none: nil
      case .linear: ElementLinear(input, to: gate.input, using: &generator)
      case .elements: ElementLinear(input, to: gate.input, elements: configuration.elements.count, using: &generator)
      }
    norm = configuration.hasNorm ? IrrepsRMSNorm(gate.input) : nil
  }

  private static func gate(for output: Irreps<O3>, normalization: ActivationNormalization) -> Gate<Scalar> {
    let scalars = output.filter { $0.degree == 0 }
    let gated = output.filter { $0.degree > 0 }
    let gates = gated.terms.map { Irreps<O3>.Term($0.multiplicity, O3.Irrep(degree: 0, parity: .even)) }
    return Gate(
      scalars: scalars, scalars.terms.map { $0.irrep.parity == .even ? .silu : .tanh }, gates: Irreps(gates), gates.map { _ in .silu },
      gated: gated, normalization: normalization, order: .e3nn)
  }

  /// The paths of the convolution, in the order of the columns of ``radial``'s last matrix and of the input terms of ``second``.
  public var paths: [ConvolutionPath] { product.convolutionPaths }

  /// The next features.
  func callAsFunction(
    _ h: IrrepsTensor<Scalar>, _ batch: StructureBatch<Scalar>, harmonics: IrrepsTensor<Scalar>, radialFunctions: Tensor<Scalar>
  ) -> IrrepsTensor<Scalar> {
    let hidden = radial.hidden(radialFunctions) * Scalar(scale)
    let sums = product.convolution(first(h), harmonics, over: batch.graph, weights: .factored(hidden, radial.last))
    var y = second(sums)
    if let own { y += own(h, species: batch.species) }
    return gate(norm.map { $0(y) } ?? y)
  }

  /// first, radial, second, own, norm
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("first", &first)
    visitor("radial", &radial)
    visitor("second", &second)
    visitor("own", &own)
    visitor("norm", &norm)
  }
}
