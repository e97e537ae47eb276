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

  /// The configuration of a new run.
  var asked: ClassificationConfiguration { get throws { try options.begun().configuration } }
  private var others: [String] { fold == nil ? [] : ["fold"] }

  func run() throws {
    let (plan, folder) = (options.session.begin(), RunFolder(output))
    let start = try options.start(in: folder, others: others, allowing: ["data"])
    var (configuration, data) = try start.configuration.onData(given: start.given, isBegun: start.saved == nil)
    if start.saved == nil {
      let fold = fold ?? 1
      guard fold <= configuration.data.folds else {
        throw ValidationError("--fold must be in 1 ... \(configuration.data.folds), not \(fold)")
      }
      configuration.fold = fold - 1
      try folder.begin()
    }
    Interruption.watch()
    note("\(data.name): \(configuration.summary), fold \(configuration.fold + 1) tests, results in \(output)/")
    let training = FoldTraining(
      configuration: configuration, data: data, resumeCommand: "graphs train --resume --output \(shellQuoted(output))")
    guard let result = try training.run(folder, plan) else { return }
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

  /// The configuration of a new run on the first fold.
  var asked: ClassificationConfiguration { get throws { try options.begun().configuration } }

  func run() throws {
    let plan = options.session.begin()
    let (begun, given) =
      options.resume ? try options.resumed(CrossValidation.configuration(output), allowing: ["data"]) : try options.begun()
    let (configuration, data) = try begun.onData(given: given, isBegun: !options.resume)
    if !options.resume {
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
    note("\(data.name): \(configuration.summary), \(configuration.data.folds) folds, results in \(output)/")
    for fold in only.isEmpty ? Array(0..<configuration.data.folds) : only.map({ $0 - 1 }) {
      let training = FoldTraining(
        configuration: configuration.testing(fold), data: data,
        resumeCommand: "graphs cross-validate --resume --output \(shellQuoted(output))")
      let folder = CrossValidation.folder(output, fold: fold)
      guard let result = try training.run(folder, plan) else { return }
      note(result.text)
    }
    guard let results = try CrossValidation(output) else { return }
    try results.json().write(to: RunFolder(output).result)
    try GraphReportPage(results, data, in: output).write(to: RunFolder(output).report)
    note(results.text)
    note("report: \(RunFolder(output).report)")
  }
}

extension ClassificationConfiguration {
  /// The configuration for its data, with these. A resumed run must have been started with them; a new run depends on them.
  fileprivate func onData(given names: Set<String>, isBegun: Bool) throws -> (configuration: Self, data: GraphDataset) {
    if data.files.isEmpty { throw ValidationError("--data is missing") }
    let graphs = try loadData(given: names)
    var configuration = self
    if isBegun { try configuration.fit(to: graphs) } else { try check(graphs) }
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

/// The description of the protocols in the help of both training commands.
let protocolHelp = """
  Two test accuracies come from each run. Protocol (a), honest: after every epoch the held-out part of the training graphs is classified; the \
  model with the fewest errors there (of as many, the least loss) classifies the test fold, once. Protocol (b), as papers report it: the \
  mean of the last ten epochs' accuracies on the test fold; nothing is chosen by it. The held-out graphs are missing from the training \
  in both: --validation-parts 0 gives (b) as published. The classes of the test fold never decide anything; the list of node labels, and the sizes \
  of subgraphs with weights of their own, are those of all graphs.
  """
