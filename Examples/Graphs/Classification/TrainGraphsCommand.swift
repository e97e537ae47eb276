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

      \(models.help)
      """)

  @OptionGroup var options: RunOptions<ClassificationConfiguration>
  @Option(help: "The fold that tests, from 1. (default: 1)") var fold: Int?
  @Option(help: "Folder for the results.") var output = "runs/graphs"

  func validate() throws {
    try options.check(others: others, allowing: ["data"])
    if let fold, fold < 1 { throw ValidationError("--fold must be at least 1, not \(fold)") }
  }

  /// A new run.
  var asked: ClassificationConfiguration { get throws { try options.begun().configuration } }
  private var others: [String] { fold == nil ? [] : ["fold"] }

  func run() throws {
    options.session.threads.apply()
    let folder = RunFolder(output)
    let (configuration, data): (ClassificationConfiguration, GraphDataset)
    if options.resume {
      (configuration, data) = try options.resumedOnData(.init(from: SafetensorsFile(contentsOf: folder.checkpoint)), others: others)
    } else {
      let (begun, graphs) = try options.begunOnData()
      let fold = fold ?? 1
      guard fold <= begun.data.folds else { throw ValidationError("--fold must be in 1 ... \(begun.data.folds), not \(fold)") }
      (configuration, data) = (begun.testing(fold - 1), graphs)
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

      \(models.help)
      """)

  @OptionGroup var options: RunOptions<ClassificationConfiguration>
  @Option(help: "Train on this fold, from 1; may be given several times. All where not given.") var only: [Int] = []
  @Option(help: "Folder for the results.") var output = "runs/cross-validation"

  func validate() throws { try options.check(allowing: ["data"]) }

  /// A new run on the first fold.
  var asked: ClassificationConfiguration { get throws { try options.begun().configuration } }

  func run() throws {
    options.session.threads.apply()
    let (configuration, data): (ClassificationConfiguration, GraphDataset)
    if options.resume {
      (configuration, data) = try options.resumedOnData(CrossValidation.configuration(output))
    } else {
      (configuration, data) = try options.begunOnData()
      let path = CrossValidation.configurationPath(output)
      guard !FileManager.default.fileExists(atPath: path) else {
        throw ValidationError("\(output) holds a cross-validation already: continue it with --resume, or give another --output")
      }
      try makeFolder(of: path)
      try JSONValue.object(configuration.object).write(to: path)
    }
    if let wrong = only.first(where: { !(1...configuration.data.folds).contains($0) }) {
      throw ValidationError("--only must be in 1 ... \(configuration.data.folds), not \(wrong)")
    }
    Interruption.watch()
    let deadline = options.session.deadline
    note("\(data.name): \(configuration.summary), \(configuration.data.folds) folds, results in \(output)/")
    for fold in only.isEmpty ? Array(0..<configuration.data.folds) : only.map({ $0 - 1 }) {
      let training = FoldTraining(
        configuration: configuration.testing(fold), data: data,
        resumeCommand: "graphs cross-validate --resume --output \(shellQuoted(output))")
      let folder = CrossValidation.folder(output, fold: fold)
      guard let result = try training.run(folder, saveEvery: options.session.saveEvery, deadline: deadline) else { return }
      note(result.text)
    }
    guard let results = try CrossValidation(output) else { return }
    try results.json().write(to: RunFolder(output).result)
    try GraphReportPage(results, data, in: output).write(to: RunFolder(output).report)
    note(results.text)
    note("report: \(RunFolder(output).report)")
  }
}

extension RunOptions<ClassificationConfiguration> {
  /// A saved run and its data, from --data where they have moved.
  fileprivate func resumedOnData(
    _ saved: ClassificationConfiguration, others: [String] = []
  ) throws -> (ClassificationConfiguration, GraphDataset) {
    let configuration = try resumed(saved, others: others, allowing: ["data"]).configuration
    let graphs = try configuration.loadData()
    try configuration.check(graphs)
    return (configuration, graphs)
  }

  /// A new run on the first fold, and its data.
  fileprivate func begunOnData() throws -> (ClassificationConfiguration, GraphDataset) {
    var (configuration, given) = try begun()
    guard !configuration.data.files.isEmpty else { throw ValidationError("--data is missing") }
    let graphs = try configuration.loadData(given: given)
    try configuration.fit(to: graphs)
    return (configuration, graphs)
  }
}

extension FoldResult {
  var text: String {
    func percent(_ x: Double) -> String { String(format: "%.1f %%", 100 * x) }
    let chosen = honest.map { "(a) \(percent($0)) (epoch \(chosenEpoch ?? 0)), " } ?? ""
    return "fold \(fold + 1): test accuracy \(chosen)(b) \(percent(lastEpochs)) on \(test) graphs, learnt from \(train)"
  }
}

/// What both commands that train say of the protocols.
let protocolHelp = """
  Two test accuracies come from each run. Protocol (a), honest: after every epoch the held-out part of the training graphs is classified; the \
  model with the fewest errors there (of as many, the least loss) classifies the test fold, once. Protocol (b), as papers report it: the \
  mean of the last ten epochs' accuracies on the test fold; nothing is chosen by it. The held-out graphs are missing from the training \
  in both: --validation-parts 0 gives (b) as published. The classes of the test fold never decide anything; the list of node labels, and the sizes \
  of subgraphs with weights of their own, are those of all graphs.
  """
