import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

struct Brec: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tests networks on the pairs of BREC, by its reliable paired comparison.",
    discussion: """
      For each pair of graphs a network is trained to give 32 renumbered copies of both outputs of small cosine similarity. The pair is told apart \
      when Hotelling's statistic of the 32 differences exceeds the threshold; the test is reliable when that of copies of the first graph \
      against other copies of it does not (Wang and Zhang 2024). The file has a pair a line: category, graph6, graph6; # begins a comment.
      """)

  @Argument(help: "The file of pairs.") var data: String
  @Option(help: "Networks: \(ModelKind.names); all where not given.") var model: [ModelKind] = []
  @Option(help: "Most epochs for a pair; training stops at a loss below 0.01.") var epochs = 20
  @Option(help: "Learning rate.") var rate = 1e-4
  @Option(help: "Copies of each graph.") var copies = 32
  @Option(help: "T² above which the differences are not 0; that of 32 copies and 16 outputs at the 5 % level.") var threshold = 72.34
  @Option(help: "Take every k-th pair only.") var every = 1
  @Option(help: "A category to take; all where not given.") var category: [String] = []
  @OptionGroup var common: CommonOptions

  /// Outputs of the networks.
  private static let outputs = 16

  func validate() throws {
    try checkCounts([("epochs", epochs), ("every", every)])
    if copies <= Self.outputs { throw ValidationError("--copies must be more than \(Self.outputs), the number of outputs, not \(copies)") }
    try checkCounts([("copies", copies)], limit: 10_000)
    if !(rate > 0 && rate.isFinite) { throw ValidationError("--rate must be a positive number, not \(rate)") }
    if !(threshold > 0) { throw ValidationError("--threshold must be positive, not \(threshold)") }
  }

  func run() throws {
    common.apply()
    let all = try brecPairs(data).enumerated().map {
      (number: $0.offset, category: $0.element.category, first: $0.element.first, second: $0.element.second)
    }
    let known = all.map(\.category).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    if let unknown = category.first(where: { !known.contains($0) }) {
      throw ValidationError("--category must be one of \(known.joined(separator: ", ")), not \(unknown)")
    }
    let categories = known.filter { category.isEmpty || category.contains($0) }
    let pairs = all.filter { $0.number % every == 0 && categories.contains($0.category) }
    for kind in model.isEmpty ? ModelKind.allCases : model {
      let start = ContinuousClock.now
      var (total, told, unreliable): ([String: Int], [String: Int], [String: Int]) = ([:], [:], [:])
      var display = ProgressDisplay(total: pairs.count, from: 0)
      for (done, (number, category, first, second)) in pairs.enumerated() {
        display.show(kind.rawValue, done)
        var generator = RandomSource(seed: common.seed &+ UInt64(number))
        let (isToldApart, isReliable) = try compare(kind, first, second, using: &generator)
        total[category, default: 0] += 1
        if isToldApart && isReliable { told[category, default: 0] += 1 }
        if !isReliable { unreliable[category, default: 0] += 1 }
      }
      display.clear()
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let sum = (total: total.values.reduce(0, +), told: told.values.reduce(0, +), unreliable: unreliable.values.reduce(0, +))
      if common.json {
        var line = JSONObject()
        line["model"] = .string(kind.rawValue)
        for category in categories { line[category] = .integer(told[category] ?? 0) }
        line["pairs"] = .integer(sum.total)
        line["told_apart"] = .integer(sum.told)
        line["unreliable"] = .integer(sum.unreliable)
        line["seconds"] = .number(seconds)
        note(JSONValue.object(line).description)
      } else {
        note(
          "\(kind.rawValue): \(sum.told) of \(sum.total) pairs told apart reliably, \(sum.unreliable) not reliable, "
            + String(format: "%.0f s", seconds))
        for category in categories where total[category] != nil {
          note("  \(category): \(told[category] ?? 0) of \(total[category]!), not reliable \(unreliable[category] ?? 0)")
        }
      }
    }
  }

  /// Trains for one pair and tests it.
  private func compare(
    _ kind: ModelKind, _ first: SimpleGraph, _ second: SimpleGraph, using generator: inout RandomSource
  ) throws -> (isToldApart: Bool, isReliable: Bool) {
    func prepared(_ graph: SimpleGraph) throws -> PreparedGraphs<Float> {
      let graphs = (0..<copies).map { _ in graph.relabelled(generator.permutation(graph.nodeCount)) }
      return try PreparedGraphs<Float>(
        graphs, features: graphs.map { Array(repeating: 1, count: $0.nodeCount) }, for: kind, form: common.frame)
    }
    let (a, b, again) = (try prepared(first), try prepared(second), try prepared(first))
    var model = GraphFrameAveraging(
      GraphNetwork<Float>(
        kind, nodes: max(first.nodeCount, second.nodeCount), head: [Self.outputs], activation: .tanh, pooling: .sum, output: .identity,
        using: &generator))
    var optimizer = Adam(for: model, settings: .init(rate: rate, l2: 1e-5))
    let batches = stride(from: 0, to: copies, by: 8).map { Array($0..<min($0 + 8, copies)) }
    func inputs() throws -> [(FramedGraphBatch<Float>, FramedGraphBatch<Float>)] {
      try batches.map { (try a.input($0, using: &generator), try b.input($0, using: &generator)) }
    }
    let isDrawn = !(a.isCanonical && b.isCanonical)
    var current = try inputs()
    for epoch in 0..<epochs {
      var sum = 0.0
      if isDrawn && epoch > 0 { current = try inputs() }
      for (numbers, (x, y)) in zip(batches, current) {
        let (loss, gradient) = valueWithGradient(at: model) { model in
          // What PyTorch's CosineEmbeddingLoss is for pairs that differ, with margin 0.
          (model(x).normalized() * model(y).normalized()).sum(axis: -1).relu().mean()
        }
        optimizer.update(&model, along: gradient)
        sum += Double(loss.item) * Double(numbers.count)
      }
      if sum / Double(copies) < 0.01 { break }
    }
    func statistic(_ x: PreparedGraphs<Float>, _ y: PreparedGraphs<Float>) throws -> Double {
      hotelling(try x.outputs(of: model, using: &generator) - y.outputs(of: model, using: &generator))
    }
    let (apart, same) = (try statistic(a, b), try statistic(a, again))
    return (apart > threshold, same < threshold)
  }
}

/// The pairs of a file: a line has a category and two graphs in graph6.
func brecPairs(_ path: String) throws -> [(category: String, first: SimpleGraph, second: SimpleGraph)] {
  let text: String
  do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
    throw FileFormatError(.unreadable, path: path, cause: "the file cannot be read as text", cure: "name BREC's pairs in graph6")
  }
  var pairs: [(String, SimpleGraph, SimpleGraph)] = []
  for (k, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() where !line.isEmpty && !line.hasPrefix("#") {
    let words = line.split(separator: " ")
    guard words.count == 3 else {
      throw FileFormatError(
        .malformed, path: path, place: .init(line: k + 1), cause: "a category and two graphs are expected, there are \(words.count) words",
        cure: "name BREC's pairs in graph6")
    }
    let graphs = try words[1...].map { word in
      do throws(FileFormatError) { return try Graph6.parse(Array(word.utf8), path: path) } catch {
        var error = error
        error.place = .init(line: k + 1, byte: error.place.byte)
        throw error
      }
    }
    pairs.append((String(words[0]), SimpleGraph(graphs[0][0]), SimpleGraph(graphs[1][0])))
  }
  guard !pairs.isEmpty else { throw FileFormatError(.empty, path: path, cause: "there is no pair", cure: "name BREC's pairs in graph6") }
  return pairs
}
