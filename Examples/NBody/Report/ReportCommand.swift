import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a web page about a run: predictions, learning curves, errors, equivariance, published results.",
    discussion: """
      The page is one file that needs no network and no scripts. A run that is not finished, or still in training, is reported as far as \
      it has come. The samples are simulated again from the seed that the run names, or read again from its file.
      """)

  @Option(name: .customLong("run"), help: "Folder of the run.") var folder = "runs/nbody"
  @Option(help: "The page to write (default: report.html in the run's folder).") var output: String?
  @Option(help: ArgumentHelp("Folder of a second run, of the other kind of model, to set beside this one.", valueName: "run"))
  var compare: String?
  @OptionGroup var threads: ThreadOptions

  func run() throws {
    threads.apply()
    let record = try RunRecord(folder)
    let other = try compare.map { try RunRecord($0) }
    let analysis = try RunAnalysis(record)
    let subjects = [
      EquivarianceFigure.Subject(
        name: "this run: \(record.architecture), trained",
        measurements: EquivarianceMeasurement.measure(record.model, on: analysis.test)),
      contrast(to: record.configuration, other, on: analysis.test),
    ]
    let page = ReportPage(
      analysis: analysis, equivariance: EquivarianceFigure(subjects: subjects),
      comparison: other.flatMap { compared($0, with: record.configuration, on: analysis.test) })
    let target = output ?? record.folder.report
    try makeFolder(of: target)
    try AtomicFile.write(Array(page.html.utf8), to: target)
    note(String(format: "test MSE %.5f after %d epochs; report: ", analysis.evaluation.mse, record.epochsDone) + target)
  }

  /// The model to measure beside that of the run: the model of the other run, or an untrained one of the other kind.
  private func contrast(to c: RunConfiguration, _ other: RunRecord?, on test: NBodySplit<Float>) -> EquivarianceFigure.Subject {
    if let other {
      return .init(
        name: "run \(other.folder.path): \(other.architecture), trained",
        measurements: EquivarianceMeasurement.measure(other.model, on: test))
    }
    var twin = c
    let layers = c.model.json["layers"]?.int ?? 4
    let isPlain = c.model is GNNArchitecture
    twin.model = isPlain ? EGNNArchitecture(layers: layers) : GNNArchitecture(layers: layers)
    let name = isPlain ? "EGNN, equivariant, untrained" : "GNN, not equivariant, untrained"
    return .init(name: name, measurements: EquivarianceMeasurement.measure(twin.makeModel(), on: test))
  }

  /// The row of the other run in the table; nil unless its samples are the same.
  private func compared(_ other: RunRecord, with c: RunConfiguration, on test: NBodySplit<Float>) -> (name: String, mse: Double)? {
    let o = other.configuration
    // Where a set is not the published one, its test samples come from the stream after as many training samples as the run has.
    let sameStream = c.usesPublishedStream || o.data.trainCount == c.data.trainCount
    guard o.data.file == nil, c.data.file == nil, o.data.system == c.data.system, o.data.bodies == c.data.bodies,
      o.data.seed == c.data.seed, sameStream
    else { return nil }
    let mse = Evaluation(of: other.model, on: NBodySamples(test)).mse
    return ("Run \(other.folder.path): \(other.modelName), \(counted(other.epochsDone, "epoch"))", mse)
  }
}
