import ArgumentParser
import Equivariant
import ExampleSupport

struct EvaluateGraphs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Classifies graphs with a trained model.",
    discussion: """
      Prints the accuracy and the numbers of graphs by class and predicted class: of the fold that the model was not trained on, or with \
      --all of all graphs, those that it has learnt from among them.
      """)

  @Argument(help: "Folder of a run (one fold), or a .safetensors file.") var model = "runs/graphs"
  @Option(help: "The data; those of the run where not given.") var data: [String] = []
  @Flag(help: "All graphs, not those of the test fold alone.") var all = false
  @OptionGroup var threads: ThreadOptions
  @Flag(help: "Print one line of JSON.") var json = false

  func run() throws {
    threads.apply()
    let path = modelFile(model)
    var (classifier, configuration, _) = try ClassificationConfiguration.load(path)
    if !data.isEmpty { configuration.data.files = data }
    let graphs = try configuration.loadData()
    try configuration.check(graphs)
    let numbers = all ? Array(0..<graphs.count) : configuration.split(graphs).test
    let result = ClassifierEvaluation(classifier, graphs.batches(numbers), classes: configuration.facts.classes)
    if json {
      note(
        JSONValue.object([
          "accuracy": .number(result.confusion.accuracy), "loss": .number(result.loss), "graphs": .integer(numbers.count),
          "confusion": result.confusion.counts.json,
        ]).description)
      return
    }
    note("\(path) (\(configuration.modelName), \(classifier.parameterCount) parameters) on \(numbers.count) graphs of \(graphs.name)")
    note("accuracy \(significant(100 * result.confusion.accuracy)) %, cross entropy \(significant(result.loss))")
    for (row, name) in zip(result.confusion.counts, graphs.classes) {
      note("  class \(name): predicted " + zip(graphs.classes, row).map { "\($0) \($1) times" }.joined(separator: ", "))
    }
  }
}
