import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

struct Brec: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tests networks on the pairs of BREC, by its reliable paired comparison.",
    discussion: """
      For each pair of graphs a network is trained to give 32 renumbered copies of both outputs of small cosine similarity, standardised over a \
      batch of both as BREC's PPGN does. The pair is told apart when Hotelling's statistic of the 32 differences exceeds the threshold; the test is \
      reliable when that of copies of the first graph against other copies of it does not (Wang and Zhang 2024). The file has a pair a line: \
      category, graph6, graph6; # begins a comment.
      """)

  @Argument(help: "The file of pairs.") var data: String
  @OptionGroup var networks: NetworkOptions
  @Option(help: "Most epochs for a pair; training stops at a loss below 0.01.") var epochs = 20
  @Option(help: "Learning rate.") var rate = 1e-4
  @Option(help: "Copies of each graph.") var copies = 32
  @Option(help: "T² above which the differences are not 0; that of 32 copies and 16 outputs at the 5 % level.") var threshold = 72.34
  @OptionGroup var selection: PairSelection
  @OptionGroup var common: CommonOptions

  /// The number of outputs of the networks.
  private static let outputs = 16

  func validate() throws {
    try checkCounts([("epochs", epochs)])
    if copies <= Self.outputs { throw ValidationError("--copies must be more than \(Self.outputs), the number of outputs, not \(copies)") }
    try checkCounts([("copies", copies)], limit: 10_000)
    if !(rate > 0 && rate.isFinite) { throw ValidationError("--rate must be a positive number, not \(rate)") }
    if !(threshold > 0) { throw ValidationError("--threshold must be positive, not \(threshold)") }
  }

  func run() throws {
    common.apply()
    let data = try GraphData(contentsOf: data)
    guard let all = data.categories else {
      throw FileFormatError(
        .malformed, path: data.path, cause: "pairs with their categories are expected", cure: "name BREC's pairs in graph6")
    }
    let pairs = try selection.pairs(of: data)
    let categories = selection.categories(of: data)
    for network in networks.chosen {
      let start = ContinuousClock.now
      var (total, told, unreliable): ([String: Int], [String: Int], [String: Int]) = ([:], [:], [:])
      var display = ProgressDisplay(total: pairs.count, from: 0)
      for (done, number) in pairs.enumerated() {
        display.show(network.name, done)
        var generator = RandomSource(seed: common.seed &+ UInt64(number))
        let (isToldApart, isReliable) = try compare(network, data.graphs[2 * number], data.graphs[2 * number + 1], using: &generator)
        let category = all[number]
        total[category, default: 0] += 1
        if isToldApart && isReliable { told[category, default: 0] += 1 }
        if !isReliable { unreliable[category, default: 0] += 1 }
      }
      display.clear()
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let sum = (total: total.values.reduce(0, +), told: told.values.reduce(0, +), unreliable: unreliable.values.reduce(0, +))
      if common.json {
        var line = JSONObject()
        line["model"] = .string(network.name)
        for category in categories { line[category] = .integer(told[category] ?? 0) }
        line["pairs"] = .integer(sum.total)
        line["told_apart"] = .integer(sum.told)
        line["unreliable"] = .integer(sum.unreliable)
        line["seconds"] = .number(seconds)
        note(JSONValue.object(line).description)
      } else {
        note(
          "\(network.name): \(sum.told) of \(sum.total) pairs told apart reliably, \(sum.unreliable) not reliable, "
            + String(format: "%.0f s", seconds))
        for category in categories where total[category] != nil {
          note("  \(category): \(told[category] ?? 0) of \(total[category]!), not reliable \(unreliable[category] ?? 0)")
        }
      }
    }
  }

  /// Trains a network for one pair and tests it.
  private func compare(
    _ network: any Architecture.Type, _ first: SimpleGraph, _ second: SimpleGraph, using generator: inout RandomSource
  ) throws -> (isToldApart: Bool, isReliable: Bool) {
    func prepared(_ graph: SimpleGraph) throws -> PreparedGraphs {
      let graphs = (0..<copies).map { _ in graph.relabelled(generator.permutation(graph.nodeCount)) }
      return try PreparedGraphs(
        graphs, features: graphs.map { Array(repeating: 1, count: $0.nodeCount) }, for: network, form: common.frame)
    }
    let (a, b, again) = (try prepared(first), try prepared(second), try prepared(first))
    let shape = ProbeShape(
      nodes: max(first.nodeCount, second.nodeCount), head: [Self.outputs], activation: .tanh, poolsByMean: false)
    var model = GraphFrameAveraging(GraphNetwork<Float>(network, shape, output: .identity, using: &generator))
    var optimizer = Adam(for: model, settings: .init(rate: rate, l2: 1e-5))
    // Differences of the pair, however small beside what the graphs have in common, become of the order of 1.
    let standard = BatchNorm<Float>(Self.outputs)
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
          let outputs = standard.training(.concatenated([model(x), model(y)], axis: 0)).output.normalized()
          let (u, v) = (outputs.sliced(axis: 0, 0..<numbers.count), outputs.sliced(axis: 0, numbers.count..<2 * numbers.count))
          return (u * v).sum(axis: -1).relu().mean()
        }
        optimizer.update(&model, along: gradient)
        sum += Double(loss.item) * Double(numbers.count)
      }
      if sum / Double(copies) < 0.01 { break }
    }
    // In double precision: rounding, standardised too, would tell one pair in twenty apart at a level of 5 %.
    var exact = GraphFrameAveraging(GraphNetwork<Double>(network, shape, output: .identity, using: &generator))
    var trained = model.namedTensors.map(\.tensor)[...]
    exact.forEachTensor { _, _, tensor in tensor = trained.removeFirst().converted(to: Double.self) }
    let outputs = try [a, b, again].map { try $0.outputs(of: exact, using: &generator) }
    var fixed = BatchNorm<Double>(Self.outputs, momentum: 1)
    fixed.namePaths()
    var pass = ForwardPass<Double>.training(using: generator)
    _ = fixed(.concatenated([outputs[0], outputs[1]], axis: 0), &pass)
    fixed.update(with: pass)
    let scaled = outputs.map { fixed($0) }
    return (hotellingStatistic(scaled[0] - scaled[1]) > threshold, hotellingStatistic(scaled[0] - scaled[2]) < threshold)
  }
}
