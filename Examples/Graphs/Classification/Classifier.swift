import Equivariant

/// An architecture that `graphs train` trains, with its settings.
///
/// The settings are declared once (`Setting`); options, help, checks, the command that a report prints and the JSON of checkpoints come from
/// there.
protocol Classifier: Architecture {
  /// What it is trained with unless told otherwise.
  static var training: TrainingSettings { get }
  /// Whether nodes without labels are labelled by their degrees unless told otherwise.
  static var labelsByDegree: Bool { get }
  /// Whether the nodes of each graph are numbered anew in each step of training.
  static var renumbersNodes: Bool { get }
  /// Whether it is trained by the statistics of a batch, which one node alone does not have.
  static var normalizesBatches: Bool { get }
  /// Its size in a few words, after its name, such as "width 32, 4 layers".
  var size: String { get }
  /// The sizes of subgraphs with weights of their own, where it has such.
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

/// What every network is to the training: from graphs to logits [graphs, classes].
protocol ClassifierNetwork: Layer where Scalar == Float, Input == GraphBatch<Float>, Output == Tensor<Float> {
  /// What the paths of its parameters begin with in files.
  static var path: String { get }
}

extension ClassifierNetwork {
  static var path: String { "network" }
}

/// A network of any architecture, as one type.
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

/// Some graphs as classifiers take them.
struct ClassifierBatch: Sendable {
  let graphs: GraphBatch<Float>
  /// The class of each graph.
  let labels: [Int]

  /// The graphs of the given numbers; with `source` under random numbers of their nodes.
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
