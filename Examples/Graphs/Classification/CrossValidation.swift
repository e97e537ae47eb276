import Equivariant
import ExampleSupport
import Foundation

/// The results of the completed folds.
struct CrossValidation {
  /// The configuration of the first fold; the others differ in `fold` alone.
  let configuration: ClassificationConfiguration
  let folds: [FoldResult]
  /// Protocol (a): mean and deviation over the folds of the test accuracy of the model with the lowest validation error.
  let honest: Spread?
  /// Protocol (b): mean and deviation over the folds of the mean test accuracy in the last ten epochs.
  let lastEpochs: Spread
  /// The epoch, from 1, with the highest test accuracy on average over the folds, and that accuracy: how GIN's paper was scored.
  let bestEpoch: Int
  let bestEpochAccuracy: Spread
  /// The confusion matrix of all folds, [class][predicted class].
  let confusion: [[Int]]

  init(_ c: ClassificationConfiguration, _ folds: [FoldResult]) {
    configuration = c
    self.folds = folds
    let chosen = folds.compactMap(\.honest)
    honest = chosen.count == folds.count ? Spread(chosen) : nil
    lastEpochs = Spread(folds.map(\.lastEpochs))
    let epochs = (0..<c.training.epochs).map { epoch in Spread(folds.map { $0.curve[epoch] }) }
    let best = epochs.indices.max { epochs[$0].mean < epochs[$1].mean }!
    bestEpoch = best + 1
    bestEpochAccuracy = epochs[best]
    confusion = (0..<c.facts.classes).map { row in
      (0..<c.facts.classes).map { column in folds.reduce(0) { $0 + $1.confusion[row][column] } }
    }
  }

  /// The folder of a fold's files.
  static func folder(_ path: String, fold: Int) -> RunFolder { RunFolder("\(path)/fold-\(fold + 1)") }
  static func configurationPath(_ path: String) -> String { path + "/configuration.json" }

  /// Reads what is completed in the folder of a cross-validation; nil if not even the first fold is.
  init?(_ path: String) throws {
    let c = try Self.configuration(path)
    let folds = try (0..<c.data.folds).compactMap { try FoldResult(finished: Self.folder(path, fold: $0), of: c.testing($0)) }
    guard !folds.isEmpty else { return nil }
    self.init(c, folds)
  }

  /// The configuration that a cross-validation was started with.
  static func configuration(_ path: String) throws -> ClassificationConfiguration {
    let file = configurationPath(path)
    guard let data = FileManager.default.contents(atPath: file) else {
      throw FileFormatError(
        .missing, path: file, cause: "there is no cross-validation in this folder", cure: "give the --output of `graphs cross-validate`")
    }
    return try ClassificationConfiguration(stored: String(decoding: data, as: UTF8.self), path: file)
  }

  /// The content of the file of results: each figure under its name.
  func json() throws -> JSONValue {
    var object: JSONObject = ["configuration": .object(configuration.object), "folds": try JSONValue(encoding: folds)]
    if let honest { object["honest"] = try JSONValue(encoding: honest) }
    object["lastEpochs"] = try JSONValue(encoding: lastEpochs)
    object["bestEpoch"] = .integer(bestEpoch)
    object["bestEpochAccuracy"] = try JSONValue(encoding: bestEpochAccuracy)
    object["confusion"] = confusion.json
    return .object(object)
  }

  /// The text that the program prints.
  var text: String {
    var lines = ["\(folds.count) of \(configuration.data.folds) folds, accuracy in percent, mean ± deviation over folds:"]
    if let honest { lines.append("  (a) model chosen by validation     \(honest.percent)") }
    lines.append("  (b) mean of the last \(min(10, configuration.training.epochs)) epochs     \(lastEpochs.percent)")
    lines.append("  best epoch of the mean curve (\(bestEpoch))  \(bestEpochAccuracy.percent)")
    return lines.joined(separator: "\n")
  }
}
