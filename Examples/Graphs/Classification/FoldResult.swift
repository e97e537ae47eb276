import Equivariant
import ExampleSupport
import Foundation

/// What came of the training on one fold.
struct FoldResult: Codable, Equatable {
  /// Numbered from 0.
  let fold: Int
  let train: Int
  let valid: Int
  let test: Int
  let parameters: Int
  /// The epoch with the lowest validation error, and the test accuracy of its model; nil where no graphs were held out.
  let chosenEpoch: Int?
  let honest: Double?
  /// The mean of the last ten epochs' test accuracies.
  let lastEpochs: Double
  /// The test accuracy after each epoch.
  let curve: [Double]
  /// [class][predicted class] of the test graphs, by the chosen model, or by the last one where none was chosen.
  let confusion: [[Int]]

  /// That of a finished run with this configuration; nil where there is none.
  init?(finished folder: RunFolder, of c: ClassificationConfiguration) throws {
    guard let data = FileManager.default.contents(atPath: folder.result) else { return nil }
    try c.check(ClassificationConfiguration(from: SafetensorsFile(contentsOf: folder.best)), of: folder.result)
    let result = try? JSONDecoder().decode(FoldResult.self, from: data)
    guard let result, result.curve.count == c.training.epochs,
      result.confusion.map(\.count) == Array(repeating: c.facts.classes, count: c.facts.classes)
    else {
      throw FileFormatError(
        .malformed, path: folder.result, cause: "this is not the result of a fold of \(c.summary)",
        cure: "remove the file and continue with --resume")
    }
    self = result
  }

  /// From the files of a run that has done all its epochs.
  init(_ c: ClassificationConfiguration, _ folder: RunFolder, _ data: GraphDataset, model: GraphClassifier, chosen: Int?) throws {
    let split = c.split(data)
    let evaluation = ClassifierEvaluation(model, data.batches(split.test), classes: c.facts.classes)
    let curve = try readJSONLines(folder.metrics).compactMap { $0["test_accuracy"]?.double }
    guard curve.count == c.training.epochs else {
      throw FileFormatError(
        .malformed, path: folder.metrics, cause: "test accuracies of \(c.training.epochs) epochs are expected, there are \(curve.count)",
        cure: "remove the folder \(folder.path) and continue with --resume")
    }
    (fold, train, valid, test) = (c.fold, split.train.count, split.valid.count, split.test.count)
    parameters = model.parameterCount
    chosenEpoch = split.valid.isEmpty ? nil : chosen
    honest = split.valid.isEmpty ? nil : evaluation.confusion.accuracy
    lastEpochs = Spread(Array(curve.suffix(10))).mean
    self.curve = curve
    confusion = evaluation.confusion.counts
  }

  func write(to folder: RunFolder) throws { try JSONValue(encoding: self).write(to: folder.result) }
}

/// Mean and deviation of some numbers: √(mean of (x − mean)²), as NumPy's `std`.
struct Spread: Codable, Equatable {
  let mean: Double
  let deviation: Double

  init(_ values: [Double]) {
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }

  /// "89.4 ± 5.6", in percent.
  var percent: String { String(format: "%.1f ± %.1f", 100 * mean, 100 * deviation) }
}
