import Equivariant
import ExampleSupport
import Foundation

/// A page about a cross-validation, as a single file that needs nothing else.
struct GraphReportPage {
  private let results: CrossValidation
  private let data: GraphDataset
  private let path: String
  private var c: ClassificationConfiguration { results.configuration }

  init(_ results: CrossValidation, _ data: GraphDataset, in path: String) {
    (self.results, self.data, self.path) = (results, data, path)
  }

  func write(to target: String) throws { try AtomicFile.write(Array(html().utf8), to: target) }

  func html() throws -> String {
    let missing = c.data.folds - results.folds.count
    let content = """
      <style>
      \(GraphDrawing.style)
      </style>
      <p>\(escaped(data.name)) has \(grouped(data.count)) graphs of \(data.classes.count) classes, \
      with \(significant(mean(\.nodeCount))) nodes and \(significant(mean(\.edgeCount))) edges on average. They are dealt into \(c.data.folds) folds \
      (\(folds)); each in turn tests what was learnt from the others.</p>
      \(missing > 0 ? "<p class=\"warning\">\(counted(missing, "fold")) not finished: all figures are of the others.</p>" : "")
      \(tiles)
      <h2>Accuracy by fold</h2>
      \(table)
      <h2>Which classes are taken for which</h2>
      \(confusion)
      <h2>Learning curves</h2>
      \(try curves())
      <h2>Some of the graphs</h2>
      \(try drawings())
      <h2>How to do it again</h2>
      <p>In the package’s folder:</p>
      <pre>\(escaped(command))</pre>
      <footer>Written by <code>graphs</code> from \(escaped(path)). The page is one file without scripts.</footer>
      """
    return page(title: "Classes of \(data.name)", content)
  }

  private var folds: String {
    c.data.foldSeed.map { "stratified by class, drawn with seed \($0)" } ?? "those of the file"
  }
  private func mean(_ key: KeyPath<SimpleGraph, Int>) -> Double {
    Double(data.graphs.reduce(0) { $0 + $1[keyPath: key] }) / Double(max(1, data.count))
  }

  private var tiles: String {
    var items: [(String, String)] = []
    if let honest = results.honest {
      items.append((honest.percent, "% test accuracy, protocol (a): the model with the fewest errors on held-out training graphs"))
    }
    items += [
      (results.lastEpochs.percent, "% test accuracy, protocol (b): mean of the last \(min(10, c.training.epochs)) epochs"),
      (grouped(results.folds[0].parameters), "parameters: \(c.modelName), \(c.model.size)"),
      (grouped(c.training.epochs), "epochs in batches of \(c.training.batch)"),
    ]
    let tiles = items.map { "<div class=\"tile\"><b>\(escaped($0.0))</b><span>\(escaped($0.1))</span></div>" }
    let t = c.training
    let details =
      [
        "\(t.decay > 0 ? "AdamW with decay \(t.decay)" : "Adam"), learning rate \(t.rate), halved every \(counted(t.halveEvery, "epoch"))",
        "seed \(t.seed)",
      ] + c.model.texts.map { "\($0.name) \($0.text)" }
    return """
      <div class="tiles">\(tiles.joined(separator: "\n"))</div>
      <p class="small">Mean ± deviation over folds. \(escaped(details.joined(separator: "; "))).</p>
      """
  }

  private var table: String {
    func percent(_ x: Double?) -> String { x.map { String(format: "%.1f", 100 * $0) } ?? "–" }
    func row(_ cells: [String], _ style: String = "") -> String {
      "<tr class=\"\(style)\"><td>\(cells[0])</td>" + cells.dropFirst().map { "<td class=\"number\">\($0)</td>" }.joined() + "</tr>"
    }
    let rows = results.folds.map { f in
      row([
        "\(f.fold + 1)", "\(f.train)", "\(f.valid)", "\(f.test)", f.chosenEpoch.map { "\($0)" } ?? "–", percent(f.honest),
        percent(f.lastEpochs),
      ])
    }
    let total = row(["mean ± deviation", "", "", "", "", results.honest?.percent ?? "–", results.lastEpochs.percent], "this")
    return """
      <div class="scroll"><table>
      <thead><tr><th>Fold</th><th class="number">Learnt from</th><th class="number">Held out</th><th class="number">Tested on</th>\
      <th class="number">Chosen epoch</th><th class="number">(a) %</th><th class="number">(b) %</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      \(total)
      </tbody></table></div>
      <p class="note">(a), honest: after every epoch the held-out graphs are classified, and the model with the fewest errors there (of as many, \
      the least loss) classifies the test fold once. (b), as papers report it: the mean of the last \(min(10, c.training.epochs)) epochs’ accuracies \
      on the test fold. \(heldOut) The deviation is that of the folds, √(mean of squares), not an error of the mean. GIN’s own paper takes \
      the one epoch that is best on average over the test folds: here that is epoch \(grouped(results.bestEpoch)), with \
      \(results.bestEpochAccuracy.percent) %; it is chosen by the test folds and too high for that.</p>
      """
  }

  private var heldOut: String {
    c.data.validationParts > 0
      ? "One graph in \(c.data.validationParts) of the training graphs is held out, and missing from the training of (b) too."
      : "No graphs were held out, so that there is no (a)."
  }

  private var confusion: String {
    let heads = data.classes.map { "<th class=\"number\">taken for \($0)</th>" }.joined()
    let rows = zip(data.classes, results.confusion).map { name, row in
      let total = max(1, row.reduce(0, +))
      let cells = row.map { "<td class=\"number\">\(grouped($0)) (\(String(format: "%.0f", 100 * Double($0) / Double(total))) %)</td>" }
      return "<tr><td>class \(name)</td>\(cells.joined())</tr>"
    }
    return """
      <div class="scroll"><table>
      <thead><tr><th>Truth</th>\(heads)</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div>
      <p class="note">All test folds together, each by the model \(c.data.validationParts == 0 ? "after the last epoch" : "of protocol (a)").</p>
      """
  }

  private func curves() throws -> String {
    let metrics = try results.folds.map { try readJSONLines(CrossValidation.folder(path, fold: $0.fold).metrics) }
    func values(_ key: String) -> [[Double]] { metrics.map { $0.compactMap { $0[key]?.double } } }
    var accuracies = [MeanCurves.Series(name: "test fold", style: "first", values: results.folds.map(\.curve), hasBand: true)]
    var losses = [MeanCurves.Series(name: "training graphs", style: "first", values: values("train"), hasBand: false)]
    if results.honest != nil {
      accuracies.append(.init(name: "held-out graphs", style: "second", values: values("valid_accuracy"), hasBand: false))
      losses.append(.init(name: "held-out graphs", style: "second", values: values("valid_loss"), hasBand: false))
    }
    return MeanCurves(
      title: "accuracy", series: accuracies,
      caption: "Share of right answers by epoch, mean over the folds; the band is one deviation of the test folds.", isLoss: false
    ).markup
      + MeanCurves(
        title: "cross entropy", series: losses,
        caption: "Loss by epoch, mean over the folds: in training with dropout and the statistics of batches, on held-out graphs without.",
        isLoss: true
      ).markup
  }

  /// Drawings of a correctly and an incorrectly classified graph of each class.
  private func drawings() throws -> String {
    var cards: [String] = []
    var found: Set<[Int]> = []
    for result in results.folds {
      let fold = CrossValidation.folder(path, fold: result.fold)
      let (model, configuration, _) = try ClassificationConfiguration.load(fold.best)
      let test = configuration.split(data).test
      let predictions = ClassifierEvaluation(model, data.batches(test), classes: c.facts.classes).predictions
      for (number, predicted) in zip(test, predictions) where (1...80).contains(data.graphs[number].nodeCount) {
        let label = data.labels[number]
        guard label < 3, found.insert([label, predicted == label ? 1 : 0]).inserted else { continue }
        let drawing = GraphDrawing(
          title: "Class \(data.classes[label]), taken for \(data.classes[predicted])",
          caption: "graph \(number + 1), \(counted(data.graphs[number].nodeCount, "node")), fold \(result.fold + 1)",
          graph: data.graphs[number], labels: data.nodeLabels[number])
        cards.append(drawing.markup)
      }
    }
    let values = data.nodeLabelValues.prefix(categoryColors.count)
    let legend = values.enumerated().map { "<span><i class=\"swatch dot n\($0)\"></i>\($1)</span>" }.joined()
    return """
      <div class="legend"><span>labels of nodes:</span>\(legend)</div>
      <div class="cards">
      \(cards.joined(separator: "\n"))
      </div>
      <p class="note">Distances in a drawing are close to the numbers of edges between nodes. The highlighted nodes with the edges between \
      them are an ego network.</p>
      """
  }

  private var command: String {
    let words = c.options(hasStandardFolds: data.standardFolds != nil)
    return (["swift run -c release graphs cross-validate"] + words.map(shellQuoted)).joined(separator: " ")
  }
}
