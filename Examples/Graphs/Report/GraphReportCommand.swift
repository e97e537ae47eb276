import ArgumentParser
import Equivariant
import ExampleSupport

struct GraphReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Writes a web page about a cross-validation: accuracies, curves, confusions, drawings of graphs.",
    discussion: "The page is one file that needs no network and no scripts. Folds that are not finished are left out.")

  @Argument(help: "Folder of a cross-validation.") var folder = "runs/cross-validation"
  @Option(name: .shortAndLong, help: "The page to write (default: report.html in the folder).") var output: String?
  @Option(help: "The data; those of the run where not given.") var data: [String] = []

  func run() throws {
    guard let results = try CrossValidation(folder) else {
      throw FileFormatError(
        .missing, path: RunFolder(folder).result, cause: "no fold is finished",
        cure: "continue with `graphs cross-validate --resume`")
    }
    var configuration = results.configuration
    if !data.isEmpty { configuration.data.files = data }
    let graphs = try configuration.loadData()
    try configuration.check(graphs)
    let target = output ?? RunFolder(folder).report
    try makeFolder(of: target)
    try GraphReportPage(results, graphs, in: folder).write(to: target)
    note("report: \(target)")
  }
}
