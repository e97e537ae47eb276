import Equivariant

/// The choice of the file that a run learns from.
struct DataSettings: Configurable {
  /// The path of the file; nil for the small set that is shipped, or for the file of a resumed run.
  var file: String?

  static let settings: [Setting<Self>] = [
    .init(
      "data", \.file,
      "An .npz file: z, and train_ and test_ with pos, energy, forces; or a trajectory of rMD17 (nuclear_charges, coords, energies, forces) or "
        + "MD17 (z, R, E, F), which is divided by the options below. Where none is given it is \(smallSet), or that of the run.")
  ]

  static let smallSet = "Data/molecules/rmd17_ethanol_tiny.npz"
}

/// The division of the conformations of a trajectory, such as those in the published files of rMD17 and MD17. Files that are already
/// divided take none of these settings.
struct SplitSettings: Configurable {
  var trainCount: Int?
  var testCount: Int?
  var seed: UInt64?
  var trainIndices: String?
  var testIndices: String?

  static let settings: [Setting<Self>] = [
    .init(
      "train-count", \.trainCount, in: 2...100_000_000,
      "Of a trajectory, the conformations to learn from, one in twenty of which validate; 1000 or half of them where it is not given."),
    .init(
      "test-count", \.testCount, in: 2...100_000_000,
      "Of a trajectory, the conformations to be tested on; 1000 or the others where it is not given."),
    .init("split-seed", \.seed, "Of a trajectory, the seed that draws them; 1 where it is not given."),
    .init(
      "train-indices", \.trainIndices,
      "A file of the numbers of conformations to learn from, one a line, from 0, as the published splits are."),
    .init("test-indices", \.testIndices, "A file of the numbers of conformations to be tested on."),
  ]

  var objection: String? {
    if (trainIndices == nil) != (testIndices == nil) { return "--train-indices and --test-indices go together" }
    if trainIndices != nil, trainCount != nil || testCount != nil || seed != nil {
      return "--train-indices leaves nothing to draw: give no --train-count, --test-count or --split-seed"
    }
    return nil
  }

  /// The division, for which the files of numbers are read if there are any; nil if none is asked for.
  func split() throws -> MoleculeSplit? {
    if self == SplitSettings() { return nil }
    if let trainIndices, let testIndices { return try .files(train: trainIndices, test: testIndices) }
    return .random(train: trainCount, test: testCount, seed: seed ?? 1)
  }
}

extension MoleculeDataset {
  /// Reads a file as a run does.
  init(_ path: String, _ split: SplitSettings) throws { try self.init(contentsOf: path, split: split.split()) }
}
