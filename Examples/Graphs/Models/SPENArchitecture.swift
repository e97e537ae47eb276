import Equivariant
import ExampleSupport

/// SPEN, with maps on the pairs of nodes of subgraphs (Mitton and Murray-Smith 2023).
struct SPENArchitecture: SubgraphArchitecture, Classifier {
  /// The name of a `SubgraphPolicy`.
  enum Policy: String, CaseIterable, SettingValue {
    case ego
    case egoIdentity = "ego-identity"
    case nodeDeleted = "node-deleted"
    case nodeMarked = "node-marked"
    case edgeDeleted = "edge-deleted"
  }

  var hidden = 32
  var layers = 3
  var dropout = 0.5
  var policy = Policy.ego
  var hops = 1
  var orders = TupleOrders([2, 1])
  var sharing = SubgraphSharing.host
  var join = RecombinationRule.mean
  var readout = RecombinationRule.mean
  var sizeShare = 0.02
  var sums = TupleNormalization.mean
  var graphNorm = true

  static let name = "spen"
  static let summary = "linear maps on the pairs of subgraphs that commute with permutations"
  static let settings: [Setting<Self>] = [
    .init("hidden", \.hidden, in: 1...16_384, "Width of hidden features."),
    .init("layers", \.layers, in: 1...1_000_000, "Number of layers."), .dropout(\.dropout), .init("policy", \.policy, "Which subgraphs."),
    .init("hops", \.hops, in: 0...1_000_000, "Distance from the middle of an ego network to its last nodes."),
    .init("orders", \.orders, "Orders of the hidden features: numbers of pairs (2), of nodes (1), of subgraphs (0)."),
    .init(
      "sharing", \.sharing,
      "Whether each subgraph goes its own way (none), copies of a node or pair are joined in each layer (host, as in SPEN), or each goes on "
        + "from its own features and the joined ones (both)."),
    .init("join", \.join, "How copies are joined."),
    .init("readout", \.readout, "How the subgraphs of a graph are joined at the end."),
    .init(
      "size-share", \.sizeShare, "a positive number", where: { $0 > 0 },
      "Each size that at least this share of the ego networks have gets weights of its own, other sizes those of the next larger; above 1, "
        + "all have the same."),
    .init("sums", \.sums, "What sums over the nodes of a subgraph are divided by: nothing (sum) or their number (mean)."),
    .init(
      "graph-norm", \.graphNorm,
      "Features are normalised by graph, which takes away what all nodes of a graph have in common: of complete graphs, as many of IMDB's "
        + "are, nearly everything. --no-graph-norm leaves them."),
  ]
  static let training = TrainingSettings.higherOrder
  static let probePolicy = SubgraphPolicy.ego(hops: 1)
  var size: String { "width \(hidden), \(counted(layers, "layer"))" }

  private var subgraphPolicy: SubgraphPolicy {
    switch policy {
    case .ego: .ego(hops: hops)
    case .egoIdentity: .egoWithIdentity(hops: hops)
    case .nodeDeleted: .nodeDeleted
    case .nodeMarked: .nodeMarked
    case .edgeDeleted: .edgeDeleted
    }
  }

  func sizes(of data: GraphDataset) -> [Int] {
    guard policy == .ego || policy == .egoIdentity, sizeShare <= 1 else { return [] }
    let sizes = data.graphs.flatMap { SubgraphBag($0.graph, policy: subgraphPolicy).subgraphs.graphSizes }
    return SubgraphSpace.frequentSizes(of: sizes, share: sizeShare)
  }

  func network(for data: DataFacts, using generator: inout RandomSource) -> any ClassifierNetwork {
    var c = SPENConfiguration()
    (c.features, c.policy, c.sizes, c.orders) = (data.nodeLabels, subgraphPolicy, data.sizes, orders.values)
    (c.hidden, c.sharing, c.recombination, c.readout) = (Array(repeating: hidden, count: layers), sharing, join, readout)
    (c.normalization, c.normalizes, c.head, c.dropout) = (sums, graphNorm, [128, 64, data.classes], dropout)
    return SPEN(c, using: &generator)
  }
}

/// A list of different orders of features, written as digits.
struct TupleOrders: SettingValue {
  let values: [Int]

  init(_ values: [Int]) { self.values = values }
  private init?(checking values: [Int]) {
    guard !values.isEmpty, Set(values).count == values.count, values.allSatisfy({ 0...2 ~= $0 }) else { return nil }
    self.values = values
  }
  init?(settingText text: String) { self.init(checking: text.map { $0.wholeNumberValue ?? -1 }) }
  init?(json: JSONValue) {
    guard let values = [Int](json: json) else { return nil }
    self.init(checking: values)
  }
  var settingText: String { values.map(String.init).joined() }
  var json: JSONValue { values.json }
  static let kind = "different digits 0, 1, 2, such as 21"
}

/// A form of SPEN with random weights, with sums over copies and subgraphs, which retain everything that means would.
protocol SubgraphArchitecture: Architecture {
  /// The choice of the subgraphs.
  static var probePolicy: SubgraphPolicy { get }
  static var probeOrders: [Int] { get }
  static var probeSharing: SubgraphSharing { get }
}

extension SubgraphArchitecture {
  static var probeOrders: [Int] { SPENConfiguration().orders }
  static var probeSharing: SubgraphSharing { .host }

  static func size(of graph: SimpleGraph) -> Int {
    let n = graph.nodeCount
    return switch probePolicy {
    case .ego(hops: 1), .egoWithIdentity(hops: 1): graph.neighbors.map { ($0.count + 1) * ($0.count + 1) }.reduce(0, +)
    case .ego, .egoWithIdentity, .nodeDeleted, .nodeMarked: n * n * n
    case .edgeDeleted: graph.edgeCount * n * n
    }
  }

  static func probe<Scalar: TensorScalar>(_ shape: ProbeShape, using generator: inout RandomSource) -> any ProbeNetwork<Scalar> {
    var c = SPENConfiguration()
    (c.policy, c.orders, c.sharing, c.hidden, c.activation) = (probePolicy, probeOrders, probeSharing, [16, 16, 16], shape.activation)
    (c.recombination, c.readout, c.normalizes, c.normalizesAdjacency, c.head) = (.sum, .sum, false, false, shape.head)
    return SPEN<Scalar>(c, using: &generator).doubled()
  }
}

extension SPEN: ProbeNetwork {}

extension SPEN<Float>: ClassifierNetwork {
  static var path: String { "spen" }
}

extension SubgraphSharing: SettingValue {}
extension RecombinationRule: SettingValue {}
extension TupleNormalization: SettingValue {}
