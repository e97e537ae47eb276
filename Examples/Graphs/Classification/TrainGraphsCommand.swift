import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

struct TrainGraphs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Trains a network to classify graphs, and tests it on one fold.",
    discussion: protocolHelp + """


      The run's folder gets checkpoint.safetensors (everything needed to resume), best.safetensors (the chosen model), metrics.jsonl and \
      result.json. Ctrl-C saves and stops; --resume goes on from there, with the same bits and the settings of the run.
      """)

  @OptionGroup var options: ClassificationOptions
  @Option(help: "The fold that tests, from 1.") var fold = 1
  @Option(help: "Folder for the results.") var output = "runs/graphs"
  @Flag(help: "Continue the run in the output folder.") var resume = false

  func run() throws {
    options.session.threads.apply()
    let folder = RunFolder(output)
    let (configuration, data): (ClassificationConfiguration, GraphDataset)
    if resume {
      (configuration, data) = try options.resumed(.init(from: SafetensorsFile(contentsOf: folder.checkpoint)))
    } else {
      var new = try options.begun()
      guard (1...new.0.folds).contains(fold) else { throw ValidationError("--fold must be in 1 ... \(new.0.folds), not \(fold)") }
      new.0.fold = fold - 1
      (configuration, data) = new
      try folder.begin()
    }
    Interruption.watch()
    note("\(data.name): \(configuration.summary), fold \(configuration.fold + 1) tests, results in \(output)/")
    let training = FoldTraining(
      configuration: configuration, data: data, resumeCommand: "graphs train --resume --output \(shellQuoted(output))")
    guard let result = try training.run(folder, saveEvery: options.session.saveEvery, deadline: options.session.deadline) else { return }
    note(result.text)
  }
}

struct CrossValidate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cross-validate", abstract: "Trains a network to classify graphs on each fold of a data set, and tests it.",
    discussion: protocolHelp + """


      The folder gets a folder for each fold, as `graphs train` makes it, result.json (both accuracies and those of every fold and epoch) and \
      report.html. Ctrl-C saves and stops; --resume goes on from there, with the same bits and the settings of the run. Several programs may \
      share a folder, each with folds of its own by --only: one begins, the others join with --resume.
      """)

  @OptionGroup var options: ClassificationOptions
  @Option(help: "Train on this fold, from 1; may be given several times. All where not given.") var only: [Int] = []
  @Option(help: "Folder for the results.") var output = "runs/cross-validation"
  @Flag(help: "Continue what is in the output folder.") var resume = false

  func run() throws {
    options.session.threads.apply()
    let (configuration, data): (ClassificationConfiguration, GraphDataset)
    if resume {
      (configuration, data) = try options.resumed(CrossValidation.configuration(output))
    } else {
      (configuration, data) = try options.begun()
      let path = CrossValidation.configurationPath(output)
      guard !FileManager.default.fileExists(atPath: path) else {
        throw ValidationError("\(output) holds a cross-validation already: continue it with --resume, or give another --output")
      }
      try makeFolder(of: path)
      try writeJSON(configuration, to: path)
    }
    if let wrong = only.first(where: { !(1...configuration.folds).contains($0) }) {
      throw ValidationError("--only must be in 1 ... \(configuration.folds), not \(wrong)")
    }
    Interruption.watch()
    let deadline = options.session.deadline
    note("\(data.name): \(configuration.summary), \(configuration.folds) folds, results in \(output)/")
    for fold in only.isEmpty ? Array(0..<configuration.folds) : only.map({ $0 - 1 }) {
      let training = FoldTraining(
        configuration: configuration.testing(fold), data: data,
        resumeCommand: "graphs cross-validate --resume --output \(shellQuoted(output))")
      let folder = CrossValidation.folder(output, fold: fold)
      guard let result = try training.run(folder, saveEvery: options.session.saveEvery, deadline: deadline) else { return }
      note(result.text)
    }
    guard let results = try CrossValidation(output) else { return }
    try writeJSON(results, to: RunFolder(output).result)
    try GraphReportPage(results, data, in: output).write(to: RunFolder(output).report)
    note(results.text)
    note("report: \(RunFolder(output).report)")
  }
}

extension ClassificationConfiguration {
  /// "188 graphs, 2 classes, gin of width 32, 350 epochs".
  var summary: String { "\(graphs) graphs, \(classes) classes, \(model.rawValue) of width \(hidden), \(counted(epochs, "epoch"))" }
}

extension FoldResult {
  var text: String {
    func percent(_ x: Double) -> String { String(format: "%.1f %%", 100 * x) }
    let chosen = honest.map { "(a) \(percent($0)) (epoch \(chosenEpoch ?? 0)), " } ?? ""
    return "fold \(fold + 1): test accuracy \(chosen)(b) \(percent(lastEpochs)) on \(test) graphs, learnt from \(train)"
  }
}
