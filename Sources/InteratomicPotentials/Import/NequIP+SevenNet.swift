import DifferentiableTensors
import EquivariantLayers
import FileFormats
import GroupTheory

extension NequIP<Double> {
  /// A SevenNet model of a version before 0.11, such as SevenNet-0 (11 July 2024), from its `state_dict` and its configuration.
  ///
  /// The columns of the radial networks are those of the published file, in the order in which paths are made, and the 3j coefficients those of
  /// the signs `signs` in single precision: what the published network computes.
  ///
  /// - Parameters:
  ///   - weights: a .npz or .safetensors file of the `state_dict`; tables that are no weights may be left out.
  ///   - configuration: a JSON file of the configuration of the checkpoint.
  ///   - signs: the sign table of the e3nn that the model was trained with; of SevenNet-0 the old one.
  /// - Throws: `FileFormatError` for files that cannot be read, arrays that are missing, are of another size or are left over, and options
  ///   that are not known.
  public static func sevenNet(weights: String, configuration: String, signs: E3NNSigns) throws -> NequIP<Double> {
    guard let object = try JSONValue(contentsOf: configuration).object else {
      throw FileFormatError(.malformed, path: configuration, cause: "this is no JSON object", cure: "give the configuration of the model")
    }
    return try sevenNet(ForeignWeights(contentsOf: weights), ForeignSettings(object, path: configuration), signs: signs)
  }

  static func sevenNet(_ weights: ForeignWeights, _ settings: ForeignSettings, signs: E3NNSigns?) throws(FileFormatError) -> NequIP<Double>
  {
    var (weights, settings) = (weights, settings)
    var own = try sevenNetConfiguration(&settings)
    let prefix = weights.prefix(of: "edge_embedding.basis_function.coeffs", among: ["", "model."])
    // The stored number divides; that of the configuration is its square, rounded.
    for number in own.layers.indices {
      let denominator = try weights.number("\(prefix)\(number)_convolution.denominator")
      own.neighbors[number] = denominator * denominator
    }
    if let refusal = own.refusal { throw settings.error("irreps_manual", "no network has these settings: \(refusal)") }
    var source = RandomSource(seed: 0)
    var model = NequIP(own, using: &source)
    let elements = own.elements.count

    model.basis.places = try weights.tensor(prefix + "edge_embedding.basis_function.coeffs", [own.radialFunctions])
    model.embedding =
      try weights.tensor(prefix + "onehot_to_feature_x.linear.weight", [elements * own.embedding]).reshaped(elements, own.embedding)
      * (1 / Double(elements).squareRoot())
    // The file's functions are (2/c) sin(kr)/r.
    let radial = RadialConventions(scale: (2 / own.cutoff).squareRoot(), order: .creation, signs: signs)
    for number in own.layers.indices {
      let name = "\(prefix)\(number)_"
      var layer = model.layers[number]
      try layer.radial.take({ name + "convolution.weight_nn.layer\($0).weight" }, radial, product: layer.product, from: &weights)
      try layer.first.take(name + "self_interaction_1.linear.weight", from: &weights)
      try layer.second.take(name + "self_interaction_2.linear.weight", from: &weights)
      try layer.own?.take(name + "self_connection_intro.linear.weight", from: &weights)
      model.layers[number] = layer
    }
    model.readout = try linearReadout(
      &weights, prefix + "reduce_input_to_hidden.linear.weight", prefix + "reduce_hidden_to_energy.linear.weight",
      width: model.readout.count)
    model.scales = try weights.tensor(prefix + "rescale_atomic_energy.scale", [elements])
    model.shifts = try weights.tensor(prefix + "rescale_atomic_energy.shift", [elements])
    weights.ignore { $0.contains("convolution._compiled") || $0.contains("_w3j") || $0.contains("output_mask") || $0.hasSuffix(".cst") }
    try weights.finish()
    return model
  }

  /// Two linear maps without a function between them as one: W₁W₂/√(n₁n₂).
  static func linearReadout(
    _ weights: inout ForeignWeights, _ first: String, _ second: String, width: Int
  ) throws(FileFormatError) -> Tensor<Double> {
    let inner = try weights.array(second).values
    let outer = try weights.values(first, count: width * inner.count)
    let product = Tensor.matmul(Tensor(outer, shape: [width, inner.count]), Tensor(inner, shape: [inner.count, 1]))
    return product.reshaped(width) * (1 / Double(width * inner.count).squareRoot())
  }

  private static func sevenNetConfiguration(_ settings: inout ForeignSettings) throws(FileFormatError) -> NequIPConfiguration {
    var own = NequIPConfiguration()
    let version = try settings.string("version")
    let numbers = version.split(separator: ".").map { Int($0) ?? 0 }
    guard numbers.count >= 2, numbers[0] == 0, numbers[1] < 11 else {
      throw settings.error(
        "version", "versions before 0.11 are known here, whose columns are in another order, not \(version)", kind: .unsupported)
    }
    own.elements = try settings.ints("_chemical_species_by_atomic_number")
    own.cutoff = try settings.double("cutoff")
    own.degree = try settings.int("lmax")
    own.hasParity = try settings.bool("is_parity")
    own.embedding = try settings.int("channel")
    let layers = try settings.strings("irreps_manual")
    own.layers = Array(layers.dropFirst())
    own.neighbors = [Double](repeating: 1, count: own.layers.count)
    try settings.require("num_convolution_layer", .integer(own.layers.count))
    guard let basis = settings["radial_basis"]?.object, basis["radial_basis_name"] == "bessel", let count = basis["bessel_basis_num"]?.int
    else {
      throw settings.error("radial_basis", "a Bessel basis is known here", kind: .unsupported)
    }
    own.radialFunctions = count
    own.radialWidths = try settings.ints("weight_nn_hidden_neurons")
    guard let cutoff = settings["cutoff_function"]?.object, let name = cutoff["cutoff_function_name"]?.string else {
      throw settings.error("cutoff_function", "a function with its name is expected")
    }
    switch name {
    case "XPLOR":
      guard let start = cutoff["cutoff_on"]?.double else { throw settings.error("cutoff_function", "a number cutoff_on is expected") }
      (own.envelope, own.envelopeStart) = (.switching, start)
    case "poly_cut":
      guard let power = cutoff["poly_cut_p_value"]?.int else {
        throw settings.error("cutoff_function", "a whole number poly_cut_p_value is expected")
      }
      (own.envelope, own.envelopePower) = (.polynomial, power)
    default: throw settings.error("cutoff_function", "XPLOR or poly_cut is known here, the configuration has \(name)", kind: .unsupported)
    }
    switch try settings.string("self_connection_type") {
    case "linear": own.selfConnection = .linear
    case "nequip": own.selfConnection = .elements
    case let other:
      throw settings.error("self_connection_type", "linear or nequip is known here, the configuration has \(other)", kind: .unsupported)
    }
    own.activations = .e3nn
    own.roundsCoefficients = true
    try settings.require("_model_type", "E3_equivariant_model")
    try settings.require("interaction_type", "nequip")
    try settings.require("act_radial", "silu")
    try settings.require("act_gate", ["e": "silu", "o": "tanh"])
    try settings.require("act_scalar", ["e": "silu", "o": "tanh"])
    try settings.require("use_bias_in_linear", false)
    try settings.require("readout_as_fcn", false)
    try settings.require("_normalize_sph", true)
    try settings.require("lmax_edge", -1, .integer(own.degree))
    try settings.require("lmax_node", -1, .integer(own.degree))
    settings.ignore([
      "avg_num_neigh", "chemical_species", "_number_of_species", "_type_map", "readout_fcn_hidden_neurons", "readout_fcn_activation",
      "use_testset",
      "_num_workers", "_is_trace_stress", "is_ddp", "shift", "scale", "dtype", "save_by_label", "batch_size", "preprocess_num_cores",
      "use_species_wise_shift_scale", "shift_cp", "scale_cp", "avg_num_neigh_cp", "train_shift_scale", "train_avg_num_neigh",
      "optimize_by_reduce", "device", "optimizer", "scheduler", "loss", "optim_param", "scheduler_param", "loss_param", "continue",
      "random_seed", "epoch", "force_loss_weight", "stress_loss_weight", "per_epoch", "is_train_stress", "train_shuffle", "error_record",
      "best_metric", "csv_log", "local_rank", "rank", "world_size", "load_dataset_path", "load_validset_path", "save_dataset_path",
      "data_format", "data_format_args", "format_outputs_for_ase", "save_by_train_valid", "data_divide_ratio", "data_shuffle",
    ])
    try settings.finish()
    return own
  }
}
