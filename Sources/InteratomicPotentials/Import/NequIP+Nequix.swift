import DifferentiableTensors
import EquivariantLayers
import FileFormats
import GroupTheory

extension NequIP<Double> {
  /// A Nequix model as it is published, a `.nqx` file: a line of JSON and the leaves of the network (Koker, Kotak and Smidt 2025).
  ///
  /// The factor of activations is that of a network evaluated in double precision; single precision of the original differs from it by 10⁻⁶.
  /// - Throws: `FileFormatError` for a file that cannot be read, leaves that are missing or are of another size, and options that are not known.
  public static func nequix(_ path: String) throws -> NequIP<Double> {
    let file = try EquinoxFile(contentsOf: path)
    guard let object = file.header.object else {
      throw FileFormatError(
        .malformed, path: path, place: .init(line: 1), cause: "the first line is no JSON object", cure: "fetch the file again")
    }
    var settings = ForeignSettings(object, path: path)
    let (own, scale, shift) = try nequixConfiguration(&settings)
    var source = RandomSource(seed: 0)
    var model = NequIP(own, using: &source)

    // The leaves in their order, with the shapes that the network says.
    var names: [String] = ["atom_energies"]
    for (number, layer) in model.layers.enumerated() {
      names += layer.radial.weights.indices.map { "layers[\(number)].radial_mlp.layers[\($0)].weights" }
      names += layer.first.paths.indices.map { "layers[\(number)].linear_1[\($0)]" }
      names += mergedPaths(layer).indices.map { "layers[\(number)].linear_2[\($0)]" }
      names += layer.own!.paths.indices.map { "layers[\(number)].skip[\($0)]" }
      if own.hasNorm { names += layer.norm!.irreps.terms.indices.map { "layers[\(number)].layer_norm.affine_weight[\($0)]" } }
    }
    names.append("readout")
    let leaves = try file.arrays(names.count)
    var weights = ForeignWeights(path: path, Array(zip(names, leaves)))

    let elements = own.elements.count
    // The file's functions are (2/c) sin(kr)/r.
    let radial = RadialConventions(activation: 1, dividesByFanIn: false, scale: (2 / own.cutoff).squareRoot())
    model.embedding = .identity(elements)
    for number in own.layers.indices {
      var layer = model.layers[number]
      let name = "layers[\(number)]."
      try layer.radial.take({ name + "radial_mlp.layers[\($0)].weights" }, radial, product: layer.product, from: &weights)
      for i in layer.first.paths.indices {
        layer.first.weights[i] = try weights.tensor(name + "linear_1[\(i)]", layer.first.weights[i].shape.dimensions)
      }
      // One matrix for all terms of an irrep.
      for (i, group) in mergedPaths(layer).enumerated() {
        let outputs = layer.second.output.terms[layer.second.paths[group[0]].output].multiplicity
        let rows = group.reduce(0) { $0 + layer.second.weights[$1].shape[0] }
        let merged = try weights.tensor(name + "linear_2[\(i)]", [rows, outputs])
        var start = 0
        for path in group {
          let count = layer.second.weights[path].shape[0]
          layer.second.weights[path] = merged.sliced(axis: 0, start..<start + count)
          start += count
        }
      }
      for i in layer.own!.paths.indices {
        layer.own!.weights[i] = try weights.tensor(name + "skip[\(i)]", layer.own!.weights[i].shape.dimensions)
      }
      if let norm = layer.norm {
        var scales: [Tensor<Double>] = []
        for (i, term) in norm.irreps.terms.enumerated() {
          scales.append(try weights.tensor(name + "layer_norm.affine_weight[\(i)]", [term.multiplicity]))
        }
        layer.norm!.scales = .concatenated(scales)
      }
      model.layers[number] = layer
    }
    let width = model.readout.count
    model.readout = try weights.tensor("readout", [width]) * (1 / Double(width).squareRoot())
    model.scales = Tensor(repeating: scale, shape: [elements])
    model.shifts = try weights.tensor("atom_energies", [elements]) + shift
    try weights.finish()
    return model
  }

  /// The paths of L₂ that a file has as one matrix, those of one irrep.
  private static func mergedPaths(_ layer: NequIPLayer<Double>) -> [[Int]] {
    let byOutput = Dictionary(grouping: layer.second.paths.indices) { layer.second.paths[$0].output }
    return byOutput.keys.sorted().map { byOutput[$0]! }
  }

  private static func nequixConfiguration(
    _ settings: inout ForeignSettings
  ) throws(FileFormatError) -> (NequIPConfiguration, scale: Double, shift: Double) {
    var own = NequIPConfiguration()
    own.elements = try settings.ints("atomic_numbers").sorted()
    own.cutoff = try settings.double("cutoff")
    own.degree = try settings.int("lmax")
    own.embedding = own.elements.count
    let (layers, hidden) = (try settings.int("n_layers"), try settings.irreps("hidden_irreps"))
    guard (1...64).contains(layers) else { throw settings.error("n_layers", "1 to 64 layers are known here, not \(layers)") }
    let last = hidden.filter { $0 == O3.Irrep(degree: 0, parity: .even) }
    own.layers = (0..<layers).map { ($0 == layers - 1 ? last : hidden).description }
    let neighbors = try settings.double("avg_n_neighbors")
    own.neighbors = [Double](repeating: neighbors, count: layers)
    own.radialFunctions = try settings.int("radial_basis_size")
    own.trainsFrequencies = false
    let (width, depth) = (try settings.int("radial_mlp_size"), try settings.int("radial_mlp_layers"))
    guard (1...64).contains(depth) else { throw settings.error("radial_mlp_layers", "1 to 64 layers are known here, not \(depth)") }
    own.radialWidths = [Int](repeating: width, count: depth)
    own.envelopePower = try settings.int("radial_polynomial_p")
    own.selfConnection = .linear
    own.hasNorm = try settings.bool("layer_norm")
    own.activations = .e3nnJAX
    let (scale, shift) = (try settings.double("scale"), try settings.double("shift"))
    try settings.require("index_weights", false)
    // Another implementation of the same product.
    try settings.require("kernel", false, true)
    settings.ignore([
      "state_path", "resume_from", "train_path", "valid_path", "cache_dir", "valid_frac", "atom_energies", "avg_n_edges", "avg_n_nodes",
      "max_n_edges", "max_n_nodes", "mlp_init_scale", "optimizer", "learning_rate", "warmup_epochs", "warmup_factor", "grad_clip_norm",
      "weight_decay", "batch_size", "n_epochs", "energy_weight", "force_weight", "stress_weight", "loss_type", "log_every", "ema_decay",
      "finetune_from", "readout_initialization", "val_path", "val_every", "n_graph", "hessian_weight", "checkpoint_grad_energy",
    ])
    settings.ignore {
      $0.hasPrefix("extra_") && ($0.hasSuffix("_path") || $0.hasSuffix("_frac") || $0.hasSuffix("_steps") || $0.hasSuffix("_weight"))
    }
    try settings.finish()
    if let refusal = own.refusal { throw settings.error("hidden_irreps", "no network has these settings: \(refusal)") }
    return (own, scale, shift)
  }
}
