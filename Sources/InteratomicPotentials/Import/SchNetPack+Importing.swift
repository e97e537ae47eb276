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

/// What models of SchNetPack 2 have in common: embeddings, Gaussians, a read-out, and energies that were taken away for training.
private struct SchNetPackFile {
  var file: ForeignWeights
  let elements: [Int]
  let channels: Int
  let cutoff: Double
  let embedding: Tensor<Double>
  let offsets: Tensor<Double>
  let widths: Tensor<Double>
  let readoutWidth: Int
  let shifts: Tensor<Double>

  init(_ weights: ForeignWeights, elements: [Int], unit: Double) throws(FileFormatError) {
    var file = weights
    func refusal(_ name: String, _ cause: String) -> FileFormatError {
      FileFormatError(.malformed, path: weights.path, place: .init(entry: name), cause: cause, cure: "give a model of SchNetPack 2")
    }
    let table = "representation.embedding.weight"
    let (shape, values) = try file.array(table)
    guard shape.count == 2, !elements.isEmpty, elements.allSatisfy({ (1..<shape[0]).contains($0) }) else {
      throw refusal(table, "a row for each of the elements \(elements) is expected, the file has \(shape)")
    }
    let channels = shape[1]
    let rows = elements.flatMap { values[$0 * channels..<($0 + 1) * channels] }
    embedding = Tensor(rows, shape: [elements.count, channels])
    cutoff = try file.number("representation.cutoff_fn.cutoff")
    let places = try file.array("representation.radial_basis.offsets").values
    (offsets, widths) = (Tensor(places), try file.tensor("representation.radial_basis.widths", [places.count]))
    readoutWidth = try file.array("output_modules.0.outnet.0.bias").values.count
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
    self.shifts = Tensor(shifts)
    (self.file, self.elements, self.channels) = (file, elements, channels)
  }

  /// How many layers there are with an array of this name.
  func layers(_ name: (Int) -> String) -> Int { (0..<64).first { !file.contains(name($0)) } ?? 64 }

  func checked(_ refusal: String?) throws(FileFormatError) {
    guard let refusal else { return }
    throw FileFormatError(
      .malformed, path: file.path, cause: "no network has these sizes: \(refusal)", cure: "give a model of SchNetPack 2")
  }

  /// Takes the read-out, and refuses what has not been taken.
  mutating func finish(_ readout: inout MLP<Double>) throws(FileFormatError) {
    for i in 0..<2 { try readout.layers[i].take("output_modules.0.outnet.\(i)", from: &file) }
    try file.finish()
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
    var stored = try SchNetPackFile(ForeignWeights(contentsOf: weights), elements: elements, unit: unit)
    var own = PaiNNConfiguration()
    (own.elements, own.cutoff, own.channels) = (elements, stored.cutoff, stored.channels)
    (own.radialFunctions, own.readoutWidth) = (stored.offsets.count, stored.readoutWidth)
    own.layers = stored.layers { "representation.mixing.\($0).mu_channel_mix.weight" }
    try stored.checked(own.refusal)
    var source = RandomSource(seed: 0)
    var model = PaiNN(own, using: &source)
    (model.embedding, model.basis.places, model.basis.widths) = (stored.embedding, stored.offsets, stored.widths)
    (model.scale, model.shifts) = (Tensor([unit]), stored.shifts)
    try model.filter.take("representation.filter_net", from: &stored.file)
    for number in 0..<own.layers {
      let (between, within) = ("representation.interactions.\(number).interatomic_context_net.", "representation.mixing.\(number).")
      for i in 0..<2 {
        try model.layers[number].message.layers[i].take(between + "\(i)", from: &stored.file)
        try model.layers[number].update.layers[i].take(within + "intraatomic_context_net.\(i)", from: &stored.file)
      }
      try model.layers[number].mixture.take(within + "mu_channel_mix", from: &stored.file)
    }
    try stored.finish(&model.readout)
    return model
  }
}

extension SchNet<Double> {
  /// A SchNet of SchNetPack 2, from its `state_dict`; the parameters are those of ``PaiNN/schNetPack(weights:elements:unit:)``.
  public static func schNetPack(weights: String, elements: [Int], unit: Double = 1) throws -> SchNet<Double> {
    try schNetPack(ForeignWeights(contentsOf: weights), elements: elements, unit: unit)
  }

  static func schNetPack(_ weights: ForeignWeights, elements: [Int], unit: Double) throws(FileFormatError) -> SchNet<Double> {
    var stored = try SchNetPackFile(weights, elements: elements, unit: unit)
    var own = SchNetConfiguration()
    (own.elements, own.cutoff, own.channels) = (elements, stored.cutoff, stored.channels)
    (own.radialFunctions, own.readoutWidth) = (stored.offsets.count, stored.readoutWidth)
    func name(_ number: Int) -> String { "representation.interactions.\(number)." }
    own.layers = stored.layers { name($0) + "in2f.weight" }
    own.filters = try stored.file.array(name(0) + "in2f.weight").shape.first ?? 0
    try stored.checked(own.refusal)
    var source = RandomSource(seed: 0)
    var model = SchNet(own, using: &source)
    (model.embedding, model.basis.places, model.basis.widths) = (stored.embedding, stored.offsets, stored.widths)
    (model.scale, model.shifts) = (Tensor([unit]), stored.shifts)
    for number in 0..<own.layers {
      try model.layers[number].input.take(name(number) + "in2f", from: &stored.file)
      try model.layers[number].filter.first.take(name(number) + "filter_network.0", from: &stored.file)
      try model.layers[number].filter.second.take(name(number) + "filter_network.1", from: &stored.file)
      try model.layers[number].output.first.take(name(number) + "f2out.0", from: &stored.file)
      try model.layers[number].output.second.take(name(number) + "f2out.1", from: &stored.file)
    }
    try stored.finish(&model.readout)
    return model
  }
}
