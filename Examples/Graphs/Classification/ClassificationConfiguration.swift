import Equivariant
import ExampleSupport

/// Everything that decides the training on one fold.
struct ClassificationConfiguration: StoredConfiguration, Equatable {
  var model = ClassifierKind.gin
  /// Files or the folder of the data.
  var data: [String] = []
  /// Whether nodes without labels are labelled by their degrees; nil where that is as the network takes them unless told otherwise.
  var degreeLabels: Bool?
  /// What the network has to know of the data.
  var nodeLabels = 1
  var classes = 2
  var largest = 0
  var graphs = 0
  /// `GraphDataset.fingerprint` of the data.
  var fingerprint = ""
  /// The number of folds, and the one that tests.
  var folds = 10
  var fold = 0
  /// Seed of stratified folds; nil for those of the file.
  var foldSeed: UInt64?
  /// One part in so many of the training graphs chooses the model; nil for none.
  var validationParts: Int? = 10
  /// What is particular to spen.
  var subgraphs = SPEN<Float>.Configuration()
  /// The least share of the ego networks of sizes with weights of their own.
  var sizeShare: Double?
  var hidden = 32
  var layers = 4
  var pooling = GIN<Float>.Pooling.sum
  var dropout = 0.5
  var epochs = 350
  var batch = 32
  var rate = 0.01
  /// Decoupled decay of weights.
  var decay = 0.0
  /// Epochs after which the rate is halved, again and again.
  var halveEvery = 50
  var seed: UInt64 = 1

  /// What each network is trained with unless told otherwise: gin as Xu et al. 2019, spen near to Mitton and Murray-Smith 2023 (for
  /// most sets), the others as spen.
  init(_ model: ClassifierKind) {
    self.model = model
    guard !model.isGIN else { return }
    (layers, epochs, batch, rate, halveEvery) = (3, 50, 16, 1e-3, 12)
  }

  static let subject = "a run on graphs"
  static let cure = "give a file written by `graphs train` or `graphs cross-validate`"
  init() { self.init(.gin) }

  var objection: String? {
    let counts = countObjection([
      ("hidden", hidden, 1...16_384), ("layers", layers, 1...1_000_000), ("epochs", epochs, 1...1_000_000), ("batch", batch, 1...1_000_000),
      ("halve-every", halveEvery, 1...1_000_000), ("folds", folds, 2...1_000_000),
      ("validation-parts", validationParts, 2...1_000_000),
    ])
    if let objection = counts ?? positiveObjection([("rate", rate)]) { return objection }
    if !(decay >= 0 && decay.isFinite) { return "--decay must be at least 0, not \(decay)" }
    if !(dropout >= 0 && dropout < 1) { return "--dropout must be at least 0 and less than 1, not \(dropout)" }
    let areCounts = nodeLabels >= 1 && classes >= 2 && largest >= 0 && graphs >= 0 && (0..<folds).contains(fold)
    if !areCounts { return "there are no such counts of labels, classes, nodes, graphs or folds" }
    return model == .spen && graphs > 0 ? subgraphObjection : nil
  }

  /// Why what is particular to spen, set where the data are known, does not go with the rest, or nil.
  private var subgraphObjection: String? {
    let s = subgraphs
    let areShapes =
      s.features == nodeLabels && s.hidden == Array(repeating: hidden, count: layers) && s.dropout == dropout && s.head.last == classes
      && s.head.allSatisfy((1...16_384).contains)
    let areOrders = !s.orders.isEmpty && Set(s.orders).count == s.orders.count && s.orders.allSatisfy((0...2).contains)
    let areSizes = s.sizes.allSatisfy { $0 > 0 } && zip(s.sizes, s.sizes.dropFirst()).allSatisfy(<)
    if case .ego(..<0) = s.policy { return "there are no ego networks of fewer than 0 hops" }
    if case .egoWithIdentity(..<0) = s.policy { return "there are no ego networks of fewer than 0 hops" }
    return areShapes && areOrders && areSizes ? nil : "the widths, orders or sizes of the subgraph network are not those of the run"
  }

  /// The same with another fold to test on.
  func testing(_ fold: Int) -> Self {
    var other = self
    other.fold = fold
    return other
  }

  /// The data as the network takes them.
  func loadData() throws -> GraphDataset {
    let graphs = try loadGraphs(data)
    guard graphs.nodeLabelValues.count == 1 else {
      try refuseOptions(["--degree-labels", "--no-degree-labels"], because: "the nodes of \(graphs.name) have labels")
      return graphs
    }
    return degreeLabels ?? model.isGIN ? graphs.labelledByDegree : graphs
  }

  /// The graphs that train, choose and test.
  func split(_ data: GraphDataset) -> GraphSplit {
    let all = foldSeed.map { GraphFolds(stratifying: data.labels, count: folds, seed: $0) } ?? data.standardFolds!
    return all.split(fold, labels: data.labels, validationParts: validationParts, seed: seed)
  }

  func makeModel() -> GraphClassifier {
    var generator = RandomSource(seed: seed &+ UInt64(fold) &* 0x9E37_79B9)
    return GraphClassifier(self, using: &generator)
  }

  func trainerSettings(samples: Int) -> Trainer<GraphClassifier>.Settings {
    var s = Trainer<GraphClassifier>.Settings()
    s.batchSize = batch
    s.optimizer = .init(rate: rate, weightDecay: decay)
    s.schedule = .step(every: min(halveEvery, epochs) * (samples / batch), factor: 0.5)
    return s
  }

  /// Whether the data are those that the run was begun with.
  func check(_ data: GraphDataset) throws {
    let expected = [graphs, classes, nodeLabels, largest]
    let found = [data.count, data.classes.count, data.nodeLabelValues.count, data.largest]
    func refusal(_ cause: String) -> FileFormatError {
      FileFormatError(
        .malformed, path: self.data.joined(separator: ", "), cause: cause, cure: "give the data that the run was begun with")
    }
    guard found == expected else {
      throw refusal(
        "the run is on \(expected[0]) graphs of \(expected[1]) classes with \(expected[2]) labels and at most \(expected[3]) nodes, "
          + "these are \(found[0]) of \(found[1]) with \(found[2]) and at most \(found[3])")
    }
    guard foldSeed != nil || data.standardFolds?.count == folds else {
      throw refusal("the run uses the \(folds) folds of its data, these have \(data.standardFolds.map { "\($0.count)" } ?? "none")")
    }
    guard data.fingerprint == fingerprint else { throw refusal("graphs, labels, classes or folds differ from those of the run") }
  }

  /// Whether files of a run with another configuration are those of this one; the data may have moved.
  func check(_ other: ClassificationConfiguration, of path: String) throws {
    var other = other
    other.data = data
    guard other == self else {
      throw FileFormatError(
        .malformed, path: path,
        cause: "this is of another run (\(other.summary), fold \(other.fold + 1)), not of \(summary), fold \(fold + 1)",
        cure: "remove it, or give another --output")
    }
  }
}

extension GraphDataset {
  /// What differs where graphs, labels, classes or folds do.
  var fingerprint: String {
    var fingerprint = Fingerprint()
    for (graph, nodes) in zip(graphs, nodeLabels) {
      fingerprint.mix([graph.nodeCount, graph.edgeCount])
      for (i, j) in graph.edges { fingerprint.mix([i, j]) }
      fingerprint.mix(nodes)
    }
    fingerprint.mix(labels)
    fingerprint.mix((standardFolds?.folds ?? []).map { $0 ?? -1 })
    return fingerprint.text
  }
}

/// The data set of a folder in TU's text format, of an .npz archive, or of files in graph6, one for each class.
private func loadGraphs(_ paths: [String]) throws -> GraphDataset {
  let data: GraphDataset
  if paths.count == 1, paths[0].hasSuffix(".npz") {
    data = try GraphDataset(npz: paths[0])
  } else if paths.count == 1, !paths[0].hasSuffix(".g6"), !paths[0].hasSuffix(".s6") {
    data = try GraphDataset(tu: paths[0])
  } else {
    data = try GraphDataset(graph6: paths)
  }
  if let note = data.note { remark(note) }
  guard data.classes.count > 1 else {
    throw FileFormatError(
      .malformed, path: paths.joined(separator: ", "),
      cause: "graphs of at least two classes are expected, there "
        + (data.classes.isEmpty ? "are no classes (no file of labels of the graphs)" : "is 1"),
      cure: "give data with classes, not targets of a regression; of graph6, a file for each class")
  }
  return data
}
