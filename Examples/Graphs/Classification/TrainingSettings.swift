import Equivariant

/// The settings of a training besides the network and the data. The defaults are those of GIN (Xu et al. 2019).
struct TrainingSettings: Configurable {
  var epochs = 350
  var batch = 32
  var rate = 0.01
  var decay = 0.0
  var halveEvery = 50
  var seed: UInt64 = 1

  static let settings: [Setting<Self>] = [
    .init("epochs", \.epochs, in: 1...1_000_000, "Passes over the training graphs."),
    .init("batch", \.batch, in: 1...1_000_000, "Graphs in a batch; an incomplete last batch is left out."),
    .init("rate", \.rate, "a positive number", where: { $0 > 0 }, "Learning rate of Adam."),
    .init("decay", \.decay, "at least 0", where: { $0 >= 0 }, "Decoupled decay of weights (AdamW)."),
    .init("halve-every", \.halveEvery, in: 1...1_000_000, "Epochs after which the rate is halved, again and again."),
    .init("seed", \.seed, "Seed of weights, batches, held-out graphs and dropout."),
  ]

  /// Settings near those of Mitton and Murray-Smith 2023 for most data sets.
  static let higherOrder = TrainingSettings(epochs: 50, batch: 16, rate: 1e-3, halveEvery: 12)

  /// The settings of a trainer on the given number of graphs.
  func trainerSettings(samples: Int) -> Trainer<GraphClassifier>.Settings {
    var s = Trainer<GraphClassifier>.Settings()
    s.batchSize = batch
    s.optimizer = .init(rate: rate, weightDecay: decay)
    s.schedule = .step(every: min(halveEvery, epochs) * (samples / batch), factor: 0.5)
    return s
  }
}

/// The choice of graphs to train on, to choose the model by and to test on.
struct DataSettings: Configurable {
  var files: [String] = []
  var degreeLabels = false
  var folds = 10
  /// The seed of the folds; nil for the folds of the file.
  var foldSeed: UInt64?
  /// The number of parts of which one is held out for validation; 0 for no validation.
  var validationParts = 10

  static let settings: [Setting<Self>] = [
    .init(
      "data", each: \.files,
      "A folder in TU's text format, an .npz archive with n_nodes, n_edges, edges, graph_label (node_label, fold10), or files in graph6, "
        + "given one after the other, one for each class."),
    .init("degree-labels", \.degreeLabels, "Nodes without labels are labelled by their degrees."),
    .init("folds", \.folds, in: 2...1_000_000, "Number of folds."),
    .init(
      "fold-seed", \.foldSeed, "Seed of stratified folds; where it is not given, the folds of the file, or of seed 0 if it has none."),
    .init(
      "validation-parts", \.validationParts, "0 or 2 to 1000000", where: { $0 == 0 || (2...1_000_000).contains($0) },
      "One part in so many of the training graphs is held out to choose the model, stratified by class; 0 holds none out, which leaves "
        + "protocol (b) alone."),
  ]
}

/// The properties of the data that a network depends on, and those that distinguish them from other data.
struct DataFacts: Equatable {
  var graphs = 0
  var classes = 2
  /// The number of different node labels.
  var nodeLabels = 1
  /// The largest number of nodes of a graph.
  var largest = 0
  /// The sizes of subgraphs with weights of their own, smallest first; empty if all share the same weights.
  var sizes: [Int] = []
  /// The `GraphDataset.fingerprint` of the data.
  var fingerprint = ""

  /// The properties of no data.
  init() {}

  init(_ data: GraphDataset, sizes: [Int]) {
    (graphs, classes, nodeLabels, largest) = (data.count, data.classes.count, data.nodeLabelValues.count, data.largest)
    (self.sizes, fingerprint) = (sizes, data.fingerprint)
  }

  /// Why such data are impossible; nil if they are possible.
  var objection: String? {
    if nodeLabels < 1 || classes < 2 || largest < 0 || graphs < 0 { return "there are no such counts of labels, classes, nodes or graphs" }
    let areSizes = sizes.allSatisfy { $0 > 0 } && zip(sizes, sizes.dropFirst()).allSatisfy(<)
    return areSizes ? nil : "sizes of subgraphs grow from at least 1, these are \(sizes)"
  }
}
