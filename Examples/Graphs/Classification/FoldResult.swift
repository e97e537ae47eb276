import Equivariant
import ExampleSupport
import Foundation

/// The result of the training on one fold.
struct FoldResult: Codable, Equatable {
  /// The number of the fold, from 0.
  let fold: Int
  let train: Int
  let valid: Int
  let test: Int
  let parameters: Int
  /// The epoch with the lowest validation error, and the test accuracy of its model; nil if no graphs were held out.
  let chosenEpoch: Int?
  let honest: Double?
  /// The mean of the last ten epochs' test accuracies.
  let lastEpochs: Double
  /// The test accuracy after each epoch.
  let curve: [Double]
  /// The confusion matrix of the test graphs, [class][predicted class], by the chosen model, or by the last one if none was chosen.
  let confusion: [[Int]]

  /// Reads the result of a finished run with this configuration; nil if there is none.
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

  /// Computes the result from the files of a run that has completed all its epochs.
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

/// The mean and standard deviation of some numbers, √(mean of (x − mean)²) as in NumPy's `std`.
struct Spread: Codable, Equatable {
  let mean: Double
  let deviation: Double

  init(_ values: [Double]) {
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }

  /// The spread in percent, such as "89.4 ± 5.6".
  var percent: String { String(format: "%.1f ± %.1f", 100 * mean, 100 * deviation) }
}
