import Equivariant
import ExampleSupport

/// Everything that decides a run.
struct MoleculeConfiguration: ModelConfiguration {
  var model: any Architecture
  var training = TrainingSettings()
  var data = DataSettings()
  /// How a trajectory is divided.
  var split = SplitSettings()
  var atomicNumbers: [Int] = []
  /// The `MoleculeDataset.fingerprint` of the data; nil for runs of older versions.
  var fingerprint: String?

  static let defaultModel = PONITAArchitecture.name

  static var models: ModelList { molecules.models }

  init(modelNamed name: String) throws(SettingError) { model = try architectures[Self.models.index(of: name)].init() }
  var modelName: String { type(of: model).name }

  mutating func visit(_ visitor: inout some SettingsVisitor) throws(SettingError) {
    try visitor.section("network", &model)
    try visitor.section("training", &training)
    try visitor.section("data", &data)
    try visitor.section("split", &split)
    try visitor.value("atomic-numbers", &atomicNumbers)
    try visitor.value("fingerprint", &fingerprint)
  }

  /// The chemical elements of the molecule, by atomic number.
  var elements: [Int] { Set(atomicNumbers).sorted() }

  func makeModel() -> MoleculeModel { makeModel(shift: 0, scale: 1) }

  func makeModel(shift: Double, scale: Double) -> MoleculeModel {
    var generator = RandomSource(seed: training.seed)
    return MoleculeModel(model.network(elements: elements.count, using: &generator), shift: shift, scale: scale)
  }
}

extension MoleculeDataset {
  /// A text that differs if the atoms do, or the conformations for training or validation.
  var fingerprint: String {
    var fingerprint = Fingerprint()
    fingerprint.mix(atomicNumbers)
    for part in [train, valid] { for values in [part.positions, part.energies, part.forces] { fingerprint.mix(values) } }
    return fingerprint.text
  }
}
