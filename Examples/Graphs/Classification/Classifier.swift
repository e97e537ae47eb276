import Equivariant

/// An architecture that `graphs train` trains, with its settings.
///
/// The settings are declared once (`Setting`). Options, help, checks, the command that a report prints and the JSON of checkpoints come
/// from there.
protocol Classifier: Architecture {
  /// The default settings of the training.
  static var training: TrainingSettings { get }
  /// Whether nodes without labels are labelled by their degrees by default.
  static var labelsByDegree: Bool { get }
  /// Whether the nodes of each graph are renumbered at random in each training step.
  static var renumbersNodes: Bool { get }
  /// Whether the network uses the statistics of a batch in training, which a single node does not have.
  static var normalizesBatches: Bool { get }
  /// The size of the network in a few words, such as "width 32, 4 layers".
  var size: String { get }
  /// The sizes of subgraphs with weights of their own, if there are any.
  func sizes(of data: GraphDataset) -> [Int]
  /// A network with initial weights for the data.
  func network(for data: DataFacts, using generator: inout RandomSource) -> any ClassifierNetwork
}

extension Classifier {
  static var training: TrainingSettings { TrainingSettings() }
  static var labelsByDegree: Bool { false }
  static var renumbersNodes: Bool { false }
  static var normalizesBatches: Bool { false }
  static var remark: String {
    let changes = training.options(beside: TrainingSettings()).joined(separator: " ")
    return (changes.isEmpty ? "" : "; trained with \(changes) where nothing else is given")
      + (labelsByDegree ? "; nodes without labels are labelled by their degrees where nothing else is given" : "")
  }
  func sizes(of data: GraphDataset) -> [Int] { [] }
}

/// The interface of every network to the training, from graphs to logits [graphs, classes].
protocol ClassifierNetwork: Layer where Scalar == Float, Input == GraphBatch<Float>, Output == Tensor<Float> {
  /// The beginning of the paths of the network's parameters in files.
  static var path: String { get }
}

extension ClassifierNetwork {
  static var path: String { "network" }
}

/// A network of any architecture as one type.
struct GraphClassifier: ForwardPassLayer {
  var network: any ClassifierNetwork

  /// Logits [graphs, classes].
  func callAsFunction(_ graphs: GraphBatch<Float>, _ pass: inout ForwardPass<Float>) -> Tensor<Float> { network(graphs, &pass) }

  mutating func visit(_ visitor: inout ParameterVisitor<Float>) {
    func visit<Network: ClassifierNetwork>(_ network: inout Network, _ visitor: inout ParameterVisitor<Float>) {
      visitor(Network.path, &network)
    }
    visit(&network, &visitor)
  }
}

/// A batch of graphs for classifiers.
struct ClassifierBatch: Sendable {
  let graphs: GraphBatch<Float>
  /// The class of each graph.
  let labels: [Int]

  /// The graphs with the given numbers, with their nodes renumbered at random.
  init(_ data: GraphDataset, _ numbers: [Int], renumberedBy source: inout RandomSource) {
    let plain: GraphBatch<Float> = data.batch(numbers)
    graphs = plain.reordered(plain.graphs.enumerated().map { ($0, source.permutation($1.nodeCount)) })
    labels = numbers.map { data.labels[$0] }
  }

  init(_ data: GraphDataset, _ numbers: [Int]) {
    graphs = data.batch(numbers)
    labels = numbers.map { data.labels[$0] }
  }
}

/// The architectures that are trained, with the settings of all of them.
let classifiers = architectures.compactMap { $0 as? any Classifier.Type }
let models = ModelList(
  classifiers, sections: [.init("TRAINING", TrainingSettings.self), .init("DATA", DataSettings.self)],
  reserved: ["output", "resume", "model", "fold", "only", "save-every", "minutes", "threads", "help"])
