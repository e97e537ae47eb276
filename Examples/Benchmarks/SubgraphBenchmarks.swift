import Equivariant
import Foundation
import Requirements

/// The time and memory of a training step as a graph grows, for `SPEN` with ego networks of one hop and for a network on all pairs of
/// nodes, `InvariantGraphNetwork` of order 2. Both have three layers of 32 channels in Float, and a batch is one graph.
///
/// The graphs are random and of bounded degree: a ring with a random matching has degree 3, or 2 where the matching repeats an edge of the
/// ring.
struct SubgraphBenchmarks {
  enum Network: String, CaseIterable {
    case spen, order2

    /// The largest number of nodes. Beyond it the network on all pairs needs more than 4 GB and several seconds for a step.
    var largestGraph: Int { self == .spen ? .max : 1400 }
  }

  let bench: Bench
  static let sizes = [10, 20, 50, 100, 200, 350, 500, 700, 1000, 1400, 2000]

  /// Measures each network and size in a process of its own, which has its own peak of memory, and prints the exponents of memory and
  /// processor time over the upper half of the sizes.
  func run(nodes: [Int]) throws {
    for network in Network.allCases where bench.wants("growth/\(network)") {
      var (seconds, megabytes): ([(Double, Double)], [(Double, Double)]) = ([], [])
      for size in nodes where size <= network.largestGraph {
        let lines = try printed(by: ["permutations", "--alone", network.rawValue, "--nodes", "\(size)"])
        for line in lines {
          print(line)
          let values = try JSONValue(parsing: line)
          if let value = values["cpu"]?.double { seconds.append((Double(size), value)) }
          if let value = values["peak_mb"]?.double { megabytes.append((Double(size), value)) }
        }
      }
      let half = seconds.count / 2
      // Of graphs of a few nodes a step may fit into what is there already.
      guard seconds.count - half > 1, megabytes[half...].allSatisfy({ $0.1 > 0 }) else { continue }
      Bench.line(
        "growth/\(network)/exponents", ["from": Int(seconds[half].0), "to": Int(seconds[seconds.count - 1].0)],
        ["time": Self.exponent(Array(seconds[half...])), "memory": Self.exponent(Array(megabytes[half...]))])
    }
  }

  /// Measures one network and size in this process: the peak memory of the first step, beyond that of a step on a small graph before it,
  /// and the time of a step.
  func measure(_ network: Network, nodes: Int) {
    Threads.count = bench.threadCounts[0]
    var generator = RandomSource(seed: 1)
    let (small, graph) = (Self.graph(nodes: 4, using: &generator), Self.graph(nodes: nodes, using: &generator))
    let step: (GraphBatch<Float>) -> Void
    switch network {
    case .spen: step = Self.step(of: SPEN<Float>(using: &generator))
    case .order2: step = Self.step(of: InvariantGraphNetwork<Float>(.init(orders: [2, 2, 2]), using: &generator))
    }
    step(small)
    let held = Bench.peakMemory
    step(graph)
    let name = "growth/\(network)", parameters: [String: Any] = ["nodes": nodes, "edges": graph.graph.edgeCount / 2]
    Bench.line(name + "/memory", parameters, ["peak_mb": Bench.peakMemory - held])
    bench.time(name + "/step", parameters) { step(graph) }
  }

  /// The forward pass and the gradient with respect to all parameters.
  private static func step<M: Layer>(of model: M) -> (GraphBatch<Float>) -> Void
  where M.Scalar == Float, M.Input == GraphBatch<Float>, M.Output == Tensor<Float> {
    { batch in _ = valueWithGradient(at: model) { $0(batch).sum() } }
  }

  /// A ring and a random matching.
  static func graph(nodes: Int, using generator: inout RandomSource) -> GraphBatch<Float> {
    let order = (0..<nodes).shuffled(using: &generator)
    var edges = (0..<nodes).map { ($0, ($0 + 1) % nodes) }
    for k in stride(from: 1, to: nodes, by: 2) {
      let (i, j) = (min(order[k], order[k - 1]), max(order[k], order[k - 1]))
      if j - i != 1 && j - i != nodes - 1 { edges.append((i, j)) }
    }
    return GraphBatch([SimpleGraph(nodeCount: nodes, edges: edges)])
  }

  /// The slope b of the line log y = a + b log x with the least squared error.
  static func exponent(_ points: [(x: Double, y: Double)]) -> Double {
    let logs = points.map { (x: log($0.x), y: log($0.y)) }, count = Double(logs.count)
    let mean = (x: logs.reduce(0) { $0 + $1.x } / count, y: logs.reduce(0) { $0 + $1.y } / count)
    return logs.reduce(0) { $0 + ($1.x - mean.x) * ($1.y - mean.y) } / logs.reduce(0) { $0 + ($1.x - mean.x) * ($1.x - mean.x) }
  }

  /// The lines that this program prints about growth when started with these arguments.
  private func printed(by arguments: [String]) throws -> [String] {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = Bundle.main.executableURL
    process.arguments = arguments + ["--budget", "\(bench.budget)", "--threads", "\(bench.threadCounts[0])"]
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    require(process.terminationStatus == 0, "\(arguments) ended with status \(process.terminationStatus)")
    return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init).filter { $0.contains("\"growth/") }
  }
}
