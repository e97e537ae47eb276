import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

struct Separate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Counts the pairs of graphs that networks with random weights do not tell apart.",
    discussion: """
      Two graphs are told apart when the L1 distance of their ten outputs exceeds the threshold for any of the initialisations (Puny et al. 2022). \
      A file of graphs in graph6 is compared in all pairs, an .npz archive as of EXP in the pairs of its consecutive graphs, a file with a pair a \
      line as BREC's (category, graph6, graph6) in these, counted also by category. As a control, copies of the graphs with other node numbers are \
      counted that are told apart from the originals, which no invariant network does.
      """)

  @Argument(help: "A file of graphs: graph6, pairs as of BREC, or .npz.") var data: String
  @OptionGroup var networks: NetworkOptions
  @Option(help: "Random initialisations.") var initializations = 100
  @Option(help: "Distance above which graphs are told apart; 1e-3, with --double 1e-12.") var threshold: Double?
  @Flag(
    help:
      "Double precision: differences that random weights leave small are told from rounding, and the counts come near to those of theory.")
  var double = false
  @Option(help: "Most relabelled copies in the control.") var copies = 2000
  @Flag(
    help: """
      First count the pairs that the Weisfeiler-Leman algorithm on nodes (1-WL) and on pairs (2-FWL) does not tell apart, as bounds in theory: \
      after four rounds, as many as gin (its degrees count as one) and ppgn make, and to the end.
      """)
  var bounds = false
  @OptionGroup var selection: PairSelection
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if initializations < 1 { throw ValidationError("--initializations must be at least 1, not \(initializations)") }
    if let threshold, !(threshold >= 0) { throw ValidationError("--threshold must be at least 0, not \(threshold)") }
    if copies < 0 { throw ValidationError("--copies must be at least 0, not \(copies)") }
  }

  func run() throws {
    common.apply()
    var data = try GraphData(contentsOf: data)
    let selected = try selection.pairs(of: data)
    if data.isPaired { data = data.selecting(pairs: selected) }
    let categories = selection.categories(of: data)
    let pairs = data.isPaired ? data.graphs.count / 2 : data.graphs.count * (data.graphs.count - 1) / 2
    if !common.json {
      note("\(data.path): \(data.graphs.count) graphs of at most \(data.largest) nodes, \(pairs) pairs, \(initializations) initialisations")
      if !data.labelsAreNumbers { note("labels beyond ±\(1 << 24) are given to networks as their places among all labels") }
      note("network             not told apart   copies told apart      seconds")
    }
    func report(_ name: String, _ count: () throws -> Separation) rethrows {
      let start = ContinuousClock.now
      let (undistinguished, copies) = try count()
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let missed = undistinguished.reduce(into: [String: Int]()) { counts, pair in
        if let category = data.categories?[pair.0 / 2] { counts[category, default: 0] += 1 }
      }
      if common.json {
        var line = JSONObject()
        line["model"] = .string(name)
        line["pairs"] = .integer(pairs)
        line["undistinguished"] = .integer(undistinguished.count)
        for category in categories { line[category] = .integer(missed[category] ?? 0) }
        if let copies { (line["copies"], line["copies_told_apart"]) = (.integer(copies.all), .integer(copies.toldApart)) }
        line["seconds"] = .number(seconds)
        note(JSONValue.object(line).description)
      } else {
        func column(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
        note(
          name.padding(toLength: 18, withPad: " ", startingAt: 0) + column("\(undistinguished.count)", 16)
            + column(copies.map { "\($0.toldApart) of \($0.all)" } ?? "", 20) + column(String(format: "%.1f", seconds), 13))
        for category in categories { note("  \(category): \(missed[category] ?? 0) of \(data.categories!.count { $0 == category })") }
      }
    }
    if bounds { for (name, algorithm) in Self.bounds { report(name) { (data.undistinguished(by: algorithm), nil) } } }
    for network in networks.chosen {
      try report(network.name) { try double ? measure(network, data, Double.self) : measure(network, data, Float.self) }
    }
  }

  /// The pairs of graphs that are not told apart, and the numbers of renumbered copies and of those that are told apart; nil if there are
  /// no copies.
  private typealias Separation = (undistinguished: [(Int, Int)], copies: (all: Int, toldApart: Int)?)

  /// The algorithms that bound the networks: with four rounds, of which GIN makes one with degrees and three in layers, and PPGN one in
  /// each block; and with as many rounds as change anything.
  private static let bounds: [(String, WeisfeilerLeman)] = [
    ("1-wl-4-rounds", .init(.nodes, rounds: 4)), ("1-wl", .init(.nodes)), ("2-fwl-4-rounds", .init(.pairs, rounds: 4)),
    ("2-fwl", .init(.pairs)),
  ]

  /// Measures which graphs a network with random weights tells apart.
  private func measure<Scalar: TensorScalar>(_ network: any Architecture.Type, _ data: GraphData, _ type: Scalar.Type) throws -> Separation
  {
    let threshold = threshold ?? (double ? 1e-12 : 1e-3)
    var generator = RandomSource(seed: common.seed)
    let copied = min(copies, data.graphs.count)
    // Spread over the file.
    let originals = (0..<copied).map { $0 * data.graphs.count / copied }
    let features = data.features
    let relabelled = originals.map { data.relabelled($0, features: features[$0], using: &generator) }
    let prepared = try PreparedGraphs(
      data.graphs + relabelled.map(\.graph), features: features + relabelled.map(\.features), for: network,
      form: common.frame)
    // Where nothing is drawn, inputs are the same for all initialisations.
    let fixed: [FramedGraphBatch<Scalar>]? = prepared.isCanonical ? try prepared.inputs(using: &generator) : nil
    let shape = ProbeShape(nodes: data.largest, head: [10], activation: .tanh, poolsByMean: false)
    var embeddings = EmbeddingRuns(width: 10)
    for _ in 0..<initializations {
      let probe = GraphFrameAveraging(GraphNetwork<Scalar>(network, shape, output: .tanh, using: &generator))
      let inputs = try fixed ?? prepared.inputs(using: &generator)
      embeddings.append(withoutRecording { inputs.flatMap { probe($0).elements.map { Double($0) } } })
    }
    let toldApart = originals.enumerated().count { k, original in
      embeddings.separates(original, data.graphs.count + k, threshold: threshold)
    }
    let undistinguished: [(Int, Int)]
    if data.isPaired {
      undistinguished = stride(from: 0, to: data.graphs.count, by: 2).map { ($0, $0 + 1) }.filter {
        !embeddings.separates($0, $1, threshold: threshold)
      }
    } else {
      undistinguished = embeddings.prefix(data.graphs.count).indistinguishablePairs(threshold: threshold)
    }
    return (undistinguished, (copied, toldApart))
  }
}
