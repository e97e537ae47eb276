import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

/// What the commands that train classifiers share.
struct ClassificationOptions: ParsableArguments {
  @Option(
    help: """
      A folder in TU's text format, an .npz archive with n_nodes, n_edges, edges, graph_label (node_label, fold10), or files in graph6, given \
      one after the other, one for each class.
      """)
  var data: [String] = []
  @Flag(
    inversion: .prefixedNo, help: "Nodes without labels are labelled by their degrees; where not given, those of gin are, as published.")
  var degreeLabels: Bool?
  @Option(help: "The network: \(ClassifierKind.names).") var model: ClassifierKind?
  @Option(help: "Number of folds.") var folds: Int?
  @Option(help: "Seed of stratified folds; where not given, the folds of the file, or of seed 0 if it has none.") var foldSeed: UInt64?
  @Option(
    help: """
      One part in so many of the training graphs is held out to choose the model, stratified by class; 0 holds none out, which leaves \
      protocol (b) alone.
      """)
  var validationParts: Int?
  @Option(help: "Width of hidden features.") var hidden: Int?
  @Option(help: "Layers: those that pass messages, or blocks.") var layers: Int?
  @Option(help: "How nodes are joined: sum or mean.") var pooling: GIN<Float>.Pooling?
  @Option(help: "Probability that an output of a head is dropped in training.") var dropout: Double?
  @OptionGroup(title: "Subgraphs of spen") var subgraphs: SubgraphOptions
  @Option(help: "Passes over the training graphs.") var epochs: Int?
  @Option(help: "Graphs in a batch; an incomplete last batch is left out.") var batch: Int?
  @Option(help: "Learning rate of Adam.") var rate: Double?
  @Option(help: "Decoupled decay of weights (AdamW).") var decay: Double?
  @Option(help: "Epochs after which the rate is halved, again and again.") var halveEvery: Int?
  @Option(help: "Seed of weights, batches, held-out graphs and dropout.") var seed: UInt64?
  @OptionGroup var session: SessionOptions

  func validate() throws {
    if let objection = asked.objection { throw ValidationError(objection) }
  }

  var kind: ClassifierKind { model ?? .gin }

  /// What is asked of any data.
  private var asked: ClassificationConfiguration {
    var c = ClassificationConfiguration(kind)
    (c.data, c.degreeLabels) = (data, degreeLabels)
    if let folds { c.folds = folds }
    if let validationParts { c.validationParts = validationParts == 0 ? nil : validationParts }
    if let hidden { c.hidden = hidden }
    if let layers { c.layers = layers }
    if let pooling { c.pooling = pooling }
    if let dropout { c.dropout = dropout }
    if let epochs { c.epochs = epochs }
    if let batch { c.batch = batch }
    if let rate { c.rate = rate }
    if let decay { c.decay = decay }
    if let halveEvery { c.halveEvery = halveEvery }
    if let seed { c.seed = seed }
    return c
  }

  /// A saved run and its data, from --data where they have moved.
  func resumed(_ saved: ClassificationConfiguration) throws -> (ClassificationConfiguration, GraphDataset) {
    try refuseOnResume(except: ["--only"])
    var saved = saved
    if !data.isEmpty { saved.data = data }
    let graphs = try saved.loadData()
    try saved.check(graphs)
    return (saved, graphs)
  }

  /// A new run and its data.
  func begun() throws -> (ClassificationConfiguration, GraphDataset) {
    guard !data.isEmpty else { throw ValidationError("--data is missing") }
    try refuseOptions(kind.ignoredOptions, because: "--model \(kind.rawValue) does not use it")
    let graphs = try asked.loadData()
    return (try configuration(graphs), graphs)
  }

  /// A new run on the data.
  private func configuration(_ data: GraphDataset) throws -> ClassificationConfiguration {
    var c = asked
    (c.graphs, c.classes, c.nodeLabels, c.largest) = (data.count, data.classes.count, data.nodeLabelValues.count, data.largest)
    c.fingerprint = data.fingerprint
    let isStandard = foldSeed == nil && data.standardFolds?.count == c.folds
    c.foldSeed = isStandard ? nil : foldSeed ?? 0
    if kind == .spen { subgraphs.apply(to: &c, data) }
    // Batch normalisation of one row has no variance.
    guard !kind.isGIN || data.graphs.map(\.nodeCount).sorted().prefix(c.batch).reduce(0, +) > 1 else {
      throw ValidationError(
        "--batch \(c.batch) may get graphs with fewer than two nodes in all, which --model \(kind.rawValue) cannot learn from")
    }
    for fold in 0..<c.folds {
      let split = c.testing(fold).split(data)
      guard !split.test.isEmpty, split.train.count >= c.batch, c.validationParts == nil || !split.valid.isEmpty else {
        throw ValidationError(
          "fold \(fold + 1) has \(split.train.count) graphs to learn from, \(split.valid.count) to choose by and \(split.test.count) to test on: "
            + "--batch \(c.batch), --folds \(c.folds) or --validation-parts is too large for \(data.count) graphs")
      }
    }
    return c
  }
}

extension GIN<Float>.Pooling: ExpressibleByArgument {}

/// What both commands that train say of the protocols.
let protocolHelp = """
  Two test accuracies come from each run. Protocol (a), honest: after every epoch the held-out part of the training graphs is classified; the \
  model with the fewest errors there (of as many, the least loss) classifies the test fold, once. Protocol (b), as papers report it: the \
  mean of the last ten epochs' accuracies on the test fold; nothing is chosen by it. The held-out graphs are missing from the training \
  in both: --validation-parts 0 gives (b) as published. The classes of the test fold never decide anything; the list of node labels, and the sizes \
  of subgraphs with weights of their own, are those of all graphs.
  """
