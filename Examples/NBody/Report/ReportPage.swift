import ExampleSupport
import Foundation

/// The page of a run, with text and figures in a single file that needs nothing else.
struct ReportPage {
  let analysis: RunAnalysis
  let equivariance: EquivarianceFigure
  let comparison: (name: String, mse: Double)?

  private var run: RunRecord { analysis.run }
  private var c: RunConfiguration { analysis.run.configuration }

  var html: String {
    let title = "Where will \(inWords(c.data.bodies)) \(c.data.system.bodiesName) be?"
    let isTabulated = c.usesPublishedStream
    let curves = LearningCurveFigure(
      metrics: run.metrics, linear: analysis.linear, published: isTabulated ? PublishedResults.egnn : nil,
      predictsVelocities: c.model.predictsVelocities, best: run.best)
    let content = """
      \(introduction)
      \(status)
      \(tiles)
      <h2>True paths and predictions</h2>
      \(TrajectoryFigure(analysis).markup)
      <h2>Learning curves</h2>
      \(curves.markup)
      <h2>How large the errors are</h2>
      \(ErrorHistogramFigure(analysis).markup)
      <h2>Does the prediction turn with the world?</h2>
      \(equivariance.markup)
      <h2>\(isTabulated ? "Compared with published results" : "Compared with simple predictions")</h2>
      \(ResultsTable(analysis: analysis, comparison: comparison).markup)
      <h2>How to do it again</h2>
      \(commands)
      <footer>Written by <code>nbody report</code> from \(escaped(run.modelFile))\(writtenAt). The page is one file without scripts; \
      graphs show numbers where the pointer rests on them.</footer>
      """
    return page(title: title, content)
  }

  private var introduction: String {
    let world =
      switch c.data.system {
      case .charged:
        "Five little balls float in empty space, each charged + or − at random: equal charges push each other away, opposite ones attract."
          .replacingOccurrences(of: "Five", with: inWords(c.data.bodies).capitalized)
      case .gravity: "\(inWords(c.data.bodies).capitalized) equal masses move in empty space and attract each other by gravity."
      case .springs: "\(inWords(c.data.bodies).capitalized) bodies move in a box; some pairs, chosen at random, are joined by springs."
      }
    return """
      <p>\(escaped(world)) Given where the bodies are and how fast they move, a neural network was trained to say where they will be 1,000 \
      steps of the simulator (one unit of time) later, without being told the law of the forces. \(c.model.introduction) Errors are mean \
      squared errors (MSE): the square of the distance between truth and prediction along each coordinate axis, averaged.</p>
      """
  }

  private var status: String {
    if run.isFinished { return "" }
    let model = run.isBest ? "the best model so far" : "the latest weights (none have been validated yet)"
    return """
      <p class="warning">This run is not finished: \(grouped(run.epochsDone)) of \(grouped(c.training.epochs)) epochs are done. \
      The report shows \(model).</p>
      """
  }

  private var tiles: String {
    let mse = analysis.evaluation.mse
    let selected = run.isBest ? run.best.map { "weights of epoch \(grouped($0.epoch)), validation MSE \(significant($0.mse))" } : nil
    let gain = analysis.linear / mse
    let items = [
      (
        significant(mse),
        "test MSE over \(grouped(analysis.test.count)) samples never seen in training; a body is off by "
          + "\(significant((3 * mse).squareRoot(), 2)) (r.m.s.)"
      ),
      (
        "\(significant(max(gain, 1 / gain), 2))×",
        "\(gain >= 1 ? "smaller" : "larger") than the error \(significant(analysis.linear)) of the best straight-line prediction"
      ),
      (grouped(run.model.parameterCount), "parameters: \(run.modelName)"),
      (
        grouped(run.epochsDone),
        (run.isFinished ? "" : "of \(grouped(c.training.epochs)) ") + (run.epochsDone == 1 && run.isFinished ? "epoch" : "epochs")
          + " of \(grouped(c.data.trainCount)) samples in batches of \(c.training.batch)" + (selected.map { "; \($0)" } ?? "")
      ),
    ]
    let tiles = items.map { "<div class=\"tile\"><b>\(escaped($0.0))</b><span>\(escaped($0.1))</span></div>" }
    let schedule = c.training.cosine ? "falling along a cosine after \(c.training.warmUpEpochs) epochs of warm-up" : "constant"
    let details = [
      String(format: "learning rate %g, ", c.training.rate) + schedule, String(format: "L2 penalty %g", c.training.l2),
      clipping,
      c.training.average > 0 ? "weights averaged with decay \(c.training.average)" : "no averaging of weights",
      c.model.predictsVelocities ? "velocities predicted too" : "positions predicted only",
      c.data.file.map { "seed \(c.training.seed) for weights and batches, data from \($0)" }
        ?? "seed \(c.training.seed) for weights and batches, \(c.data.seed) for the data",
    ]
    return """
      <div class="tiles">\(tiles.joined(separator: "\n"))</div>
      <p class="small">Adam, \(escaped(details.joined(separator: "; "))).</p>
      """
  }

  private var clipping: String {
    if c.training.clip > 0 { return "gradients clipped at \(significant(c.training.clip, 2)) times their mean norm" }
    if c.training.clipNorm > 0 { return "gradients clipped at norm \(significant(c.training.clipNorm, 2))" }
    return "no gradient clipping"
  }

  private var commands: String {
    let tool = "swift run -c release nbody"
    let path = shellQuoted(run.folder.path)
    let train = ([tool, "train"] + c.trainOptions.map(shellQuoted) + ["--output", path]).joined(separator: " ")
    let lines = [train, "\(tool) evaluate \(path)", "\(tool) report --run \(path)"]
    return """
      <p>In the package’s folder\(c.data.file == nil ? "; the data are simulated again, so nothing needs to be downloaded" : ""):</p>
      <pre>\(lines.map(escaped).joined(separator: "\n"))</pre>
      <p class="note">The same seeds give the same data and the same initial weights, for any number of threads.</p>
      """
  }

  /// The time at which the model was saved, in UTC.
  private var writtenAt: String {
    guard let date = run.written else { return "" }
    return ", saved "
      + escaped(date.formatted(.iso8601).replacingOccurrences(of: "T", with: " ").replacingOccurrences(of: "Z", with: " UTC"))
  }
}

/// A small number in words.
func inWords(_ n: Int) -> String {
  let words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
  return n < words.count ? words[n] : grouped(n)
}
