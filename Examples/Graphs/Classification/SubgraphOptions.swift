import ArgumentParser
import Equivariant

/// What is particular to `SPEN`.
struct SubgraphOptions: ParsableArguments {
  /// A `SubgraphPolicy` by name.
  enum Policy: String, CaseIterable, ExpressibleByArgument {
    case ego
    case egoIdentity = "ego-identity"
    case nodeDeleted = "node-deleted"
    case nodeMarked = "node-marked"
    case edgeDeleted = "edge-deleted"
  }

  @Option(help: "Which subgraphs.") var policy = Policy.ego
  @Option(help: "Distance from the middle of an ego network to its last nodes.") var hops = 1
  @Option(help: "Orders of the hidden features, such as 21: numbers of pairs (2), of nodes (1), of subgraphs (0).") var orders = "21"
  @Option(
    help: """
      none: each subgraph goes its own way; host: copies of a node or pair are joined in each layer (SPEN); both: each goes on from its own \
      features and the joined ones.
      """)
  var sharing = SubgraphSharing.host
  @Option(help: "How copies are joined.") var join = RecombinationRule.mean
  @Option(help: "How the subgraphs of a graph are joined at the end.") var readout = RecombinationRule.mean
  @Option(
    help: """
      Each size that at least this share of the ego networks have gets weights of its own, other sizes those of the next larger; \
      above 1, all have the same.
      """)
  var sizeShare = 0.02
  @Option(help: "What sums over the nodes of a subgraph are divided by: sum (nothing) or mean (their number).") var sums =
    TupleNormalization.mean
  @Flag(
    inversion: .prefixedNo,
    help: """
      Features are normalised by graph, which takes away what all nodes of a graph have in common: of complete graphs, as many of IMDB's are, \
      nearly everything.
      """)
  var graphNorm = true

  /// All of these options.
  static let names = [
    "--policy", "--hops", "--orders", "--sharing", "--join", "--readout", "--size-share", "--sums", "--graph-norm", "--no-graph-norm",
  ]

  func validate() throws {
    if hops < 0 { throw ValidationError("--hops must be at least 0, not \(hops)") }
    let given = orders.map { $0.wholeNumberValue ?? -1 }
    guard !given.isEmpty, Set(given).count == given.count, given.allSatisfy({ 0...2 ~= $0 }) else {
      throw ValidationError("--orders must be different digits 0, 1, 2, not \(orders)")
    }
    if !(sizeShare > 0) { throw ValidationError("--size-share must be positive, not \(sizeShare)") }
  }

  var subgraphPolicy: SubgraphPolicy {
    switch policy {
    case .ego: .ego(hops: hops)
    case .egoIdentity: .egoWithIdentity(hops: hops)
    case .nodeDeleted: .nodeDeleted
    case .nodeMarked: .nodeMarked
    case .edgeDeleted: .edgeDeleted
    }
  }

  /// Sets what was asked, and the classes of sizes of the data's subgraphs.
  func apply(to c: inout ClassificationConfiguration, _ data: GraphDataset) {
    var s = c.subgraphs
    (s.policy, s.orders, s.sharing) = (subgraphPolicy, orders.map { $0.wholeNumberValue! }, sharing)
    (s.recombination, s.readout, s.normalization) = (join, readout, sums)
    s.normalizes = graphNorm
    if policy == .ego || policy == .egoIdentity, sizeShare <= 1 {
      let sizes = data.graphs.flatMap { SubgraphBag($0.graph, policy: s.policy).subgraphs.graphSizes }
      s.sizes = SubgraphSpace.frequentSizes(of: sizes, share: sizeShare)
    }
    (s.features, s.hidden) = (data.nodeLabelValues.count, Array(repeating: c.hidden, count: c.layers))
    (s.head, s.dropout) = ([128, 64, data.classes.count], c.dropout)
    c.subgraphs = s
    c.sizeShare = sizeShare
  }
}

extension ClassificationConfiguration {
  /// The options that give what is particular to spen.
  var subgraphWords: [String] {
    guard model == .spen else { return [] }
    let (s, base) = (subgraphs, SPEN<Float>.Configuration())
    let (policy, hops): (SubgraphOptions.Policy, Int) =
      switch s.policy {
      case .ego(let hops): (.ego, hops)
      case .egoWithIdentity(let hops): (.egoIdentity, hops)
      case .nodeDeleted: (.nodeDeleted, 1)
      case .nodeMarked: (.nodeMarked, 1)
      case .edgeDeleted: (.edgeDeleted, 1)
      }
    var words: [String] = []
    if policy != .ego { words.append("--policy \(policy.rawValue)") }
    if hops != 1 { words.append("--hops \(hops)") }
    if s.orders != base.orders { words.append("--orders " + s.orders.map(String.init).joined()) }
    if s.sharing != base.sharing { words.append("--sharing \(s.sharing.rawValue)") }
    if s.recombination != base.recombination { words.append("--join \(s.recombination.rawValue)") }
    if s.readout != base.readout { words.append("--readout \(s.readout.rawValue)") }
    if s.normalization != base.normalization { words.append("--sums \(s.normalization.rawValue)") }
    if !s.normalizes { words.append("--no-graph-norm") }
    if let sizeShare, sizeShare != 0.02 { words.append("--size-share \(sizeShare)") }
    return words
  }
}

extension SubgraphSharing: ExpressibleByArgument {}
extension RecombinationRule: ExpressibleByArgument {}
extension TupleNormalization: ExpressibleByArgument {}
