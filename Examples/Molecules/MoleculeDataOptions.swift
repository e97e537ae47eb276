import ArgumentParser
import Equivariant
import ExampleSupport

/// How the conformations of a trajectory, as the published files of rMD17 and MD17 have them, are divided; files that are divided already take
/// none of these.
struct MoleculeDataOptions: ParsableArguments {
  @Option(help: "Of a trajectory, the conformations to learn from, one in twenty of which validate. (default: 1000, or half of them)")
  var trainCount: Int?
  @Option(help: "Of a trajectory, the conformations to be tested on. (default: 1000, or the others)") var testCount: Int?
  @Option(help: "Of a trajectory, the seed that draws them. (default: 1)") var splitSeed: UInt64?
  @Option(help: "A file of the numbers of conformations to learn from, one a line, from 0, as the published splits are.")
  var trainIndices: String?
  @Option(help: "A file of the numbers of conformations to be tested on.") var testIndices: String?

  func validate() throws {
    if let objection = split?.objection { throw ValidationError(objection) }
  }

  /// What is asked for; nil where nothing is.
  var split: SplitConfiguration? {
    let split = SplitConfiguration(
      trainCount: trainCount, testCount: testCount, seed: splitSeed, trainIndices: trainIndices, testIndices: testIndices)
    return split == SplitConfiguration() ? nil : split
  }
}

/// How a trajectory is divided, as a run keeps it.
struct SplitConfiguration: Codable, Equatable {
  var trainCount: Int?
  var testCount: Int?
  var seed: UInt64?
  var trainIndices: String?
  var testIndices: String?

  var objection: String? {
    if (trainIndices == nil) != (testIndices == nil) { return "--train-indices and --test-indices go together" }
    if trainIndices != nil, trainCount != nil || testCount != nil || seed != nil {
      return "--train-indices leaves nothing to draw: give no --train-count, --test-count or --split-seed"
    }
    return countObjection([("train-count", trainCount, 2...100_000_000), ("test-count", testCount, 2...100_000_000)])
  }

  /// Reads the files of numbers, where there are any.
  func split() throws -> MoleculeSplit {
    if let trainIndices, let testIndices { return try .files(train: trainIndices, test: testIndices) }
    return .random(train: trainCount, test: testCount, seed: seed ?? 1)
  }
}

extension MoleculeDataset {
  /// Reads a file as a run does.
  init(_ path: String, _ split: SplitConfiguration?) throws {
    try self.init(contentsOf: path, split: split?.split())
  }
}
