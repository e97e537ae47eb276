import ArgumentParser
import Equivariant

/// The networks that are trained to classify graphs.
enum ClassifierKind: String, Codable, CaseIterable, ExpressibleByArgument {
  /// Xu et al. 2019.
  case gin
  /// The same with the numbers of nodes one-hot, new ones in each step of training.
  case ginID = "gin-id"
  /// Mitton and Murray-Smith 2023: maps on the pairs of ego networks.
  case spen
  /// Maron et al. 2019: the same maps on all pairs of a graph.
  case ign
  /// Maron et al. 2019: products of matrices.
  case ppgn

  /// Whether it is a form of GIN: trained with batch normalisation, and on degrees where nodes have no labels, as published.
  var isGIN: Bool {
    switch self {
    case .gin, .ginID: true
    case .spen, .ign, .ppgn: false
    }
  }

  /// Options of commands that train which the network has no use for.
  var ignoredOptions: [String] {
    switch self {
    case .gin, .ginID: SubgraphOptions.names
    case .spen: ["--pooling"]
    case .ign, .ppgn: SubgraphOptions.names + ["--pooling", "--dropout"]
    }
  }

  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
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

/// One of several networks that map graphs to logits.
struct GraphClassifier: ForwardPassLayer {
  var gin: GIN<Float>?
  var spen: SPEN<Float>?
  var ign: InvariantGraphNetwork<Float>?
  var ppgn: PPGN<Float>?

  init(_ c: ClassificationConfiguration, using generator: inout RandomSource) {
    switch c.model {
    case .gin, .ginID:
      var settings = GIN<Float>.Configuration.classifier(
        features: c.nodeLabels, classes: c.classes, hidden: c.hidden, dropout: c.dropout)
      settings.layers = c.layers
      settings.pooling = c.pooling
      if c.model == .ginID { settings.identities = c.largest }
      gin = GIN(settings, using: &generator)
    case .spen: spen = SPEN(c.subgraphs, using: &generator)
    case .ign:
      ign = InvariantGraphNetwork(
        .init(
          features: c.nodeLabels, orders: Array(repeating: 2, count: c.layers), hidden: c.hidden, head: [64, c.classes]),
        using: &generator)
    case .ppgn:
      ppgn = PPGN(.init(features: c.nodeLabels, blocks: c.layers, hidden: c.hidden, head: [64, c.classes]), using: &generator)
    }
  }

  /// Logits [graphs, classes].
  func callAsFunction(_ graphs: GraphBatch<Float>, _ pass: inout ForwardPass<Float>) -> Tensor<Float> {
    if let spen { return spen(graphs, &pass) }
    if let ign { return ign(graphs) }
    if let ppgn { return ppgn(graphs) }
    return gin!(graphs, &pass)
  }

  mutating func visit(_ visitor: inout ParameterVisitor<Float>) {
    visitor("gin", &gin)
    visitor("spen", &spen)
    visitor("ign", &ign)
    visitor("ppgn", &ppgn)
  }
}
