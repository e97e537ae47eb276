import EquivariantLayers
import EquivariantTraining
import FileFormats
import GroupTheory

extension ActivationNormalization: SettingValue {}

/// Everything that decides what a ``NequIP`` computes, but for its weights.
public struct NequIPConfiguration: PotentialConfiguration {
  /// How functions of the length fall to 0 at the cut-off.
  public enum Envelope: String, Sendable, CaseIterable, SettingValue {
    /// `CutoffFunction.Shape.polynomial(p:)`.
    case polynomial
    /// `CutoffFunction.Shape.switching(from:)`.
    case switching
    /// `CutoffFunction.Shape.cosine`.
    case cosine
  }
  /// What of an atom's own features is added to the sums over its neighbours.
  public enum SelfConnection: String, Sendable, CaseIterable, SettingValue {
    /// Nothing.
    case none
    /// A linear map.
    case linear
    /// A linear map for each element.
    case elements
  }

  /// The atomic numbers of the elements, in the order of the weights.
  public var elements = [1, 6, 7, 8]
  /// The distance in Å beyond which atoms exchange no messages.
  public var cutoff = 5.0
  /// The largest degree of the harmonics.
  public var degree = 2
  /// Whether reflections are told apart: harmonics have parity (−1)^l, and otherwise all are even.
  public var hasParity = true
  /// The number of even scalars by which an element is known before the first layer.
  public var embedding = 32
  /// The irreps of the features after each layer: scalars, then all else.
  public var layers = ["32x0e+32x1o+32x2e", "32x0e+32x1o+32x2e", "32x0e"]
  /// The mean number of neighbours, or another number: sums over neighbours are divided by its root; one for each layer.
  public var neighbors = [20.0, 20.0, 20.0]
  /// The number of radial functions.
  public var radialFunctions = 8
  /// Whether the frequencies of the radial functions are trained.
  public var trainsFrequencies = true
  /// The widths of the hidden layers of the radial networks.
  public var radialWidths = [64, 64]
  /// How functions of the length fall to 0 at the cut-off.
  public var envelope = Envelope.polynomial
  /// The exponent p of the polynomial.
  public var envelopePower = 6
  /// The length in Å from which on the switching function falls.
  public var envelopeStart = 4.5
  /// What of an atom's own features is added to the sums over its neighbours.
  public var selfConnection = SelfConnection.elements
  /// Whether an ``IrrepsRMSNorm`` precedes the gate.
  public var hasNorm = false
  /// The factor of the activations.
  public var activations = ActivationNormalization.secondMoment
  /// Whether the 3j coefficients are those of single precision.
  public var roundsCoefficients = false
  /// Whether the screened repulsion of nuclei is added (``ZBLRepulsion``).
  public var hasRepulsion = false
  /// The exponent p of the envelope of the repulsion.
  public var repulsionPower = 6

  /// A small network for organic molecules.
  public init() {}

  /// Every setting.
  public static let settings: [Setting<NequIPConfiguration>] = [
    .init("elements", \.elements, "The atomic numbers of the elements, in the order of the weights."),
    .init("cutoff", \.cutoff, "a positive number", where: { $0 > 0 }, "The distance in Å beyond which atoms exchange no messages."),
    .init("degree", \.degree, in: 0...11, "The largest degree of the harmonics."),
    .init("parity", \.hasParity, "Whether reflections are told apart."),
    .init("embedding", \.embedding, in: 1...16_384, "The number of scalars by which an element is known before the first layer."),
    .init("layers", \.layers, "The irreps after each layer, scalars first."),
    .init("neighbors", \.neighbors, "The number whose root sums over neighbours are divided by, for each layer."),
    .init("radial-functions", \.radialFunctions, in: 1...1024, "The number of radial functions."),
    .init("trained-frequencies", \.trainsFrequencies, "Whether the frequencies of the radial functions are trained."),
    .init("radial-widths", \.radialWidths, "The widths of the hidden layers of the radial networks."),
    .init("envelope", \.envelope, "How functions of the length fall to 0 at the cut-off."),
    .init("envelope-power", \.envelopePower, in: 2...64, "The exponent of the polynomial envelope."),
    .init(
      "envelope-start", \.envelopeStart, "a number of at least 0", where: { $0 >= 0 }, "Where the switching envelope begins to fall, in Å."),
    .init("self-connection", \.selfConnection, "What of an atom's own features is added to the sums over its neighbours."),
    .init("norm", \.hasNorm, "Whether a root-mean-square norm precedes the gates."),
    .init("activations", \.activations, "What activations are multiplied by."),
    .init("single-coefficients", \.roundsCoefficients, "Whether the 3j coefficients are rounded to single precision."),
    .init("repulsion", \.hasRepulsion, "Whether the screened repulsion of nuclei is added."),
    .init("repulsion-power", \.repulsionPower, in: 2...64, "The exponent of the envelope of the repulsion."),
  ]

  /// Why there is no network of these values.
  public var objection: String? {
    if let fault = objectionToElements(elements) { return fault }
    if layers.isEmpty { return "--layers must name at least one list of irreps" }
    if neighbors.count != layers.count || !neighbors.allSatisfy({ $0 > 0 && $0.isFinite }) {
      return "--neighbors must be \(layers.count) positive numbers, one for each layer, not \(neighbors.settingText)"
    }
    if radialWidths.isEmpty || !radialWidths.allSatisfy({ (1...65_536).contains($0) }) {
      return "--radial-widths must be at least one width of 1 to 65536, not \(radialWidths.settingText)"
    }
    if envelope == .switching && envelopeStart >= cutoff { return "--envelope-start must be below the cut-off, \(cutoff)" }
    var input = embeddingIrreps
    for (number, text) in layers.enumerated() {
      let irreps: Irreps<O3>
      do {
        irreps = try Irreps<O3>(parsing: text)
      } catch {
        return "--layers: \(error)"
      }
      let name = "layer \(number) of --layers, \"\(text)\","
      if irreps.terms.isEmpty || irreps.terms.contains(where: { !(1...65_536).contains($0.multiplicity) || $0.irrep.degree > 11 }) {
        return "\(name) must have channels, at most 65536 of an irrep, of degrees up to 11"
      }
      if irreps.terms.drop(while: { $0.irrep.degree == 0 }).contains(where: { $0.irrep.degree == 0 }) {
        return "\(name) must have its scalars first"
      }
      let product = TensorProduct<Float>.convolution(input, harmonics, to: irreps)
      let reached = Set((product.output + input).terms.map(\.irrep))
      if let missed = irreps.terms.first(where: { !reached.contains($0.irrep) }) {
        return "\(name) must have irreps that \(input) and harmonics up to degree \(degree) reach, not \(missed.irrep)"
      }
      input = irreps
    }
    if !input.contains(O3.Irrep(degree: 0, parity: .even)) {
      return "the last of --layers must have even scalars, which energies are read from"
    }
    return nil
  }

  /// Of the embedding, the hidden layers of the radial networks, and a channel of each irrep for each of its channels.
  public var leastWeightCount: Double {
    let channels = layers.dropLast().flatMap { (try? Irreps<O3>(parsing: $0))?.terms.map(\.multiplicity) ?? [] } + [embedding]
    return Double(elements.count) * Double(embedding) + Double(layers.count) * weightCount(between: [radialFunctions] + radialWidths)
      + channels.reduce(0) { $0 + Double($1) * Double($1) }
  }

  var harmonics: Irreps<O3> { harmonicIrreps(upTo: degree, hasParity: hasParity) }
  var embeddingIrreps: Irreps<O3> { Irreps([.init(embedding, O3.Irrep(degree: 0, parity: .even))]) }
  var envelopeShape: CutoffFunction.Shape {
    switch envelope {
    case .polynomial: .polynomial(p: envelopePower)
    case .switching: .switching(from: envelopeStart)
    case .cosine: .cosine
    }
  }
}

/// Why there are no such elements, in the words of the option.
func objectionToElements(_ elements: [Int]) -> String? {
  let fits = !elements.isEmpty && Set(elements).count == elements.count && elements.allSatisfy { (1...118).contains($0) }
  return fits ? nil : "--elements must be distinct atomic numbers of 1 to 118, not \(elements.settingText)"
}
