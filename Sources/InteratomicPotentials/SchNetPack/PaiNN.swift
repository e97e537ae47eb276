import DifferentiableTensors
import EquivariantLayers
import EquivariantTraining
import NeuralModules

/// A layer of ``PaiNN``: messages between neighbours, then a mixing of the scalars and vectors of each atom.
public struct PaiNNLayer<Scalar: TensorScalar>: Module {
  /// Scalars to three factors of messages, [C] to [3C].
  public var message: MLP<Scalar>
  /// Vectors to two mixtures of their channels, [2C, C].
  public var mixture: Linear<Scalar>
  /// Scalars and lengths of vectors to three factors, [2C] to [3C].
  public var update: MLP<Scalar>
  private let channels: Int

  init(channels c: Int, using generator: inout some RandomNumberGenerator) {
    channels = c
    message = MLP(widths: [c, c, 3 * c], using: &generator)
    mixture = Linear(c, 2 * c, bias: false, using: &generator)
    update = MLP(widths: [2 * c, c, 3 * c], using: &generator)
  }

  /// The next scalars [atoms, C] and vectors [atoms, 3, C], from filters [edges, 3C] and directions [edges, 3, 1].
  func callAsFunction(
    _ q: Tensor<Scalar>, _ v: Tensor<Scalar>, _ batch: StructureBatch<Scalar>, filters: Tensor<Scalar>, directions: Tensor<Scalar>
  ) -> (Tensor<Scalar>, Tensor<Scalar>) {
    func third(_ x: Tensor<Scalar>, _ i: Int) -> Tensor<Scalar> { x.sliced(axis: -1, i * channels..<(i + 1) * channels) }
    let graph = batch.graph
    let x = message(q).gathered(graph.senders) * filters
    let q = q + third(x, 0).scatterAdded(graph.receivers)
    let vectors = third(x, 1).expandingAxis(1) * directions + third(x, 2).expandingAxis(1) * v.gathered(graph.senders)
    let v = v + vectors.scatterAdded(graph.receivers)

    let mixed = mixture(v)
    let (a, b) = (mixed.sliced(axis: -1, 0..<channels), mixed.sliced(axis: -1, channels..<2 * channels))
    let lengths = (a.squared().sum(axis: 1) + Scalar(1e-8)).squareRoot()
    let y = update(.concatenated([q, lengths]))
    return (q + third(y, 0) + third(y, 2) * (a * b).sum(axis: 1), v + third(y, 1).expandingAxis(1) * b)
  }

  /// message, mixture, update
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("message", &message)
    visitor("mixture", &mixture)
    visitor("update", &update)
  }
}

/// PaiNN (Schütt, Unke and Gastegger 2021): scalars and vectors of atoms, without products of higher degree.
///
/// With Gaussians of the length times ½(1 + cos πr/c), and
///
///     Eᵢ = s·out(qᵢ) + t[zᵢ]   in eV.
///
/// The edge vectors point from the atom at the centre to its neighbour. As in SchNetPack 2.
public struct PaiNN<Scalar: TensorScalar>: EnergyModel {
  /// What it is made of.
  public let configuration: PaiNNConfiguration
  /// The scalars of each element, [elements, C].
  public var embedding: Tensor<Scalar>
  /// Gaussians of the length.
  public var basis: RadialFunctions<Scalar>
  /// Gaussians to the filters of all layers, [3C · layers].
  public var filter: Linear<Scalar>
  /// The layers.
  public var layers: [PaiNNLayer<Scalar>]
  /// Scalars to an energy.
  public var readout: MLP<Scalar>
  /// s in eV, [1]; a buffer.
  public var scale: Tensor<Scalar>
  /// t in eV, [elements]; a buffer.
  public var shifts: Tensor<Scalar>
  private let envelope: CutoffFunction

  /// A network of random weights; traps where the configuration is refused.
  public init(_ configuration: PaiNNConfiguration, using generator: inout some RandomNumberGenerator) {
    if let refusal = configuration.refusal { fatalError("a configuration of a PaiNN is expected: \(refusal)") }
    let c = configuration.channels
    self.configuration = configuration
    embedding = .normal([configuration.elements.count, c], using: &generator)
    basis = RadialFunctions(.gaussian, cutoff: configuration.cutoff, count: configuration.radialFunctions)
    filter = Linear(configuration.radialFunctions, 3 * c * configuration.layers, using: &generator)
    layers = []
    for _ in 0..<configuration.layers { layers.append(PaiNNLayer(channels: c, using: &generator)) }
    readout = MLP(widths: [c, configuration.readoutWidth, 1], using: &generator)
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
    let filters = filter(basis(lengths)) * envelope(lengths).expandingAxis(-1)
    let directions = (batch.vectors / lengths.expandingAxis(-1)).expandingAxis(-1)
    var q = embedding.gathered(batch.species)
    var v = Tensor<Scalar>.zeros([batch.atomCount, 3, configuration.channels])
    let width = 3 * configuration.channels
    for (number, layer) in layers.enumerated() {
      let own = filters.sliced(axis: -1, number * width..<(number + 1) * width)
      (q, v) = layer(q, v, batch, filters: own, directions: directions)
    }
    return readout(q).squeezed(axis: -1) * scale + shifts.gathered(batch.species)
  }

  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> any EnergyModel<Other> {
    var source = RandomSource(seed: 0)
    return PaiNN<Other>(configuration, using: &source).withValues(of: self)
  }

  /// embedding, basis, filter, layers, readout, scale, shifts
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("embedding", &embedding)
    visitor("basis", &basis)
    visitor("filter", &filter)
    visitor("layers", &layers)
    visitor("readout", &readout)
    visitor.buffer("scale", &scale)
    visitor.buffer("shifts", &shifts)
  }
}
