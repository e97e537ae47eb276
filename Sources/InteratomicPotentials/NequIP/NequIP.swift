import DifferentiableTensors
import EquivariantLayers
import EquivariantTraining
import FourierTransforms
import GroupTheory
import NeuralModules
import Requirements

/// An equivariant network of gated convolutions on the edges between neighbours, for energies of atoms: NequIP (Batzner et al. 2022), and with
/// other settings SevenNet (Park et al. 2024) and Nequix (Koker, Kotak and Smidt 2025).
///
/// The features of atom i begin as an embedding of its element zᵢ, and pass through layers (``NequIPLayer``); its energy is read from the even
/// scalars at last:
///
///     Eᵢ = s[zᵢ] w·h⁰ᵢ + t[zᵢ]   in eV.
///
/// The edge vectors point from the atom at the centre to its neighbour. The radial functions are Bessel functions (``RadialFunctions``) times the
/// envelope.
public struct NequIP<Scalar: TensorScalar>: EnergyModel {
  /// What it is made of.
  public let configuration: NequIPConfiguration
  /// The scalars of each element, [elements, channels].
  public var embedding: Tensor<Scalar>
  /// Functions of the length.
  public var basis: RadialFunctions<Scalar>
  /// What these are multiplied by.
  public let envelope: CutoffFunction
  /// The layers.
  public var layers: [NequIPLayer<Scalar>]
  /// w, [channels], for all even scalars of the last layer.
  public var readout: Tensor<Scalar>
  /// s in eV, [elements]; a buffer.
  public var scales: Tensor<Scalar>
  /// t in eV, [elements]; a buffer.
  public var shifts: Tensor<Scalar>
  /// The screened repulsion of nuclei.
  public var repulsion: ZBLRepulsion<Scalar>?
  private let harmonics: SphericalHarmonics

  /// A network of random weights; traps where the configuration is refused.
  public init(_ configuration: NequIPConfiguration, using generator: inout some RandomNumberGenerator) {
    if let refusal = configuration.refusal { fatalError("a configuration of a NequIP is expected: \(refusal)") }
    self.configuration = configuration
    let elements = configuration.elements.count
    embedding = .normal([elements, configuration.embedding], using: &generator)
    basis = RadialFunctions(
      cutoff: configuration.cutoff, count: configuration.radialFunctions, isTrained: configuration.trainsFrequencies)
    envelope = CutoffFunction(configuration.envelopeShape, radius: configuration.cutoff)
    harmonics = SphericalHarmonics(degrees: 0...configuration.degree, normalization: .component)
    layers = []
    var irreps = configuration.embeddingIrreps
    for number in configuration.layers.indices {
      layers.append(NequIPLayer(number, of: configuration, from: irreps, using: &generator))
      irreps = layers[number].output
    }
    let width = irreps.multiplicity(of: O3.Irrep(degree: 0, parity: .even))
    readout = .normal([width], using: &generator) * Scalar(1 / Double(width).squareRoot())
    (scales, shifts) = (.ones([elements]), .zeros([elements]))
    repulsion = configuration.hasRepulsion ? ZBLRepulsion(elements: configuration.elements, power: configuration.repulsionPower) : nil
  }

  /// The atomic numbers of the elements that it knows.
  public var elements: [Int] { configuration.elements }
  /// The distance in Å beyond which atoms exchange no messages.
  public var cutoff: Double { configuration.cutoff }

  /// The energy of each atom in eV, [atoms].
  public func atomEnergies(_ batch: StructureBatch<Scalar>) -> Tensor<Scalar> {
    let features = features(batch)
    let scalars = features[irrep: "0e"].squeezed(axis: -2)
    let e = Tensor.matmul(scalars, readout.expandingAxis(-1)).squeezed(axis: -1)
    let energies = e * scales.gathered(batch.species) + shifts.gathered(batch.species)
    return repulsion.map { energies + $0(batch) } ?? energies
  }

  /// The features of the atoms after the last layer.
  public func features(_ batch: StructureBatch<Scalar>) -> IrrepsTensor<Scalar> {
    let lengths = batch.vectors.norm()
    let functions = basis(lengths) * envelope(lengths).expandingAxis(-1)
    let directions = IrrepsTensor(harmonics(batch.vectors), irreps: configuration.harmonics)
    let first = IrrepsTensor(embedding.gathered(batch.species), irreps: configuration.embeddingIrreps)
    return layers.reduce(first) { $1($0, batch, harmonics: directions, radialFunctions: functions) }
  }

  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> any EnergyModel<Other> {
    var source = RandomSource(seed: 0)
    return NequIP<Other>(configuration, using: &source).withValues(of: self)
  }

  /// embedding, basis, layers, readout, scales, shifts, repulsion
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("embedding", &embedding)
    visitor("basis", &basis)
    visitor("layers", &layers)
    visitor("readout", &readout)
    visitor.buffer("scales", &scales)
    visitor.buffer("shifts", &shifts)
    visitor("repulsion", &repulsion)
  }
}
