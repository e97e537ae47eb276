import FileFormats
import GroupTheory

extension MACE<Double> {
  /// The configuration that options of mace-torch mean. Throws for options that are not known.
  static func maceConfiguration(_ settings: inout ForeignSettings) throws(FileFormatError) -> MACEConfiguration {
    var own = MACEConfiguration()
    own.elements = try settings.ints("atomic_numbers")
    try settings.require("num_elements", .integer(own.elements.count))
    own.cutoff = try settings.double("r_max")
    own.degree = try settings.int("max_ell")
    let count = try settings.int("num_interactions")
    guard (1...64).contains(count) else { throw settings.error("num_interactions", "1 to 64 layers are known here, not \(count)") }
    let hidden = try settings.irreps("hidden_irreps")
    let keepsLast = try settings["keep_last_layer_irreps"] == nil ? false : settings.bool("keep_last_layer_irreps")
    let scalars = Irreps<O3>(hidden.terms.prefix(1).map { $0 })
    own.layers = (0..<count).map { ($0 == count - 1 && !keepsLast ? scalars : hidden).description }
    own.correlations = try perLayer("correlation", count, &settings).map { Int(exactly: $0) ?? 0 }
    own.neighbors = try perLayer("avg_num_neighbors", count, &settings)
    let first = try interaction("interaction_cls_first", &settings)
    let others = try interaction("interaction_cls", &settings)
    own.interactions = (0..<count).map { $0 == 0 ? first : others }
    own.radialFunctions = try settings.int("num_bessel")
    switch settings["radial_type"]?.string ?? "bessel" {
    case "bessel": own.radialFamily = .bessel
    case "gaussian": own.radialFamily = .gaussian
    case let other:
      throw settings.error("radial_type", "bessel or gaussian is known here, the configuration has \(other)", kind: .unsupported)
    }
    switch settings["distance_transform"]?.string ?? "None" {
    case "None": own.transform = .none
    case "Agnesi": own.transform = .agnesi
    case let other:
      throw settings.error("distance_transform", "None or Agnesi is known here, the configuration has \(other)", kind: .unsupported)
    }
    own.radialWidths = try settings["radial_MLP"] == nil ? [64, 64, 64] : settings.ints("radial_MLP")
    own.envelopePower = try settings.int("num_polynomial_cutoff")
    own.envelopeOnWeights = try settings["apply_cutoff"] == nil ? false : !settings.bool("apply_cutoff")
    own.heads = try settings["heads"] == nil ? ["Default"] : settings.strings("heads")
    own.readsLastLayerOnly = try settings["use_last_readout_only"] == nil ? false : settings.bool("use_last_readout_only")
    let units = try settings.irreps("MLP_irreps")
    own.readoutWidth = count == 1 ? 0 : units.multiplicity(of: .sphericalHarmonic(degree: 0))
    guard units.terms.allSatisfy({ $0.irrep.degree == 0 && $0.irrep.parity == .even }) else {
      throw settings.error("MLP_irreps", "even scalars are known here, the configuration has \(units)", kind: .unsupported)
    }
    own.hasRepulsion = try settings["pair_repulsion"] == nil ? false : settings.bool("pair_repulsion")
    own.repulsionPower = own.envelopePower
    own.roundsCoefficients = try settings["single_coefficients"] == nil ? false : settings.bool("single_coefficients")
    try settings.require("model", "ScaleShiftMACE", "MACE")
    try settings.require("gate", "silu", nil)
    try settings.require("readout_cls", "NonLinearReadoutBlock", "LinearReadoutBlock")
    for key in ["use_so3", "use_agnostic_product", "use_edge_irreps_first", "use_embedding_readout"] {
      try settings.require(key, false, nil)
    }
    for key in ["edge_irreps", "embedding_specs", "cueq_config", "oeq_config"] { try settings.require(key, nil) }
    // Numbers that the arrays have too, and the basis of the polynomials, which they are read with.
    settings.ignore(["atomic_energies", "atomic_inter_scale", "atomic_inter_shift", "use_reduced_cg", "lammps_mliap"])
    try settings.finish()
    if let refusal = own.refusal { throw settings.error("hidden_irreps", "no network has these settings: \(refusal)") }
    return own
  }

  private static func interaction(_ key: String, _ settings: inout ForeignSettings) throws(FileFormatError) -> MACEConfiguration.Interaction
  {
    switch try settings.string(key) {
    case "RealAgnosticInteractionBlock": .plain
    case "RealAgnosticResidualInteractionBlock": .residual
    case "RealAgnosticDensityInteractionBlock": .density
    case "RealAgnosticDensityResidualInteractionBlock": .densityResidual
    case let other: throw settings.error(key, "the interaction \(other) is not known here", kind: .unsupported)
    }
  }

  /// A number for all layers, or a list of one for each.
  private static func perLayer(_ key: String, _ count: Int, _ settings: inout ForeignSettings) throws(FileFormatError) -> [Double] {
    let value = settings[key]
    if let number = value?.double { return [Double](repeating: number, count: count) }
    guard let list = value?.array?.compactMap(\.double), list.count == count else {
      throw settings.error(key, "a number, or \(count) of them, is expected, the configuration has \(value?.description ?? "none")")
    }
    return list
  }
}
