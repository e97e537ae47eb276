import DifferentiableTensors
import EquivariantLayers
import FileFormats
import GroupTheory

extension NequIP<Double> {
  /// A model of NequIP 0.5 or 0.6, from its `state_dict` and its configuration.
  ///
  /// - Parameters:
  ///   - weights: a .npz or .safetensors file of the `state_dict`.
  ///   - configuration: the options of `config.yaml` as JSON, with `atomic_numbers`, the elements in the order of the types.
  ///   - signs: the sign table of the e3nn that the model was trained with.
  ///   - roundsCoefficients: whether the model keeps 3j coefficients in single precision, as one that was trained in it.
  ///   - unit: one of the energies that the model was trained on, in eV.
  /// - Throws: `FileFormatError` for files that cannot be read, arrays that are missing, are of another size or are left over, and options
  ///   that are not known.
  public static func nequip(
    weights: String, configuration: JSONObject, signs: E3NNSigns, roundsCoefficients: Bool, unit: Double = 1
  ) throws -> NequIP<Double> {
    try nequip(
      ForeignWeights(contentsOf: weights), ForeignSettings(configuration, path: weights), signs: signs,
      roundsCoefficients: roundsCoefficients, unit: unit)
  }

  static func nequip(
    _ weights: ForeignWeights, _ settings: ForeignSettings, signs: E3NNSigns?, roundsCoefficients: Bool, unit: Double
  ) throws(FileFormatError) -> NequIP<Double> {
    var (weights, settings) = (weights, settings)
    var own = try nequipConfiguration(&settings)
    own.roundsCoefficients = roundsCoefficients
    var source = RandomSource(seed: 0)
    var model = NequIP(own, using: &source)
    let elements = own.elements.count
    let body = "chemical_embedding.linear.weight"
    let prefix = weights.prefix(of: body, among: ["", "func.", "model.func.", "model.model.func.", "_model.model.func."])

    // The file's functions are (2/c) sin(wr/c)/r.
    model.basis.places = try weights.tensor(prefix + "radial_basis.basis.bessel_weights", [own.radialFunctions]) * (1 / own.cutoff)
    model.embedding =
      try weights.tensor(prefix + body, [elements * own.embedding]).reshaped(elements, own.embedding) * (1 / Double(elements).squareRoot())
    let radial = RadialConventions(scale: (2 / own.cutoff).squareRoot(), order: .creation, signs: signs)
    for number in own.layers.indices {
      let name = "\(prefix)layer\(number)_convnet.conv."
      var layer = model.layers[number]
      try layer.radial.take({ name + "fc.layer\($0).weight" }, radial, product: layer.product, from: &weights)
      try layer.first.take(name + "linear_1.weight", from: &weights)
      try layer.second.take(name + "linear_2.weight", from: &weights)
      try layer.own?.take(name + "sc.weight", from: &weights)
      model.layers[number] = layer
    }
    model.readout = try linearReadout(
      &weights, prefix + "conv_to_output_hidden.linear.weight", prefix + "output_hidden_to_scalar.linear.weight",
      width: model.readout.count)
    func optional(_ name: String, _ absent: Tensor<Double>) throws(FileFormatError) -> Tensor<Double> {
      guard weights.contains(name) else { return absent }
      let (shape, values) = try weights.array(name)
      if values.isEmpty { return absent }
      if values.count == 1 { return Tensor(repeating: values[0], shape: [elements]) }
      guard values.count == elements else {
        throw FileFormatError(
          .malformed, path: weights.path, place: .init(entry: name), cause: "\(elements) numbers are expected, the file has \(shape)",
          cure: "give a file of the model that the configuration describes")
      }
      return Tensor(values)
    }
    let scales = try optional(prefix + "per_species_rescale.scales", .ones([elements]))
    let shifts = try optional(prefix + "per_species_rescale.shifts", .zeros([elements]))
    let outer = ["scale_by", "model.scale_by", "_model.scale_by"].first { weights.contains($0) }
    let scale = try outer.map { name throws(FileFormatError) in try weights.number(name) } ?? 1
    model.scales = scales * (scale * unit)
    model.shifts = shifts * (scale * unit)
    weights.ignore { $0.contains("_compiled") || $0.contains("_w3j") || $0.contains("output_mask") || $0.hasSuffix(".cst") }
    try weights.finish()
    return model
  }

  private static func nequipConfiguration(_ settings: inout ForeignSettings) throws(FileFormatError) -> NequIPConfiguration {
    var own = NequIPConfiguration()
    own.elements = try settings.ints("atomic_numbers")
    own.cutoff = try settings.double("r_max")
    own.radialFunctions = try settings.int("num_basis")
    own.envelopePower = try settings.int("PolynomialCutoff_p")
    own.trainsFrequencies = try settings.bool("BesselBasis_trainable")
    let harmonics = try settings.irreps("irreps_edge_sh")
    own.degree = harmonics.terms.count - 1
    own.hasParity = harmonics == harmonicIrreps(upTo: max(0, own.degree), hasParity: true)
    guard own.degree >= 0, own.hasParity || harmonics == harmonicIrreps(upTo: own.degree, hasParity: false) else {
      throw settings.error(
        "irreps_edge_sh", "harmonics of degrees 0 to l, with their parities or all even, are known here, not \(harmonics)",
        kind: .unsupported)
    }
    let embedding = try settings.irreps("chemical_embedding_irreps_out")
    own.embedding = embedding.multiplicity(of: O3.Irrep(degree: 0, parity: .even))
    guard embedding.irrepCount == own.embedding, own.embedding > 0 else {
      throw settings.error("chemical_embedding_irreps_out", "even scalars are expected, the configuration has \(embedding)")
    }
    let hidden = try settings.irreps("feature_irreps_hidden")
    let layers = try settings.int("num_layers")
    guard (1...64).contains(layers) else { throw settings.error("num_layers", "1 to 64 layers are known here, not \(layers)") }
    // What a layer reaches, scalars first, otherwise in the order of the option.
    own.layers = []
    var irreps = own.embeddingIrreps
    for _ in 0..<layers {
      let reached = Set(irreps.terms.flatMap { term in harmonics.terms.flatMap { term.irrep * $0.irrep } })
      let kept = hidden.terms.filter { reached.contains($0.irrep) }
      irreps = Irreps(kept.filter { $0.irrep.degree == 0 } + kept.filter { $0.irrep.degree > 0 })
      own.layers.append(irreps.description)
    }
    let neighbors = try settings.double("avg_num_neighbors")
    own.neighbors = [Double](repeating: neighbors, count: layers)
    let (depth, width) = (try settings.int("invariant_layers"), try settings.int("invariant_neurons"))
    guard (1...64).contains(depth) else { throw settings.error("invariant_layers", "1 to 64 layers are known here, not \(depth)") }
    own.radialWidths = [Int](repeating: width, count: depth)
    own.selfConnection = try settings.bool("use_sc") ? .elements : .none
    own.activations = .e3nn
    try settings.require("resnet", false)
    try settings.require("edge_sh_normalization", "component")
    try settings.require("edge_sh_normalize", true)
    try settings.require("nonlinearity_type", "gate")
    try settings.require("nonlinearity_scalars", ["e": "silu", "o": "tanh"])
    try settings.require("nonlinearity_gates", ["e": "silu", "o": "tanh"])
    settings.ignore(["conv_to_output_hidden_irreps_out", "nequip_version", "e3nn_version"])
    try settings.finish()
    if let refusal = own.refusal { throw settings.error("feature_irreps_hidden", "no network has these settings: \(refusal)") }
    return own
  }
}
