import ArgumentParser
import Equivariant
import Foundation
import Testing

@testable import graphs

/// The networks of `graphs` as a list, its commands in process, and configurations of every version.
@Suite struct GraphsRegistryTests {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
  private static let root = tests.deletingLastPathComponent().deletingLastPathComponent()
  private static let mutag = root.appending(path: "Data/graphs/MUTAG").path

  @Test func everyArchitectureIsDeclaredRightly() {
    #expect(models.faults == [])
    #expect(Set(classifiers.map { $0.name }) == ["gin", "gin-id", "ign", "ppgn", "spen"])
    let names = architectures.map { $0.name }
    #expect(names.count == 16 && Set(names).count == 16 && architectures.allSatisfy { !$0.summary.isEmpty })
    // What is only measured has no settings that an option could set.
    for architecture in architectures where !(architecture is any Classifier.Type) { #expect(architecture.names == []) }
  }

  /// Each file of the folder is in the list, so that a new network is one new file.
  @Test func everyFileIsListed() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Examples/Graphs/Models").path)
    #expect(Set(files.filter { $0.hasSuffix(".swift") }) == Set(architectures.map { "\($0).swift" }))
  }

  @Test func helpNamesEveryModelWithItsSettings() {
    for command in [TrainGraphs.self, CrossValidate.self] as [any ParsableCommand.Type] {
      // Lines break where they are full.
      let help = GraphsCommand.helpMessage(for: command).split(whereSeparator: \.isWhitespace).joined(separator: " ")
      for classifier in classifiers {
        #expect(help.contains("--model \(classifier.name): "))
        for name in classifier.names + TrainingSettings.names + DataSettings.names { #expect(help.contains("--\(name)"), "\(name)") }
      }
      #expect(help.contains("trained with --epochs 50 --batch 16 --rate 0.001 --halve-every 12 where nothing"))
    }
    for command in [Separate.self, Classify.self, Brec.self] as [any ParsableCommand.Type] {
      let help = GraphsCommand.helpMessage(for: command)
      for architecture in architectures { #expect(help.contains(architecture.name), "\(architecture.name)") }
    }
  }

  @Test func commandsInProcess() throws {
    let words = [
      "train", "--model", "spen", "--rate=1e-2", "--output", "x", "--orders", "10", "--no-graph-norm", "--data", "a", "--data=b",
    ]
    let train = try #require(GraphsCommand.parseAsRoot(words) as? TrainGraphs)
    var expected = try ClassificationConfiguration(modelNamed: "spen")
    expected.model = SPENArchitecture(orders: TupleOrders([1, 0]), graphNorm: false)
    (expected.training, expected.data.files) = (.init(epochs: 50, batch: 16, rate: 1e-2, halveEvery: 12), ["a", "b"])
    #expect(try train.asked == expected && train.output == "x")
    #expect(
      expected.options(hasStandardFolds: true) == [
        "--data", "a", "--data", "b", "--model", "spen", "--orders", "10", "--no-graph-norm", "--rate", "0.01",
      ])
    // Nodes of gin have their degrees for labels.
    #expect(try TrainGraphs.parse([]).asked.data.degreeLabels && !TrainGraphs.parse(["--no-degree-labels"]).asked.data.degreeLabels)
    #expect(try CrossValidate.parse(["--model", "ign", "--only", "2"]).asked.modelName == "ign")
    #expect(try #require(GraphsCommand.parseAsRoot(["separate", "a.g6", "--model", "ign-3"]) as? Separate).networks.chosen.count == 1)
  }

  /// Batch statistics and what is dropped are those of the networks that have them; others are the same in training.
  @Test func trainingPassesReachEveryNetwork() throws {
    let ring = SimpleGraph(nodeCount: 5, edges: (0..<5).map { ($0, ($0 + 1) % 5) })
    let graphs = GraphBatch<Float>([ring, ring], features: Tensor((0..<10).map { Float($0 % 3) }, shape: [10, 1]))
    for classifier in classifiers {
      var configuration = try ClassificationConfiguration(modelNamed: classifier.name)
      configuration.facts.largest = 5
      let model = configuration.makeModel()
      var pass = ForwardPass<Float>.training(using: RandomSource(seed: 1))
      let difference = (model(graphs, &pass) - model(graphs)).elements.map(\.magnitude).max()!
      let isPlain = ["ign", "ppgn"].contains(classifier.name)
      #expect(isPlain ? difference == 0 : difference > 1e-4, "\(classifier.name): \(difference)")
    }
  }

  /// A run that is begun, read again and tested without another process.
  @Test func runsInProcess() throws {
    try withTemporaryFolder { folder in
      let run = folder.appending(path: "run").path
      let words = [
        "train", "--data", Self.mutag, "--model", "ppgn", "--hidden", "4", "--layers", "1", "--epochs", "1", "--folds", "2", "--fold", "2",
        "--output", run,
      ]
      var train = try GraphsCommand.parseAsRoot(words)
      try train.run()
      let (model, configuration, file) = try ClassificationConfiguration.load(RunFolder(run).best)
      #expect(configuration.fold == 1 && configuration.facts.graphs == 188 && configuration.data.foldSeed == 0)
      #expect(try TrainingOutcome.Best(savedIn: file)?.epoch == 1 && model.namedTensors.allSatisfy { $0.path.hasPrefix("ppgn.") })
      // What is finished stays as it is.
      var resumed = try GraphsCommand.parseAsRoot(["train", "--resume", "--output", run])
      try resumed.run()
      var again = try GraphsCommand.parseAsRoot(words)
      let error = #expect(throws: (any Error).self) { try again.run() }
      #expect("\(try #require(error))".contains("holds a run already"))
    }
  }

  @Test(arguments: [
    (["--policy", "ego"], "--policy has no effect: --model gin does not use it; --policy needs --model spen"),
    (["--no-graph-norm"], "--no-graph-norm has no effect: --model gin does not use it"),
    (
      ["--model", "ign", "--dropout", "0"], "--dropout has no effect: --model ign does not use it; --dropout needs --model gin or gin-id or"
    ),
    (["--model", "spen", "--pooling", "sum"], "--pooling has no effect: --model spen"),
    (["--model", "fa-mlp"], "--model is one of "), (["--hiden", "3"], "there is no option --hiden"),
    (["--resume", "--rate", "1"], "--rate does not go with --resume"), (["--resume", "--model", "ign"], "--model does not go with"),
    (["--resume", "--epochs", "5"], "--epochs does not go with"), (["--resume", "--fold", "2"], "--fold does not go with --resume"),
    (["--fold", "0"], "--fold must be at least 1"), (["--validation-parts", "1"], "--validation-parts must be 0 or 2 to 1000000, not 1"),
    (["--model", "spen", "--orders", "3"], "--orders is different digits 0, 1, 2, such as 21, not \"3\""),
    (["--model", "spen", "--orders", "11"], "--orders is different digits"),
    (["--model", "spen", "--size-share", "0"], "--size-share must be"),
    (["--hidden", "0"], "--hidden must be at least 1"), (["word"], "there is nothing to do with \"word\""),
  ]) func refusalsInProcess(_ options: [String], _ message: String) throws {
    #expect(try refusal(of: options, by: TrainGraphs.self).contains(message))
  }

  /// Configurations of version 1, as files of that time have them.
  @Test func configurationsOfVersion1() throws {
    let lines = try readJSONLines(Self.tests.appending(path: "References/graphs-version-1.jsonl").path)
    #expect(lines.count == 8)
    for line in lines {
      var expected = try TrainGraphs.parse(#require(line["options"]?.array).compactMap(\.string)).asked
      let stored = try #require(line["configuration"])
      // What was taken from MUTAG.
      expected.data.foldSeed = expected.data.foldSeed ?? 0
      expected.fold = try #require(line["fold"]?.int)
      let facts = expected.facts
      expected.facts = try ClassificationConfiguration(json: stored.description).facts
      #expect(expected.facts.graphs == 188 && expected.facts.largest == 28 && expected.facts != facts)
      #expect(expected.facts.sizes == stored["subgraphs"]?["sizes"]?.array?.compactMap(\.int))
      #expect(try ClassificationConfiguration(json: stored.description) == expected, "\(line)")
      #expect(try ClassificationConfiguration(json: expected.json) == expected)
    }
    let text = try #require(lines[5]["configuration"]).description
    for (part, replacement, message) in [
      ("\"hidden\":8,\"largest\"", "\"largest\"", "the key \"hidden\" is missing"),
      ("\"halveEvery\":12", "\"halveEvery\":{}", "\"halveEvery\" is no number"),
      ("\"orders\":[2,1]", "\"orders\":[4]", "the value of the key \"subgraphs.orders\" is none that it can have"),
      ("{\"ego\":{\"hops\":1}}", "{\"ego\":{}}", "the key \"subgraphs.policy.ego.hops\" is missing"),
      ("{\"ego\":{\"hops\":1}}", "{\"star\":{}}", "the value of the key \"subgraphs.policy\" is no text"),
      (
        "\"model\":\"spen\"", "\"model\":\"egnn\"", "the value of the key \"model\" is none that it can have (gin, gin-id, ign, ppgn, spen)"
      ),
      ("\"data\":[\"MUTAG\"]", "\"data\":\"MUTAG\"", "the value of the key \"data\" is no list"),
    ] {
      #expect(try refusal(of: text, replacing: part, by: replacement, as: ClassificationConfiguration.self).contains(message))
    }
  }

  /// A file of version 1 predicts what it predicted then.
  @Test func modelOfVersion1() throws {
    let path = Self.tests.appending(path: "References/graphs-version-1.safetensors").path
    var (model, configuration, file) = try ClassificationConfiguration.load(path)
    configuration.data.files = [Self.mutag]
    let graphs = try configuration.loadData()
    try configuration.check(graphs)
    let all = ClassifierEvaluation(model, graphs.batches(Array(0..<graphs.count)), classes: 2)
    #expect(all.confusion.counts == [[0, 63], [0, 125]] && abs(all.loss - 0.8376151234545606) < 1e-5)
    let test = ClassifierEvaluation(model, graphs.batches(configuration.split(graphs).test), classes: 2)
    #expect(test.confusion.counts == [[0, 7], [0, 12]] && abs(test.loss - 0.9217575192451477) < 1e-5)
    #expect(try TrainingOutcome.Best(savedIn: file)?.epoch != nil)
  }
}
