import DifferentiableTensors
import EquivariantLayers
import FileFormats
import GroupTheory
import NeuralModules

extension MACE<Double> {
  /// A model of mace-torch, from its `state_dict` and the options that it was made with.
  ///
  /// - Parameters:
  ///   - weights: a .npz or .safetensors file of the `state_dict`, with the tensors U of the symmetric contractions.
  ///   - configuration: the arguments of `mace.modules.ScaleShiftMACE` as JSON: `interaction_cls` and `gate` by name, irreps as texts, and
  ///     `avg_num_neighbors` and `correlation` as numbers or as lists of one for each layer.
  /// - Throws: `FileFormatError` for files that cannot be read, arrays that are missing, are of another size or are left over, polynomials that
  ///   are none, and options that are not known.
  public static func mace(weights: String, configuration: JSONObject) throws -> MACE<Double> {
    try mace(ForeignWeights(contentsOf: weights), ForeignSettings(configuration, path: weights))
  }

  static func mace(_ weights: ForeignWeights, _ settings: ForeignSettings) throws(FileFormatError) -> MACE<Double> {
    var (weights, settings) = (weights, settings)
    let own = try maceConfiguration(&settings)
    var source = RandomSource(seed: 0)
    var model = MACE(own, using: &source)
    let (elements, channels, heads) = (own.elements.count, own.channels, own.heads.count)
    model.embedding =
      try weights.tensor("node_embedding.linear.weight", [elements * channels]).reshaped(elements, channels)
      * (1 / Double(elements).squareRoot())
    let places = own.radialFamily == .bessel ? "bessel_weights" : "gaussian_weights"
    model.basis.places = try weights.tensor("radial_embedding.bessel_fn.\(places)", [own.radialFunctions])
    try checkConstants(&weights, own)
    if model.transform != nil {
      let name = "radial_embedding.distance_transform."
      model.transform!.numbers = Tensor([
        try weights.number(name + "a"), try weights.number(name + "q"), try weights.number(name + "p"),
      ])
      model.transform!.radii = try radii(&weights, name + "covalent_radii", own.elements)
    }
    if model.repulsion != nil {
      model.repulsion!.screening = Tensor(try weights.number("pair_repulsion_fn.a_prefactor"))
      model.repulsion!.exponent = Tensor(try weights.number("pair_repulsion_fn.a_exp"))
      model.repulsion!.radii = try radii(&weights, "pair_repulsion_fn.covalent_radii", own.elements)
    }
    var bases: [BasisKey: ContractionBasis] = [:]
    for number in own.layers.indices {
      try takeLayer(number, of: &model, from: &weights, &bases)
    }
    let gain = 1 / Double(channels).squareRoot()
    for i in model.readouts.indices {
      model.readouts[i] = try weights.tensor("readouts.\(i).linear.weight", [channels * heads]).reshaped(channels, heads) * gain
    }
    if own.readoutWidth > 0 {
      let units = own.readoutWidth * heads
      let name = "readouts.\(model.readouts.count)."
      model.lastHidden = try weights.tensor(name + "linear_1.weight", [channels * units]).reshaped(channels, units) * gain
      model.lastReadout =
        try weights.tensor(name + "linear_2.weight", [units * heads]).reshaped(units, heads)
        * (Activation.silu.factor(.e3nn) / Double(units).squareRoot())
    }
    let isolated = Tensor(try weights.values("atomic_energies_fn.atomic_energies", count: heads * elements))
    var (scales, shifts) = ([Double](repeating: 1, count: heads), [Double](repeating: 0, count: heads))
    if weights.contains("scale_shift.scale") {
      scales = try perHead(&weights, "scale_shift.scale", heads)
      shifts = try perHead(&weights, "scale_shift.shift", heads)
    }
    model.scales = Tensor(scales)
    model.shifts = isolated.reshaped(heads, elements) + Tensor(shifts).expandingAxis(-1)
    weights.ignore { $0.contains("_compiled_main") || $0.contains("output_mask") || $0.hasSuffix("_w3j") || $0.hasSuffix(".cst") }
    try weights.finish()
    return model
  }

  private struct BasisKey: Hashable {
    var output: Irreps<O3>
    var order: Int
  }

  private static func takeLayer(
    _ number: Int, of model: inout MACE<Double>, from weights: inout ForeignWeights, _ bases: inout [BasisKey: ContractionBasis]
  ) throws(FileFormatError) {
    let own = model.configuration
    var layer = model.layers[number]
    let name = "interactions.\(number)."
    try layer.up.take(name + "linear_up.weight", from: &weights)
    // No product of features of natural parity has a 3j coefficient whose sign changed.
    try layer.radial.take({ name + "conv_tp_weights.layer\($0).weight" }, RadialConventions(), product: layer.product, from: &weights)
    if layer.density != nil {
      layer.density =
        try weights.tensor(name + "density_fn.layer0.weight", [own.radialFunctions, 1]) * (1 / Double(own.radialFunctions).squareRoot())
    }
    try layer.linear.take(name + "linear.weight", from: &weights)
    try layer.skip.take(name + "skip_tp.weight", from: &weights)
    try layer.out.take("products.\(number).linear.weight", from: &weights)

    let order = own.correlations[number]
    let key = BasisKey(output: layer.output, order: order)
    let basis =
      bases[key]
      ?? ContractionBasis(own.messages.terms.map(\.irrep), to: layer.output.terms.map(\.irrep), order: order)
    bases[key] = basis
    let (elements, channels) = (own.elements.count, own.channels)
    var columns = [Tensor<Double>?](repeating: nil, count: layer.contraction!.paths.count)
    for (output, term) in layer.output.terms.enumerated() {
      let name = "products.\(number).symmetric_contractions.contractions.\(output)."
      for factors in 1...order {
        let (shape, values) = try weights.array(name + "U_matrix_\(factors)")
        let count = shape.last ?? 0
        var size = term.irrep.dimension * count
        for _ in 0..<factors { size *= own.messages.dimension / channels }
        if count == 0 { continue }
        guard values.count == size else {
          throw FileFormatError(
            .malformed, path: weights.path, place: .init(entry: name + "U_matrix_\(factors)"),
            cause: "a tensor of products of \(factors) of \(own.messages) is expected, the file has \(shape)",
            cure: "give a file of the model that the configuration describes")
        }
        let polynomials = Tensor(values, shape: [term.irrep.dimension, size / term.irrep.dimension / count, count])
        // Of tables in single precision no more can be asked.
        let isSingle = values.allSatisfy { Double(Float($0)) == $0 }
        guard let matrix = basis.matrix(of: polynomials, output: output, factors: factors, tolerance: isSingle ? 1e-5 : 1e-12) else {
          throw FileFormatError(
            .unsupported, path: weights.path, place: .init(entry: name + "U_matrix_\(factors)"),
            cause: "these are no equivariant polynomials of degree \(factors) of \(own.messages)", cure: "convert the model again")
        }
        let stored = factors == order ? "weights_max" : "weights.\(order - 1 - factors)"
        let theirs = try weights.tensor(name + stored, [elements, count, channels])
        let paths = Tensor.einsum("kp,zkc->zpc", matrix, theirs)
        for (place, path) in basis.paths(of: output, factors: factors).enumerated() {
          columns[path] = paths.sliced(axis: 1, place..<place + 1)
        }
      }
    }
    layer.contraction!.weights = .concatenated(columns.map { $0 ?? .zeros([elements, 1, channels]) }, axis: 1)
    model.layers[number] = layer
  }

  /// Numbers that the file has beside the configuration.
  private static func checkConstants(_ weights: inout ForeignWeights, _ own: MACEConfiguration) throws(FileFormatError) {
    let expected = [
      ("r_max", own.cutoff), ("num_interactions", Double(own.layers.count)), ("radial_embedding.bessel_fn.r_max", own.cutoff),
      ("radial_embedding.bessel_fn.prefactor", (2 / own.cutoff).squareRoot()), ("radial_embedding.cutoff_fn.r_max", own.cutoff),
      ("radial_embedding.cutoff_fn.p", Double(own.envelopePower)),
      ("pair_repulsion_fn.p", Double(own.repulsionPower)),
    ]
    func fault(_ name: String, _ cause: String) -> FileFormatError {
      FileFormatError(.malformed, path: weights.path, place: .init(entry: name), cause: cause, cure: "give the configuration of this model")
    }
    for (name, value) in expected where weights.contains(name) {
      let found = try weights.number(name)
      guard abs(found - value) <= 1e-6 * abs(value) else { throw fault(name, "\(value) is expected, the file has \(found)") }
    }
    if weights.contains("atomic_numbers") {
      let numbers = try weights.array("atomic_numbers").values
      guard numbers == own.elements.map(Double.init) else {
        throw fault("atomic_numbers", "\(own.elements) are expected, the file has \(numbers)")
      }
    }
    if weights.contains("pair_repulsion_fn.c") {
      let c = try weights.values("pair_repulsion_fn.c", count: 4)
      guard zip(c, [0.1818, 0.5099, 0.2802, 0.02817]).allSatisfy({ abs($0 - $1) < 1e-6 }) else {
        throw fault("pair_repulsion_fn.c", "the coefficients of the universal screening function are expected, the file has \(c)")
      }
    }
    // Whether products of a degree vanish, which is seen from the products.
    weights.ignore { $0.hasSuffix("_zeroed") }
  }

  private static func radii(
    _ weights: inout ForeignWeights, _ name: String, _ elements: [Int]
  ) throws(FileFormatError) -> Tensor<Double> {
    let all = try weights.array(name).values
    guard let largest = elements.max(), all.count > largest else {
      throw FileFormatError(
        .malformed, path: weights.path, place: .init(entry: name), cause: "radii of elements up to \(elements.max() ?? 0) are expected",
        cure: "convert the model again")
    }
    return Tensor(elements.map { all[$0] })
  }

  /// One number, or one for each head.
  private static func perHead(_ weights: inout ForeignWeights, _ name: String, _ heads: Int) throws(FileFormatError) -> [Double] {
    let values = try weights.array(name).values
    if values.count == 1 { return [Double](repeating: values[0], count: heads) }
    return try weights.values(name, count: heads)
  }
}
