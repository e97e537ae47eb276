import DifferentiableTensors
import EquivariantLayers
import EquivariantTraining
import NeuralModules

/// Two linear maps with log(½ + ½eˣ), the shifted softplus, between them.
public struct ShiftedSoftplusMLP<Scalar: TensorScalar>: Module {
  /// The linear maps.
  public var first: Linear<Scalar>, second: Linear<Scalar>

  init(_ inputs: Int, _ hidden: Int, _ outputs: Int, using generator: inout some RandomNumberGenerator) {
    first = Linear(inputs, hidden, using: &generator)
    second = Linear(hidden, outputs, using: &generator)
  }

  func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { second(first(x).softplus() - Scalar(0.6931471805599453)) }

  /// 0, 1
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("0", &first)
    visitor("1", &second)
  }
}

/// A layer of ``SchNet``: x′ᵢ = xᵢ + f(Σⱼ (L xⱼ) W(rᵢⱼ)).
public struct SchNetLayer<Scalar: TensorScalar>: Module {
  /// L.
  public var input: Linear<Scalar>
  /// Gaussians to W, but for the cut-off.
  public var filter: ShiftedSoftplusMLP<Scalar>
  /// f.
  public var output: ShiftedSoftplusMLP<Scalar>

  init(_ configuration: SchNetConfiguration, using generator: inout some RandomNumberGenerator) {
    let (c, f) = (configuration.channels, configuration.filters)
    input = Linear(c, f, bias: false, using: &generator)
    filter = ShiftedSoftplusMLP(configuration.radialFunctions, f, f, using: &generator)
    output = ShiftedSoftplusMLP(f, c, c, using: &generator)
  }

  /// input, filter, output
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("input", &input)
    visitor("filter", &filter)
    visitor("output", &output)
  }
}

/// SchNet (Schütt et al. 2018): scalars of atoms, and messages that know the length of an edge alone.
///
/// With Gaussians of the length, filters times ½(1 + cos πr/c), and
///
///     Eᵢ = s·out(xᵢ) + t[zᵢ]   in eV.
///
/// As in SchNetPack 2.
public struct SchNet<Scalar: TensorScalar>: EnergyModel {
  /// What it is made of.
  public let configuration: SchNetConfiguration
  /// The scalars of each element, [elements, C].
  public var embedding: Tensor<Scalar>
  /// Gaussians of the length.
  public var basis: RadialFunctions<Scalar>
  /// The layers.
  public var layers: [SchNetLayer<Scalar>]
  /// Scalars to an energy, with SiLU.
  public var readout: MLP<Scalar>
  /// s in eV, [1]; a buffer.
  public var scale: Tensor<Scalar>
  /// t in eV, [elements]; a buffer.
  public var shifts: Tensor<Scalar>
  private let envelope: CutoffFunction

  /// A network of random weights; traps where the configuration is refused.
  public init(_ configuration: SchNetConfiguration, using generator: inout some RandomNumberGenerator) {
    if let refusal = configuration.refusal { fatalError("a configuration of a SchNet is expected: \(refusal)") }
    self.configuration = configuration
    embedding = .normal([configuration.elements.count, configuration.channels], using: &generator)
    basis = RadialFunctions(.gaussian, cutoff: configuration.cutoff, count: configuration.radialFunctions)
    layers = []
    for _ in 0..<configuration.layers { layers.append(SchNetLayer(configuration, using: &generator)) }
    readout = MLP(widths: [configuration.channels, configuration.readoutWidth, 1], using: &generator)
    (scale, shifts) = (.ones([1]), .zeros([configuration.elements.count]))
    envelope = CutoffFunction(.cosine, radius: configuration.cutoff)
  }

  /// The atomic numbers of the elements that it knows.
  public var elements: [Int] { configuration.elements }
  /// The distance in Å beyond which atoms exchange no messages.
  public var cutoff: Double { configuration.cutoff }

  /// The energy of each atom in eV, [atoms].
  public func atomEnergies(_ batch: StructureBatch<Scalar>) -> Tensor<Scalar> {
    let lengths = batch.vectors.norm()
    let (functions, cutoff) = (basis(lengths), envelope(lengths).expandingAxis(-1))
    var x = embedding.gathered(batch.species)
    for layer in layers {
      let messages = layer.input(x).gathered(batch.graph.senders) * (layer.filter(functions) * cutoff)
      x += layer.output(messages.scatterAdded(batch.graph.receivers))
    }
    return readout(x).squeezed(axis: -1) * scale + shifts.gathered(batch.species)
  }

  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> any EnergyModel<Other> {
    var source = RandomSource(seed: 0)
    return SchNet<Other>(configuration, using: &source).withValues(of: self)
  }

  /// embedding, basis, layers, readout, scale, shifts
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("embedding", &embedding)
    visitor("basis", &basis)
    visitor("layers", &layers)
    visitor("readout", &readout)
    visitor.buffer("scale", &scale)
    visitor.buffer("shifts", &shifts)
  }
}
