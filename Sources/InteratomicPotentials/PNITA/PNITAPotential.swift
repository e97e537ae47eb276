import DifferentiableTensors
import EquivariantLayers
import EquivariantTraining
import NeuralModules

/// A block of ``PNITAPotential``: x + W₂ gelu(W₁ norm(Σⱼ k(rᵢⱼ) ⊙ xⱼ + k₀ ⊙ xᵢ + b)).
public struct PNITABlock<Scalar: TensorScalar>: Module {
  /// Functions of the distance to a kernel k for each channel.
  public var kernel: Linear<Scalar>
  /// k₀, [channels].
  public var own: Tensor<Scalar>
  /// b, [channels].
  public var bias: Tensor<Scalar>
  /// The normalisation over the channels.
  public var norm: LayerNorm<Scalar>
  /// The linear map to as many times the channels as the network widens.
  public var first: Linear<Scalar>
  /// The linear map back.
  public var second: Linear<Scalar>

  init(_ c: PNITAPotentialConfiguration, using generator: inout some RandomNumberGenerator) {
    kernel = Linear(c.functions, c.channels, bias: false, using: &generator)
    (own, bias) = (.ones([c.channels]), .zeros([c.channels]))
    norm = LayerNorm(c.channels)
    first = Linear(c.channels, c.widening * c.channels, using: &generator)
    second = Linear(c.widening * c.channels, c.channels, using: &generator)
  }

  func callAsFunction(_ x: Tensor<Scalar>, _ batch: StructureBatch<Scalar>, functions: Tensor<Scalar>) -> Tensor<Scalar> {
    let messages = x.gathered(batch.graph.senders) * kernel(functions)
    let sum = messages.scatterAdded(batch.graph.receivers) + x * own + bias
    return x + second(first(norm(sum)).gelu())
  }

  /// kernel, own, bias, norm, linear_1, linear_2
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("kernel", &kernel)
    visitor("own", &own)
    visitor("bias", &bias)
    visitor("norm", &norm)
    visitor("linear_1", &first)
    visitor("linear_2", &second)
  }
}

/// PNITA (Bekkers et al. 2024) for energies: convolutions on positions, with kernels of the distance alone, and ConvNeXt blocks.
///
/// The functions in which kernels are linear fall to 0 at the cut-off with two continuous derivatives, and
///
///     Eᵢ = s/n Σ_blocks w·xᵢ + t[zᵢ]   in eV.
///
/// It is invariant under E(3) by what it sees. Its sibling with orientations is `PONITA` for molecules in open space.
public struct PNITAPotential<Scalar: TensorScalar>: EnergyModel {
  /// What it is made of.
  public let configuration: PNITAPotentialConfiguration
  /// The channels of each element, [elements, channels].
  public var embedding: Tensor<Scalar>
  /// Functions of the distance over the cut-off.
  public var basis: KernelBasis<Scalar>
  /// The blocks.
  public var blocks: [PNITABlock<Scalar>]
  /// w after each block, and a shift.
  public var readouts: [Linear<Scalar>]
  /// s in eV, [1]; a buffer.
  public var scale: Tensor<Scalar>
  /// t in eV, [elements]; a buffer.
  public var shifts: Tensor<Scalar>
  private let envelope: CutoffFunction

  /// A network of random weights; traps where the configuration is refused.
  public init(_ configuration: PNITAPotentialConfiguration, using generator: inout some RandomNumberGenerator) {
    if let refusal = configuration.refusal { fatalError("a configuration of a PNITA is expected: \(refusal)") }
    self.configuration = configuration
    embedding = .normal([configuration.elements.count, configuration.channels], using: &generator)
    basis = KernelBasis(
      invariants: 1, degree: configuration.degree, hidden: configuration.channels, basis: configuration.functions, using: &generator)
    (blocks, readouts) = ([], [])
    for _ in 0..<configuration.layers {
      blocks.append(PNITABlock(configuration, using: &generator))
      readouts.append(Linear(configuration.channels, 1, using: &generator))
    }
    (scale, shifts) = (.ones([1]), .zeros([configuration.elements.count]))
    envelope = CutoffFunction(.polynomial(p: configuration.envelopePower), radius: configuration.cutoff)
  }

  /// The atomic numbers of the elements that it knows.
  public var elements: [Int] { configuration.elements }
  /// The distance in Å beyond which atoms exchange no messages.
  public var cutoff: Double { configuration.cutoff }

  /// The energy of each atom in eV, [atoms].
  public func atomEnergies(_ batch: StructureBatch<Scalar>) -> Tensor<Scalar> {
    let lengths = batch.vectors.norm()
    let functions = basis((lengths * Scalar(1 / cutoff)).expandingAxis(-1)) * envelope(lengths).expandingAxis(-1)
    var x = embedding.gathered(batch.species)
    var sum = Tensor<Scalar>.zeros([batch.atomCount])
    for (block, readout) in zip(blocks, readouts) {
      x = block(x, batch, functions: functions)
      sum += readout(x).squeezed(axis: -1)
    }
    return sum * (scale * Scalar(1 / Double(blocks.count))) + shifts.gathered(batch.species)
  }

  /// The same network with its weights in another element type.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> any EnergyModel<Other> {
    var source = RandomSource(seed: 0)
    return PNITAPotential<Other>(configuration, using: &source).withValues(of: self)
  }

  /// embedding, basis, blocks, readouts, scale, shifts
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("embedding", &embedding)
    visitor("basis", &basis)
    visitor("blocks", &blocks)
    visitor("readouts", &readouts)
    visitor.buffer("scale", &scale)
    visitor.buffer("shifts", &shifts)
  }
}
