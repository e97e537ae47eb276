import ExampleSupport

/// The run's error among published ones and those of the simple predictions computed here.
struct ResultsTable {
  /// A row before sorting.
  private struct Row {
    let method: String
    let mse: Double
    let printed: String
    /// The source as markup.
    let source: String
    var style = ""
  }

  let analysis: RunAnalysis
  /// The name of another run, and its test error on the same samples.
  let comparison: (name: String, mse: Double)?

  var markup: String {
    let c = analysis.run.configuration
    let tabulated = c.usesPublishedStream
    let shown = rows(withPublished: tabulated).sorted { $0.mse > $1.mse }
    let lines = shown.map { row in
      let number = "<td class=\"number\">\(escaped(row.printed))</td>"
      return "<tr class=\"\(row.style)\"><td>\(escaped(row.method))</td>\(number)<td>\(row.source)</td></tr>"
    }
    return """
      <div class="scroll"><table>
      <thead><tr><th>Method</th><th class="number">Test MSE</th><th>Source</th></tr></thead>
      <tbody>
      \(lines.joined(separator: "\n"))
      </tbody></table></div>
      \(tabulated ? protocolNote : omissionNote)
      """
  }

  private func rows(withPublished: Bool) -> [Row] {
    let run = analysis.run
    let c = run.configuration
    var rows = [
      Row(
        method: "No motion: x", mse: analysis.noMotion, printed: significant(analysis.noMotion, 4), source: "computed here", style: "own"),
      Row(
        method: "Straight on: x + v", mse: analysis.straight, printed: significant(analysis.straight, 4), source: "computed here",
        style: "own"),
      Row(
        method: "Best linear: x\u{A0}+\u{A0}\(significant(analysis.linearTime))\u{A0}v", mse: analysis.linear,
        printed: significant(analysis.linear, 4),
        source: "computed here; time fitted to the training samples", style: "own"),
      Row(
        method: "This run: \(run.modelName)", mse: analysis.evaluation.mse, printed: significant(analysis.evaluation.mse, 3),
        source: escaped("\(counted(run.epochsDone, "epoch")), seed \(c.training.seed), \(grouped(c.data.trainCount)) training samples"),
        style: "this"),
    ]
    if let comparison {
      rows.append(
        Row(
          method: comparison.name, mse: comparison.mse, printed: significant(comparison.mse, 3), source: "run given by --compare",
          style: "own"))
    }
    guard withPublished else { return rows }
    return rows
      + PublishedResults.charged.map { result in
        let source = result.address.map { "<a href=\"\(escaped($0))\">\(escaped(result.source))</a>" } ?? escaped(result.source)
        let mark = result.isVerified ? "" : " <span class=\"mark\">unverified</span>"
        return Row(method: result.method, mse: result.mse, printed: result.printed, source: source + mark)
      }
  }

  private var omissionNote: String {
    let c = analysis.run.configuration
    return """
      <p class="note">There is no table of published errors here: those that this program knows are for five charged bodies, and this run \
      is on \(c.data.bodies) \(escaped(c.data.system.bodiesName)). Errors on different systems cannot be compared.</p>
      """
  }

  private var protocolNote: String {
    let c = analysis.run.configuration
    var deviations: [String] = []
    if c.data.trainCount != 3000 { deviations.append("it has \(grouped(c.data.trainCount)) training samples instead of 3,000") }
    if c.data.seed != 43 { deviations.append("its samples are drawn with seed \(c.data.seed) instead of 43") }
    if c.model.predictsVelocities { deviations.append("it predicts velocities too, which the published models do not") }
    let warning = deviations.isEmpty ? "" : " <b>This run departs from it: \(escaped(deviations.joined(separator: "; "))).</b>"
    return """
      <p class="note">Protocol: 3,000 training samples; positions and velocities at frame 30 are given, positions at frame 40 (1,000 steps \
      of the simulator later) are to be predicted; the error is the mean square over 2,000 test samples, five bodies and three \
      coordinates, of the weights with the lowest validation error.\(warning) Our samples are the stream of the published generator at its \
      published seed, 43; in about 5\u{A0}% of them close encounters magnify the last bit of the arithmetic, so that these differ \
      between mathematics libraries. A paper’s own draw can differ from it: the best linear prediction has 0.0819 in EGNN’s table and \
      \(significant(analysis.linear)) here, so differences of a few percent between rows mean nothing. Nor is one run a mean over seeds: \
      this row is one run with seed \(c.training.seed), while EGNN and PONITA trained for 10,000 epochs. “EGNN paper” is Satorras, \
      Hoogeboom, Welling: E(n) Equivariant Graph Neural Networks (2021), its table of the n-body task. “Unverified” marks numbers that \
      are often quoted but for which we found no primary source.</p>
      """
  }
}

extension RunRecord {
  /// The model's name in capitals.
  var architecture: String { configuration.modelName.uppercased() }
  /// The name and size of the model, such as "EGNN, width 64, 4 layers".
  var modelName: String { "\(architecture), \(configuration.model.size)" }
}

extension SystemKind {
  /// The noun for the bodies, as it follows a number.
  var bodiesName: String {
    switch self {
    case .charged: "charged bodies"
    case .gravity: "masses that attract each other by gravity"
    case .springs: "bodies joined by springs"
    }
  }
}
