import EquivariantLayers
import EquivariantTraining
import FileFormats
import GroupTheory

extension RadialFamily: SettingValue {}

/// Everything that decides what a ``MACE`` computes, but for its weights.
public struct MACEConfiguration: PotentialConfiguration {
  /// How messages become the features that are multiplied.
  public enum Interaction: String, Sendable, CaseIterable, SettingValue {
    /// Sums over the mean number of neighbours, through a linear map for each element.
    case plain
    /// Sums over the mean number of neighbours; the atom's own features, through a linear map for each element, are added to the product.
    case residual
    /// As `plain`, with sums over a density of neighbours that is learnt.
    case density
    /// As `residual`, with sums over a density of neighbours that is learnt.
    case densityResidual = "density-residual"

    var isResidual: Bool { self == .residual || self == .densityResidual }
    var hasDensity: Bool { self == .density || self == .densityResidual }
  }
  /// How features of an atom are multiplied with each other.
  public enum Contraction: String, Sendable, CaseIterable, SettingValue {
    /// All equivariant polynomials, by Clebsch-Gordan products (`SymmetricContraction`).
    case clebschGordan = "clebsch-gordan"
    /// Powers of functions on the sphere, by Gaunt products (`GauntPower`).
    case gaunt
  }
  /// What radial functions are functions of.
  public enum Transform: String, Sendable, CaseIterable, SettingValue {
    /// The length.
    case none
    /// ``AgnesiTransform`` of it.
    case agnesi
  }

  /// The atomic numbers of the elements, in the order of the weights.
  public var elements = [1, 6, 7, 8]
  /// The distance in Å beyond which atoms exchange no messages.
  public var cutoff = 5.0
  /// The largest degree of the harmonics.
  public var degree = 3
  /// The irreps of the features after each layer, all of the same multiplicity, the number of channels.
  public var layers = ["128x0e+128x1o", "128x0e"]
  /// The largest number of factors of products, of each layer.
  public var correlations = [3, 3]
  /// How messages become the features that are multiplied, in each layer.
  public var interactions = [Interaction.plain, .residual]
  /// The mean number of neighbours, by which sums over them are divided where no density is learnt; one for each layer.
  public var neighbors = [20.0, 20.0]
  /// How features are multiplied.
  public var contraction = Contraction.clebschGordan
  /// The family of radial functions.
  public var radialFamily = RadialFamily.bessel
  /// The number of radial functions.
  public var radialFunctions = 8
  /// Whether frequencies or centres of the radial functions are trained.
  public var trainsRadialFunctions = false
  /// What they are functions of.
  public var transform = Transform.none
  /// The widths of the hidden layers of the radial networks.
  public var radialWidths = [64, 64, 64]
  /// The exponent p of the polynomial envelope.
  public var envelopePower = 5
  /// Whether the envelope multiplies the weights of messages instead of the radial functions.
  public var envelopeOnWeights = false
  /// The number of hidden units of the last read-out, for each head; 0 for a linear one.
  public var readoutWidth = 16
  /// Whether energies are read from the last layer alone.
  public var readsLastLayerOnly = false
  /// The names of the heads: sets of energies of isolated atoms and of read-outs.
  public var heads = ["Default"]
  /// Whether the 3j coefficients of messages are those of single precision.
  public var roundsCoefficients = false
  /// Whether the screened repulsion of nuclei is added (``ZBLRepulsion``).
  public var hasRepulsion = false
  /// The exponent p of the envelope of the repulsion.
  public var repulsionPower = 6

  /// The usual shape: two layers of 128 channels, features of degrees 0 and 1, harmonics up to degree 3, products of up to three factors.
  public init() {}

  /// Every setting.
  public static let settings: [Setting<MACEConfiguration>] = [
    .init("elements", \.elements, "The atomic numbers of the elements, in the order of the weights."),
    .init("cutoff", \.cutoff, "a positive number", where: { $0 > 0 }, "The distance in Å beyond which atoms exchange no messages."),
    .init("degree", \.degree, in: 0...11, "The largest degree of the harmonics."),
    .init("layers", \.layers, "The irreps after each layer, all of one multiplicity."),
    .init("correlations", \.correlations, "The largest number of factors of products, of each layer."),
    .init("interactions", \.interactions, "How messages become the features that are multiplied, in each layer."),
    .init("neighbors", \.neighbors, "The mean number of neighbours, for each layer."),
    .init("contraction", \.contraction, "How features are multiplied."),
    .init("radial-family", \.radialFamily, "The family of radial functions."),
    .init("radial-functions", \.radialFunctions, in: 1...1024, "The number of radial functions."),
    .init("trained-radial-functions", \.trainsRadialFunctions, "Whether frequencies or centres of the radial functions are trained."),
    .init("transform", \.transform, "What the radial functions are functions of."),
    .init("radial-widths", \.radialWidths, "The widths of the hidden layers of the radial networks."),
    .init("envelope-power", \.envelopePower, in: 2...64, "The exponent of the polynomial envelope."),
    .init("envelope-on-weights", \.envelopeOnWeights, "Whether the envelope multiplies the weights of messages, not the radial functions."),
    .init(
      "readout-width", \.readoutWidth, in: 0...16_384, "The number of hidden units of the last read-out for each head; 0 for a linear one."),
    .init("last-layer-only", \.readsLastLayerOnly, "Whether energies are read from the last layer alone."),
    .init("heads", \.heads, "The names of the heads."),
    .init("single-coefficients", \.roundsCoefficients, "Whether the 3j coefficients of messages are rounded to single precision."),
    .init("repulsion", \.hasRepulsion, "Whether the screened repulsion of nuclei is added."),
    .init("repulsion-power", \.repulsionPower, in: 2...64, "The exponent of the envelope of the repulsion."),
  ]

  /// Why there is no network of these values.
  public var objection: String? {
    if let fault = objectionToElements(elements) { return fault }
    if layers.isEmpty { return "--layers must name at least one list of irreps" }
    for (name, count) in [("correlations", correlations.count), ("interactions", interactions.count), ("neighbors", neighbors.count)]
    where count != layers.count {
      return "--\(name) must have \(layers.count) values, one for each layer, not \(count)"
    }
    if !correlations.allSatisfy({ (1...6).contains($0) }) { return "--correlations must be 1 to 6, not \(correlations.settingText)" }
    if !neighbors.allSatisfy({ $0 > 0 && $0.isFinite }) { return "--neighbors must be positive numbers, not \(neighbors.settingText)" }
    if radialWidths.isEmpty || !radialWidths.allSatisfy({ (1...65_536).contains($0) }) {
      return "--radial-widths must be at least one width of 1 to 65536, not \(radialWidths.settingText)"
    }
    if radialFamily == .gaussian && radialFunctions < 2 { return "--radial-functions must be at least 2 Gaussians" }
    if heads.isEmpty || Set(heads).count != heads.count { return "--heads must be distinct names, not \(heads.settingText)" }
    var channels: Int?
    for (number, text) in layers.enumerated() {
      let irreps: Irreps<O3>
      do {
        irreps = try Irreps<O3>(parsing: text)
      } catch {
        return "--layers: \(error)"
      }
      let name = "layer \(number) of --layers, \"\(text)\","
      let width = irreps.terms.first?.multiplicity ?? 0
      if !(1...65_536).contains(width) || irreps.terms.contains(where: { $0.multiplicity != width }) || channels ?? width != width {
        return "\(name) must have the same number of channels of every irrep, as all layers"
      }
      channels = width
      let degrees = irreps.terms.map(\.irrep.degree)
      if degrees != Array(0..<degrees.count) || irreps.terms.contains(where: { $0.irrep.parity != Parity(ofDegree: $0.irrep.degree) }) {
        return "\(name) must be 0e, 1o, 2e, ... in this order"
      }
      if degrees.count - 1 > degree * correlations[number] {
        return "\(name) must have degrees that products of \(correlations[number]) harmonics up to degree \(degree) reach"
      }
    }
    let tensors = correlations.map { correlation in (0..<correlation).reduce(1) { size, _ in size * (degree + 1) * (degree + 1) } }
    if contraction == .clebschGordan, tensors.contains(where: { $0 > 1 << 20 }) {
      return
        "--correlations and --degree must be smaller: products of \(correlations.settingText) of \((degree + 1) * (degree + 1)) components are too many"
    }
    return nil
  }

  /// Of the embedding, the hidden layers of the radial networks, linear maps of messages, and read-outs.
  public var leastWeightCount: Double {
    let (c, layers) = (Double(channels), Double(layers.count))
    return Double(elements.count) * c + layers * weightCount(between: [radialFunctions] + radialWidths)
      + layers * c * c * Double(degree + 1) + c * Double(readoutWidth) * Double(heads.count)
  }

  /// The number of channels.
  var channels: Int { Irreps<O3>(stringLiteral: layers[0]).terms[0].multiplicity }
  var harmonics: Irreps<O3> { .sphericalHarmonics(upTo: degree) }
  /// The irreps of messages.
  var messages: Irreps<O3> { Irreps(harmonics.terms.map { .init(channels, $0.irrep) }) }
}
