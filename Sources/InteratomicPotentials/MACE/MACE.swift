import DifferentiableTensors
import EquivariantLayers
import EquivariantTraining
import FourierTransforms
import GroupTheory
import NeuralModules
import Requirements

/// MACE (Batatia et al. 2022): few layers, each of messages of harmonics and of products of their sums, so that an energy depends on many atoms
/// at once.
///
/// The features of atom i begin as an embedding of its element zᵢ and pass through layers (``MACELayer``); each of them has a read-out, that of
/// the last one with a hidden layer, and
///
///     Eᵢ = t[head, zᵢ] + s[head] (Σ read-outs + repulsion)   in eV.
///
/// Harmonics are those of the vector from the neighbour to the atom at the centre.
public struct MACE<Scalar: TensorScalar>: EnergyModel {
  /// What it is made of.
  public let configuration: MACEConfiguration
  /// The number of the head that energies are of.
  public var head = 0
  /// The scalars of each element, [elements, channels].
  public var embedding: Tensor<Scalar>
  /// Functions of the length.
  public var basis: RadialFunctions<Scalar>
  /// What these are functions of, where it is not the length itself.
  public var transform: AgnesiTransform<Scalar>?
  /// The layers.
  public var layers: [MACELayer<Scalar>]
  /// A matrix [channels, heads] for each layer with a linear read-out, the first ones.
  public var readouts: [Tensor<Scalar>]
  /// The last read-out, silu(h V) W: V [channels, units].
  public var lastHidden: Tensor<Scalar>?
  /// W [units, heads], where only units of a head itself count for it.
  public var lastReadout: Tensor<Scalar>?
  /// s, [heads]; a buffer.
  public var scales: Tensor<Scalar>
  /// t in eV, [heads, elements]; a buffer.
  public var shifts: Tensor<Scalar>
  /// The screened repulsion of nuclei.
  public var repulsion: ZBLRepulsion<Scalar>?
  /// What falls to 0 at the cut-off.
  public let envelope: CutoffFunction
  private let harmonics: SphericalHarmonics

  /// A network of random weights; traps where the configuration is refused.
  public init(_ configuration: MACEConfiguration, using generator: inout some RandomNumberGenerator) {
    if let refusal = configuration.refusal { fatalError("a configuration of a MACE is expected: \(refusal)") }
    self.configuration = configuration
    let (channels, elements, heads) = (configuration.channels, configuration.elements.count, configuration.heads.count)
    embedding = .normal([elements, channels], using: &generator)
    basis = RadialFunctions(
      configuration.radialFamily, cutoff: configuration.cutoff, count: configuration.radialFunctions,
      isTrained: configuration.trainsRadialFunctions)
    transform = configuration.transform == .agnesi ? AgnesiTransform(elements: configuration.elements) : nil
    envelope = CutoffFunction(.polynomial(p: configuration.envelopePower), radius: configuration.cutoff)
    harmonics = SphericalHarmonics(degrees: 0...configuration.degree, normalization: .component)
    layers = []
    var irreps = Irreps<O3>([.init(channels, .sphericalHarmonic(degree: 0))])
    for number in configuration.layers.indices {
      layers.append(MACELayer(number, of: configuration, from: irreps, using: &generator))
      irreps = layers[number].output
    }
    let gain = Scalar(1 / Double(channels).squareRoot())
    let linear = (configuration.readsLastLayerOnly ? 1 : layers.count) - (configuration.readoutWidth > 0 ? 1 : 0)
    readouts = (0..<linear).map { _ in .normal([channels, heads], using: &generator) * gain }
    if configuration.readoutWidth > 0 {
      let units = configuration.readoutWidth * heads
      lastHidden = .normal([channels, units], using: &generator) * gain
      lastReadout =
        .normal([units, heads], using: &generator)
        * Scalar(Activation.silu.factor(.secondMoment) / Double(configuration.readoutWidth).squareRoot())
    }
    (scales, shifts) = (.ones([heads]), .zeros([heads, elements]))
    repulsion = configuration.hasRepulsion ? ZBLRepulsion(elements: configuration.elements, power: configuration.repulsionPower) : nil
  }

  /// The atomic numbers of the elements that it knows.
  public var elements: [Int] { configuration.elements }
  /// The distance in Å beyond which atoms exchange no messages.
  public var cutoff: Double { configuration.cutoff }

  /// The energy of each atom in eV by the head ``head``, [atoms].
  public func atomEnergies(_ batch: StructureBatch<Scalar>) -> Tensor<Scalar> {
    require(configuration.heads.indices.contains(head), "a head below \(configuration.heads.count) is expected, received \(head)")
    let features = features(batch)
    let scalars = features.map { $0[term: 0].squeezed(axis: -2) }
    var sum = repulsion?(batch) ?? .zeros([batch.atomCount])
    // Linear read-outs are those of the first layers, or of the last one alone.
    let read = configuration.readsLastLayerOnly ? Array(scalars.suffix(1)) : scalars
    for (h, matrix) in zip(read, readouts) {
      sum += Tensor.matmul(h, matrix.sliced(axis: 1, head..<head + 1)).squeezed(axis: -1)
    }
    if let lastHidden, let lastReadout {
      let units = head * configuration.readoutWidth..<(head + 1) * configuration.readoutWidth
      let hidden = Tensor.matmul(scalars[scalars.count - 1], lastHidden.sliced(axis: 1, units)).silu()
      sum += Tensor.matmul(hidden, lastReadout.sliced(axis: 0, units).sliced(axis: 1, head..<head + 1)).squeezed(axis: -1)
    }
    return sum * scales.selected(axis: 0, head) + shifts.selected(axis: 0, head).gathered(batch.species)
  }

  /// The features of the atoms after each layer.
  public func features(_ batch: StructureBatch<Scalar>) -> [IrrepsTensor<Scalar>] {
    let lengths = batch.vectors.norm()
    let cutoff = envelope(lengths)
    var functions = basis(transform.map { $0(lengths, batch) } ?? lengths)
    if !configuration.envelopeOnWeights { functions = functions * cutoff.expandingAxis(-1) }
    let directions = IrrepsTensor(harmonics(-batch.vectors), irreps: configuration.harmonics)
    var h = IrrepsTensor(embedding.gathered(batch.species), irreps: layers[0].input)
    return layers.map { layer in
      h = layer(
        h, batch, harmonics: directions, radialFunctions: functions, weightEnvelope: configuration.envelopeOnWeights ? cutoff : nil)
      return h
    }
  }

  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> any EnergyModel<Other> {
    var source = RandomSource(seed: 0)
    var result = MACE<Other>(configuration, using: &source).withValues(of: self)
    result.head = head
    return result
  }

  /// embedding, basis, transform, layers, readouts, last_hidden, last_readout, scales, shifts, repulsion
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("embedding", &embedding)
    visitor("basis", &basis)
    visitor("transform", &transform)
    visitor("layers", &layers)
    for i in readouts.indices { visitor("readouts.\(i)", &readouts[i]) }
    visitor("last_hidden", &lastHidden)
    visitor("last_readout", &lastReadout)
    visitor.buffer("scales", &scales)
    visitor.buffer("shifts", &shifts)
    visitor("repulsion", &repulsion)
  }
}
