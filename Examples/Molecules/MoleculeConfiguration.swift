import Equivariant
import ExampleSupport

/// Everything that decides a run.
struct MoleculeConfiguration: Sendable {
  var model: any Architecture
  var training = TrainingSettings()
  var data = DataSettings()
  /// How a trajectory is divided.
  var split = SplitSettings()
  var atomicNumbers: [Int] = []
  /// `MoleculeDataset.fingerprint` of the data; nil for those of older versions.
  var fingerprint: String?

  static let defaultModel = PONITAArchitecture.name

  /// The defaults of an architecture.
  init(_ architecture: any Architecture.Type) { model = architecture.init() }

  /// The chemical elements of the molecule, by atomic number.
  var elements: [Int] { Set(atomicNumbers).sorted() }

  /// Sets what options say, takes them out of the list, and chooses what depends on them.
  mutating func apply(_ options: inout OptionList) throws(SettingError) {
    try options.apply(to: &model)
    try options.apply(to: &training)
    try options.apply(to: &data)
    try options.apply(to: &split)
    try model.complete(given: options.taken)
  }

  /// Why there is no such run, in the words of the options, or nil.
  var objection: String? { model.refusal ?? training.refusal ?? data.refusal ?? split.refusal }

  func makeModel(shift: Double = 0, scale: Double = 1) -> MoleculeModel {
    var generator = RandomSource(seed: training.seed)
    return MoleculeModel(model.network(elements: elements.count, using: &generator), shift: shift, scale: scale)
  }
}

extension MoleculeConfiguration: Equatable {
  static func == (a: Self, b: Self) -> Bool {
    a.model.equals(b.model) && a.training == b.training && a.data == b.data && a.split == b.split && a.atomicNumbers == b.atomicNumbers
      && a.fingerprint == b.fingerprint
  }
}

extension MoleculeDataset {
  /// What differs where atoms or conformations to learn from or to choose by do.
  var fingerprint: String {
    var fingerprint = Fingerprint()
    fingerprint.mix(atomicNumbers)
    for part in [train, valid] { for values in [part.positions, part.energies, part.forces] { fingerprint.mix(values) } }
    return fingerprint.text
  }
}
