import Equivariant
import ExampleSupport
import Foundation

/// One line of a run's metrics.
struct EpochRecord {
  let epoch: Int
  let train: Double
  let valid: Double?
  let rate: Double?
}

/// A run as stored on disk, finished or not.
struct RunRecord {
  let folder: RunFolder
  let configuration: RunConfiguration
  /// The model with the lowest validation error so far, or the latest one if none has been validated.
  let model: NBodyModel
  /// The file that ``model`` comes from.
  let modelFile: String
  let isBest: Bool
  let metrics: [EpochRecord]
  let epochsDone: Int
  /// When ``modelFile`` was written.
  let written: Date?

  var isFinished: Bool { epochsDone >= configuration.training.epochs }
  /// The epoch and validation error of the best model.
  var best: (epoch: Int, mse: Double)? {
    metrics.compactMap { m in m.valid.map { (m.epoch, $0) } }.min { $0.1 < $1.1 }
  }

  /// Reads the folder of a run.
  init(_ path: String) throws {
    folder = RunFolder(path)
    let files = FileManager.default
    let (hasBest, hasCheckpoint) = (files.fileExists(atPath: folder.best), files.fileExists(atPath: folder.checkpoint))
    guard hasBest || hasCheckpoint else {
      let exists = files.fileExists(atPath: path)
      throw FileFormatError(
        .missing, path: exists ? folder.best : path, cause: exists ? "the folder has no model yet" : "there is no such folder",
        cure: "train one with `nbody train --output \(shellQuoted(path))`, or name another folder with --run")
    }
    isBest = hasBest
    modelFile = hasBest ? folder.best : folder.checkpoint
    let saved = try SafetensorsFile(contentsOf: modelFile)
    configuration = try RunConfiguration(from: saved)
    var network = configuration.makeModel()
    try network.load(from: hasBest ? saved : Self.predictionWeights(saved))
    model = network
    metrics = files.fileExists(atPath: folder.metrics) ? try Self.readMetrics(folder.metrics) : []
    let counted = try hasCheckpoint ? Self.epoch(of: hasBest ? SafetensorsFile(contentsOf: folder.checkpoint) : saved) : 0
    epochsDone = max(counted, metrics.last?.epoch ?? 0)
    written = (try? files.attributesOfItem(atPath: modelFile))?[.modificationDate] as? Date
  }

  /// The weights in a checkpoint to predict with, which are the averaged ones if there are any.
  private static func predictionWeights(_ checkpoint: SafetensorsFile) -> SafetensorsFile {
    let prefix = "average."
    let averaged = checkpoint.names.contains { $0.hasPrefix(prefix) }
    var weights = SafetensorsFile(metadata: checkpoint.metadata)
    for entry in checkpoint.entries where !entry.name.hasPrefix("optimizer.") && entry.name.hasPrefix(prefix) == averaged {
      let name = averaged ? String(entry.name.dropFirst(prefix.count)) : entry.name
      weights.append(name, dtype: entry.dtype, shape: entry.shape, data: Array(entry.data))
    }
    return weights
  }

  /// The number of epochs in a checkpoint; 0 for a file without a training state.
  private static func epoch(of checkpoint: SafetensorsFile) throws -> Int {
    guard let text = checkpoint.metadata["trainer"] else { return 0 }
    return try JSONValue(parsing: text, path: checkpoint.path)["epoch"]?.int ?? 0
  }

  /// The lines in ascending order of epochs. A torn last line and lines without finite numbers are left out.
  private static func readMetrics(_ path: String) throws -> [EpochRecord] {
    var records: [EpochRecord] = []
    for line in try readJSONLines(path, toleratingTornLastLine: true) {
      guard let epoch = line["epoch"]?.int, let train = line["train"]?.double, train.isFinite else { continue }
      guard epoch > records.last?.epoch ?? 0, epoch <= 1_000_000_000 else { continue }
      records.append(EpochRecord(epoch: epoch, train: train, valid: line["valid"]?.double, rate: line["rate"]?.double))
    }
    return records
  }
}
