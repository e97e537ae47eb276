import ArgumentParser
import Equivariant
import ExampleSupport

/// Everything that decides the training on one fold.
struct ClassificationConfiguration: ModelConfiguration {
  var model: any Classifier
  var training: TrainingSettings
  var data = DataSettings()
  /// The properties of the data, once they are known.
  var facts = DataFacts()
  /// The number of the fold to test on, from 0.
  var fold = 0

  static let subject = "a run on graphs"
  static let cure = "give a file written by `graphs train` or `graphs cross-validate`"
  static var models: ModelList { graphs.models }
  static let defaultModel = GINArchitecture.name

  init(modelNamed name: String) throws(SettingError) {
    let classifier = try classifiers[Self.models.index(of: name)]
    (model, training) = (classifier.init(), classifier.training)
    data.degreeLabels = classifier.labelsByDegree
  }
  var modelName: String { type(of: model).name }

  mutating func visit(_ visitor: inout some SettingsVisitor) throws(SettingError) {
    try visitor.section("network", &model)
    try visitor.section("training", &training)
    try visitor.section("data", &data)
    try visitor.value("graphs", &facts.graphs)
    try visitor.value("classes", &facts.classes)
    try visitor.value("node-labels", &facts.nodeLabels)
    try visitor.value("largest", &facts.largest)
    try visitor.value("sizes", &facts.sizes)
    try visitor.value("fingerprint", &facts.fingerprint)
    try visitor.value("fold", &fold)
  }

  var objection: String? {
    (0..<data.folds).contains(fold) ? facts.objection : "there is no fold \(fold + 1) of \(data.folds)"
  }

  /// "188 graphs, 2 classes, gin of width 32, 4 layers, 350 epochs".
  var summary: String {
    "\(facts.graphs) graphs, \(facts.classes) classes, \(modelName) of \(model.size), \(counted(training.epochs, "epoch"))"
  }

  /// The options of `graphs cross-validate` that give this configuration, on data with or without folds of their own.
  func options(hasStandardFolds: Bool) -> [String] {
    func words<Model: Classifier>(_ model: Model) -> [String] {
      var base = DataSettings()
      (base.degreeLabels, base.foldSeed) = (Model.labelsByDegree, hasStandardFolds ? nil : 0)
      return data.options(beside: base) + (Model.name == Self.defaultModel ? [] : ["--model", Model.name])
        + model.options(beside: Model()) + training.options(beside: Model.training)
    }
    return words(model)
  }

  /// This configuration with another fold to test on.
  func testing(_ fold: Int) -> Self {
    var other = self
    other.fold = fold
    return other
  }

  /// The division into graphs to train on, to choose the model by and to test on.
  func split(_ graphs: GraphDataset) -> GraphSplit {
    let all = data.foldSeed.map { GraphFolds(stratifying: graphs.labels, count: data.folds, seed: $0) } ?? graphs.standardFolds!
    let parts = data.validationParts
    return all.split(fold, labels: graphs.labels, validationParts: parts == 0 ? nil : parts, seed: training.seed)
  }

  func makeModel() -> GraphClassifier {
    var generator = RandomSource(seed: training.seed &+ UInt64(fold) &* 0x9E37_79B9)
    return GraphClassifier(network: model.network(for: facts, using: &generator))
  }
}

extension ClassificationConfiguration {
  /// The data in the form that the network takes. Throws if an option, named without dashes, asks for labels although the data have some.
  func loadData(given names: Set<String> = []) throws -> GraphDataset {
    let graphs = try GraphDataset(contentsOf: data.files)
    if let note = graphs.note { remark(note) }
    guard graphs.classes.count > 1 else {
      throw FileFormatError(
        .malformed, path: data.files.joined(separator: ", "),
        cause: "graphs of at least two classes are expected, there "
          + (graphs.classes.isEmpty ? "are no classes (no file of labels of the graphs)" : "is 1"),
        cure: "give data with classes, not targets of a regression; of graph6, a file for each class")
    }
    guard graphs.nodeLabelValues.count == 1 else {
      if names.contains("degree-labels") {
        throw ValidationError("--degree-labels has no effect: the nodes of \(graphs.name) have labels")
      }
      return graphs
    }
    return data.degreeLabels ? graphs.labelledByDegree : graphs
  }

  /// Takes over the properties of the data that a new run depends on. Throws if some fold has too few graphs.
  mutating func fit(to graphs: GraphDataset) throws(SettingError) {
    facts = DataFacts(graphs, sizes: model.sizes(of: graphs))
    if data.foldSeed == nil, graphs.standardFolds?.count != data.folds { data.foldSeed = 0 }
    let batch = training.batch
    // Batch normalisation of one row has no variance.
    guard !type(of: model).normalizesBatches || graphs.graphs.map(\.nodeCount).sorted().prefix(batch).reduce(0, +) > 1 else {
      throw SettingError("--batch \(batch) may get graphs with fewer than two nodes in all, which --model \(modelName) cannot learn from")
    }
    for fold in 0..<data.folds {
      let split = testing(fold).split(graphs)
      guard !split.test.isEmpty, split.train.count >= batch, data.validationParts == 0 || !split.valid.isEmpty else {
        throw SettingError(
          "fold \(fold + 1) has \(split.train.count) graphs to learn from, \(split.valid.count) to choose by and \(split.test.count) to test on: "
            + "--batch \(batch), --folds \(data.folds) or --validation-parts is too large for \(graphs.count) graphs")
      }
    }
  }

  /// Throws unless the data are those that the run was started with.
  func check(_ graphs: GraphDataset) throws(FileFormatError) {
    func refusal(_ cause: String) -> FileFormatError {
      FileFormatError(.malformed, path: data.files.joined(separator: ", "), cause: cause, cure: "give the data that the run was begun with")
    }
    var found = DataFacts(graphs, sizes: facts.sizes)
    let fingerprint = found.fingerprint
    found.fingerprint = facts.fingerprint
    guard found == facts else {
      throw refusal(
        "the run is on \(facts.graphs) graphs of \(facts.classes) classes with \(facts.nodeLabels) labels and at most \(facts.largest) nodes, "
          + "these are \(found.graphs) of \(found.classes) with \(found.nodeLabels) and at most \(found.largest)")
    }
    guard data.foldSeed != nil || graphs.standardFolds?.count == data.folds else {
      throw refusal("the run uses the \(data.folds) folds of its data, these have \(graphs.standardFolds.map { "\($0.count)" } ?? "none")")
    }
    guard fingerprint == facts.fingerprint else { throw refusal("graphs, labels, classes or folds differ from those of the run") }
  }

  /// Throws unless files of a run with another configuration belong to this one. The data may have moved.
  func check(_ other: ClassificationConfiguration, of path: String) throws(FileFormatError) {
    var other = other
    other.data.files = data.files
    guard other == self else {
      throw FileFormatError(
        .malformed, path: path,
        cause: "this is of another run (\(other.summary), fold \(other.fold + 1)), not of \(summary), fold \(fold + 1)",
        cure: "remove it, or give another --output")
    }
  }
}

extension GraphDataset {
  /// A text that differs if graphs, labels, classes or folds do.
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
