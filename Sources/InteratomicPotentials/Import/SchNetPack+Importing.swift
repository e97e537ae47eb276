import DifferentiableTensors
import FileFormats
import NeuralModules

extension Linear<Double> {
  /// The weight and, where there is one, the bias of a linear layer.
  mutating func take(_ name: String, from file: inout ForeignWeights) throws(FileFormatError) {
    weight = try file.tensor(name + ".weight", weight.shape.dimensions)
    if let own = bias { bias = try file.tensor(name + ".bias", own.shape.dimensions) }
  }
}

extension PaiNN<Double> {
  /// A PaiNN of SchNetPack 2, from its `state_dict`.
  ///
  /// - Parameters:
  ///   - weights: a .npz or .safetensors file of the `state_dict`.
  ///   - elements: the atomic numbers of the elements that it was trained on; the file has a row for each up to its largest, trained or not.
  ///   - unit: one of the energies that the model was trained on, in eV.
  /// - Throws: `FileFormatError` for a file that cannot be read, and arrays that are missing, are of another size or are left over.
  public static func schNetPack(weights: String, elements: [Int], unit: Double = 1) throws -> PaiNN<Double> {
    var file = try ForeignWeights(contentsOf: weights)
    func refusal(_ name: String, _ cause: String) -> FileFormatError {
      FileFormatError(.malformed, path: weights, place: .init(entry: name), cause: cause, cure: "give a PaiNN of SchNetPack 2")
    }
    var own = PaiNNConfiguration()
    own.elements = elements
    let table = "representation.embedding.weight"
    let (shape, values) = try file.array(table)
    guard shape.count == 2, let rows = shape.first, elements.allSatisfy({ (0..<rows).contains($0) }) else {
      throw refusal(table, "a row for each of the elements \(elements) is expected, the file has \(shape)")
    }
    own.channels = shape[1]
    own.cutoff = try file.number("representation.cutoff_fn.cutoff")
    let offsets = try file.array("representation.radial_basis.offsets").values
    own.radialFunctions = offsets.count
    own.layers = (0..<64).first { !file.contains("representation.mixing.\($0).mu_channel_mix.weight") } ?? 64
    let outputs = "output_modules.0.outnet."
    own.readoutWidth = try file.array(outputs + "0.bias").values.count
    if let refused = own.refusal { throw refusal(table, "no network has these sizes: \(refused)") }

    var source = RandomSource(seed: 0)
    var model = PaiNN(own, using: &source)
    model.embedding = Tensor(
      elements.flatMap { values[$0 * own.channels..<($0 + 1) * own.channels] }, shape: [elements.count, own.channels])
    model.basis.places = Tensor(offsets)
    model.basis.widths = try file.tensor("representation.radial_basis.widths", [offsets.count])
    try model.filter.take("representation.filter_net", from: &file)
    for number in 0..<own.layers {
      let (between, within) = ("representation.interactions.\(number).interatomic_context_net.", "representation.mixing.\(number).")
      for i in 0..<2 {
        try model.layers[number].message.layers[i].take(between + "\(i)", from: &file)
        try model.layers[number].update.layers[i].take(within + "intraatomic_context_net.\(i)", from: &file)
      }
      try model.layers[number].mixture.take(within + "mu_channel_mix", from: &file)
    }
    for i in 0..<2 { try model.readout.layers[i].take(outputs + "\(i)", from: &file) }
    model.scale = Tensor([unit])
    // Energies of atoms, and the mean energy that was taken away for training.
    var shifts = [Double](repeating: 0, count: elements.count)
    for number in 0..<8 {
      let name = "postprocessors.\(number)."
      if file.contains(name + "mean") {
        let mean = try file.number(name + "mean")
        shifts = shifts.map { $0 + mean * unit }
      }
      if file.contains(name + "atomref") {
        let energies = try file.array(name + "atomref").values
        guard elements.allSatisfy({ energies.indices.contains($0) }) else {
          throw refusal(name + "atomref", "an energy of each of the elements \(elements) is expected, the file has \(energies.count)")
        }
        for (i, element) in elements.enumerated() { shifts[i] += energies[element] * unit }
      }
    }
    model.shifts = Tensor(shifts)
    try file.finish()
    return model
  }
}
