import FileFormats
import Foundation

/// A page about a training run, in one file that any browser shows: text, figures, learning curves, and the configuration of the run.
///
/// ```swift
/// try TrainingReport("Energies of QM9", text: "A network of three layers.", results: ["mean absolute error": (0.0412, "eV")])
///   .write(for: folder)
/// ```
/// The curves are drawn from the metrics of the run (``RunFolder/metrics``): the mean loss of each epoch, and each validation figure.
public struct TrainingReport: Sendable {
  /// The heading.
  public var title: String
  /// A text about the run, with paragraphs separated by empty lines.
  public var text: String
  /// The figures to be emphasised, by name, with their units.
  public var results: [(name: String, value: Double, unit: String)]
  /// The command that repeats the run; nil for the one that started this program.
  public var command: String?

  /// A page with a heading, a text and figures, which are shown with three digits.
  public init(
    _ title: String, text: String = "", results: KeyValuePairs<String, (value: Double, unit: String)> = [:], command: String? = nil
  ) {
    (self.title, self.text, self.command) = (title, text, command)
    self.results = results.map { ($0.key, $0.value.value, $0.value.unit) }
  }

  /// Writes the page of a run to ``RunFolder/report``.
  /// - Throws: a `FileFormatError` if the metrics cannot be read or the page cannot be written.
  public func write(for folder: RunFolder) throws {
    let metrics =
      FileManager.default.fileExists(atPath: folder.metrics) ? try readJSONLines(folder.metrics, toleratingTornLastLine: true) : []
    var configuration: JSONValue?
    for path in [folder.best, folder.checkpoint] where configuration == nil && FileManager.default.fileExists(atPath: path) {
      configuration = try SafetensorsFile(contentsOf: path).metadata["configuration"].map { try JSONValue(parsing: $0, path: path) }
    }
    try AtomicFile.write(Array(markup(metrics, configuration).utf8), to: folder.report)
  }

  /// The page.
  func markup(_ metrics: [JSONValue], _ configuration: JSONValue?) -> String {
    let paragraphs = text.components(separatedBy: "\n\n").filter { !$0.isEmpty }.map { "<p>\(escaped($0))</p>" }.joined(separator: "\n")
    let tiles = results.map {
      "<div class=\"tile\"><b>\(significant($0.value)) \(escaped($0.unit))</b><span>\(escaped($0.name))</span></div>"
    }.joined()
    let curves = LearningCurves(metrics)
    return page(
      title: title,
      """
      \(paragraphs)
      \(tiles.isEmpty ? "" : "<div class=\"tiles\">\(tiles)</div>")
      <h2>Learning curves</h2>
      \(curves.markup)
      \(settings(configuration))
      <h2>To make this run again</h2>
      <pre>\(escaped(command ?? CommandLine.arguments.map(shellQuoted).joined(separator: " ")))</pre>
      """)
  }

  private func settings(_ configuration: JSONValue?) -> String {
    guard let object = configuration?.object, !object.members.isEmpty else { return "" }
    func rows(_ object: JSONObject, _ path: String) -> String {
      object.members.map { member in
        let name = path + member.key
        if let inner = member.value.object { return rows(inner, name + ".") }
        return "<tr><td>\(escaped(name))</td><td>\(escaped(member.value.description))</td></tr>"
      }.joined(separator: "\n")
    }
    return "<h2>Settings</h2>\n<div class=\"scroll\"><table>\(rows(object, ""))</table></div>"
  }
}

/// The curves of the metrics of a run, one drawing for each figure.
private struct LearningCurves {
  private let series: [(name: String, points: [(epoch: Double, value: Double)])]

  init(_ metrics: [JSONValue]) {
    // The names in the order of the lines; what is no figure of learning is left out.
    var names: [String] = []
    for line in metrics {
      for member in line.object?.members ?? [] where member.value.double != nil && !names.contains(member.key) { names.append(member.key) }
    }
    series = names.filter { !["epoch", "step", "skipped", "rate"].contains($0) }.map { name in
      (
        name,
        metrics.compactMap { line in
          guard let epoch = line["epoch"]?.double, let value = line[name]?.double, value.isFinite else { return nil }
          return (epoch, value)
        }
      )
    }.filter { !$0.points.isEmpty }
  }

  var markup: String {
    guard !series.isEmpty else { return "<p>There are no metrics of this run, so there are no curves to draw.</p>" }
    return series.map { name, points in
      let least = points.min { $0.value < $1.value }!
      let words = name == "train" ? "mean loss of the training" : name
      return """
        <figure>
        \(responsive { drawing(words, points, width: $0) })
        <figcaption>\(escaped(words)) against epoch: at last \(significant(points.last!.value)), least \(significant(least.value)) after epoch \
        \(grouped(Int(least.epoch))).</figcaption>
        </figure>
        """
    }.joined(separator: "\n")
  }

  private func drawing(_ name: String, _ points: [(epoch: Double, value: Double)], width: Double) -> SVG {
    let (low, high) = (points.map(\.value).min()!, points.map(\.value).max()!)
    let isLogarithmic = Axis.logarithmicRange.contains(low) && high / low > 5
    let room = isLogarithmic ? 0 : Swift.max((high - low) * 0.08, high.magnitude * 1e-6, 1e-12)
    let domain = isLogarithmic ? (low / 1.2)...(high * 1.2) : (low - room)...(high + room)
    let epochs = points[0].epoch...Swift.max(points.last!.epoch, points[0].epoch + 1)
    let plot = Plot(
      x: Axis(epochs, from: 56, to: width - 14), y: Axis(domain, from: 200, to: 28, logarithmic: isLogarithmic))
    var svg = SVG(width: width, height: 246, title: "\(name) against epoch")
    plot.drawFrame(in: &svg, xTitle: "epoch", yTitle: name)
    svg.path(points.map { Point(plot.x.place($0.epoch), plot.y.place($0.value)) }, "curve first")
    if points.count < 60 {
      for point in points {
        svg.circle(
          Point(plot.x.place(point.epoch), plot.y.place(point.value)), radius: 2.4, "dot first",
          tooltip: "\(significant(point.value)) after epoch \(Int(point.epoch))")
      }
    }
    return svg
  }
}
