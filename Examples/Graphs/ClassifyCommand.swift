import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

struct Classify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains networks to tell the two classes of an .npz archive of graphs, as EXP-classify.",
    discussion: """
      The first sixth of the graphs validates, the second tests, the rest trains (200, 200 and 800 of EXP). Adam, the summed binary cross entropy, \
      and the test accuracy of the epoch with the least validation loss, as in Puny et al. 2022.
      """)

  @Argument(help: "An .npz archive with graph_label.") var data: String
  @OptionGroup var networks: NetworkOptions
  @Option(help: "Epochs.") var epochs = 199
  @Option(help: "Graphs in a batch.") var batch = 100
  @Option(help: "Learning rate.") var rate = 1e-3
  @Option(help: "Elements of a frame that an evaluation draws, where the average is sampled.") var samples = 1
  @OptionGroup var common: CommonOptions

  func validate() throws {
    try checkCounts([("epochs", epochs), ("batch", batch), ("samples", samples)])
    if !(rate > 0 && rate.isFinite) { throw ValidationError("--rate must be a positive number, not \(rate)") }
  }

  func run() throws {
    common.apply()
    let data = try GraphData(contentsOf: data)
    guard let labels = data.labels, data.graphs.count >= 6 else {
      throw FileFormatError(
        .notFound, path: data.path, place: .init(entry: "graph_label"), cause: "classes of at least six graphs are expected",
        cure: "name an archive such as EXP.npz")
    }
    if !common.json { note("network             test accuracy   at epoch   last epoch      seconds") }
    for network in networks.chosen {
      let start = ContinuousClock.now
      let result = try train(network, data, labels)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      if common.json {
        var line = JSONObject()
        line["model"] = .string(network.name)
        line["test_accuracy"] = .number(result.accuracy)
        line["epoch"] = .integer(result.epoch)
        line["last_test_accuracy"] = .number(result.last)
        line["seconds"] = .number(seconds)
        note(JSONValue.object(line).description)
      } else {
        note(
          network.name.padding(toLength: 18, withPad: " ", startingAt: 0)
            + String(format: "%13.1f %% %10d %10.1f %% %12.1f", 100 * result.accuracy, result.epoch, 100 * result.last, seconds))
      }
    }
  }

  /// The sum of the binary cross entropies of logits [graphs, 1].
  private func loss(_ logits: Tensor<Float>, _ labels: [Int]) -> Tensor<Float> {
    (logits.softplus() - logits * Tensor(labels.map(Float.init), shape: [labels.count, 1])).sum()
  }

  private func train(_ network: any Architecture.Type, _ data: GraphData, _ labels: [Int]) throws -> (
    accuracy: Double, epoch: Int, last: Double
  ) {
    var generator = RandomSource(seed: common.seed)
    let sixth = data.graphs.count / 6
    let features = data.features
    func prepared(_ numbers: Range<Int>) throws -> PreparedGraphs {
      try PreparedGraphs(
        Array(data.graphs[numbers]), features: Array(features[numbers]), for: network, form: common.frame)
    }
    let (validRange, testRange, trainRange) = (0..<sixth, sixth..<2 * sixth, 2 * sixth..<data.graphs.count)
    let (valid, test, training) = (try prepared(validRange), try prepared(testRange), try prepared(trainRange))
    var model = GraphFrameAveraging(
      GraphNetwork<Float>(
        network, ProbeShape(nodes: data.largest, head: [10, 1], activation: .relu, poolsByMean: true), output: .identity, using: &generator)
    )
    var optimizer = Adam(for: model, settings: .init(rate: rate))
    var best = (loss: Double.infinity, accuracy: 0.0, epoch: 0)
    var last = 0.0
    for epoch in 1...epochs {
      let order = generator.permutation(trainRange.count)
      for start in stride(from: 0, to: order.count, by: batch) {
        let chosen = Array(order[start..<min(start + batch, order.count)])
        let input: FramedGraphBatch<Float> = try training.input(chosen, using: &generator)
        let (_, gradient) = valueWithGradient(at: model) { loss($0(input), chosen.map { labels[trainRange.lowerBound + $0] }) }
        optimizer.update(&model, along: gradient)
      }
      let validLogits = try valid.outputs(of: model, elements: samples, using: &generator)
      let testLogits = try test.outputs(of: model, elements: samples, using: &generator)
      last = Double(zip(testLogits.elements, labels[testRange]).count { ($0 > 0) == ($1 == 1) }) / Double(sixth)
      let validLoss = Double(loss(validLogits, Array(labels[validRange])).item)
      if validLoss < best.loss { best = (validLoss, last, epoch) }
    }
    return (best.accuracy, best.epoch, last)
  }
}
