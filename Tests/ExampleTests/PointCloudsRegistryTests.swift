import ArgumentParser
import Equivariant
import Foundation
import Testing

@testable import pointclouds

/// The models of `pointclouds` as a list, their commands in process, and configurations of every version.
@Suite struct PointCloudsRegistryTests {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
  private static let root = tests.deletingLastPathComponent().deletingLastPathComponent()

  @Test func everyArchitectureIsDeclaredRightly() {
    #expect(models.faults == [])
    #expect(
      Set(architectures.map { $0.name }) == [
        "pointnet", "dgcnn", "deepsets", "set-transformer", "fa-pointnet", "fa-dgcnn", "fa-deepsets", "fa-set-transformer",
        "fa-local-pointnet",
      ])
  }

  /// Each file of the folder is in the list, so that a new model is one new file.
  @Test func everyFileIsListed() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Examples/PointClouds/Models").path)
    #expect(Set(files.filter { $0.hasSuffix(".swift") }) == Set(architectures.map { "\($0).swift" }))
  }

  @Test func helpNamesEveryModelWithItsSettings() {
    let help = PointCloudsCommand.helpMessage(for: TrainClouds.self)
    for architecture in architectures {
      #expect(help.contains("--model \(architecture.name): "))
      for name in architecture.names + TaskSettings.names + TrainingSettings.names + DataSettings.names {
        #expect(help.contains("--\(name)"), "\(name)")
      }
    }
  }

  @Test func commandsInProcess() throws {
    let words = ["train", "--model", "fa-dgcnn", "--rate=1e-2", "--output", "x", "--frames", "3", "--task", "parts", "--patches"]
    let train = try #require(PointCloudsCommand.parseAsRoot(words) as? TrainClouds)
    var expected = try CloudConfiguration(modelNamed: "fa-dgcnn")
    expected.model = FADGCNNArchitecture(frames: 3)
    (expected.training.rate, expected.task.kind, expected.task.patches, expected.labels) = (1e-2, .parts, true, 12)
    #expect(try train.asked == expected && train.output == "x")
    expected.training.seed = 2
    #expect(try train.asked != expected)
    _ = try EvaluateClouds.parse(["run", "--data-seed", "4", "--json"])
    // Models take the settings that they have.
    let runs = try Protocols.parse(["--data", "x", "--models", "pointnet,fa-pointnet", "--frames", "5"]).runs().configurations
    #expect((runs[1].model as? FAPointNetArchitecture)?.frames == 5 && runs[0].modelName == "pointnet")
  }

  /// Batch statistics and drawn frames are those of the networks that have them; others are the same in training.
  @Test func trainingPassesReachEveryNetwork() throws {
    var generator = RandomSource(seed: 2)
    let x = Tensor<Float>.normal([3, 24, 3], using: &generator)
    for architecture in architectures {
      let model = try CloudConfiguration(modelNamed: architecture.name).makeModel()
      var pass = ForwardPass<Float>.training(using: RandomSource(seed: 1))
      let difference = (model(x, &pass) - model(x)).elements.map(\.magnitude).max()!
      let isPlain = ["deepsets", "set-transformer"].contains(architecture.name)
      #expect(isPlain ? difference == 0 : difference > 1e-4, "\(architecture.name): \(difference)")
    }
  }

  /// A run that is begun, read again, resumed and tested without another process.
  @Test func runsInProcess() throws {
    try withTemporaryFolder { folder in
      let run = folder.appending(path: "run").path
      let words = [
        "train", "--task", "classify", "--model", "deepsets", "--shapes-per-class", "4", "--points", "20", "--clouds", "8", "--batch", "4",
        "--epochs", "1", "--output", run,
      ]
      var train = try PointCloudsCommand.parseAsRoot(words)
      try train.run()
      let asked = try #require(train as? TrainClouds).asked
      var resumed = try PointCloudsCommand.parseAsRoot(["train", "--resume", "--output", run, "--epochs", "2"])
      try resumed.run()
      let (model, configuration, file) = try CloudConfiguration.load(RunFolder(run).best)
      var expected = asked
      (expected.training.epochs, expected.fingerprint) = (2, configuration.fingerprint)
      // Where clouds are not given there are as many as shapes; here they are.
      #expect(configuration == expected && configuration.fingerprint != nil && configuration.training.clouds == 8)
      #expect(try TrainingOutcome.Best(savedIn: file)?.epoch == 2)
      #expect(model.namedTensors.map(\.path) == configuration.makeModel().namedTensors.map(\.path))
      #expect(try readJSONLines(RunFolder(run).metrics).count == 2)
      var again = try PointCloudsCommand.parseAsRoot(words)
      let error = #expect(throws: (any Error).self) { try again.run() }
      #expect("\(try #require(error))".contains("holds a run already"))
    }
  }

  @Test(arguments: [
    (["--model", "pointnet", "--frames", "3"], "--frames has no effect: --model pointnet does not use it; --frames needs --model fa-"),
    (["--model", "none"], "--model is one of "), (["--hiden", "3"], "there is no option --hiden"),
    (["--resume", "--rate", "1"], "--rate does not go with --resume"), (["--resume", "--model", "dgcnn"], "--model does not go with"),
    (["--resume", "--epochs", "0"], "--epochs must be at least 1"),
    (["--task", "parts", "--data", "x"], "--data has no effect: the shapes"),
    (["--data", "x", "--data-seed", "3"], "--data-seed has no effect: the shapes of --task normals come from --data"),
    (["--preset", "huge"], "--preset is small or published, not \"huge\""), (["--points", "19"], "--points must be at least 20"),
    (["word"], "there is nothing to do with \"word\""), (["--points"], "--points needs a value"), (["--patches=1"], "takes no value"),
  ]) func refusalsInProcess(_ options: [String], _ message: String) throws {
    #expect(try refusal(of: options, by: TrainClouds.self).contains(message))
  }

  @Test(arguments: [
    (["--data", "x", "--models", "pointnet", "--frames", "3"], "--frames has no effect: --model pointnet does not use it"),
    (["--data", "x", "--task", "parts"], "--task has no effect"), (["--data", "x", "--rotations", "so3"], "--rotations has no effect"),
    (["--data", "x", "--bogus", "1"], "there is no option --bogus"), (["--models", "x"], "--models are "), ([], "--data is missing"),
    (["--data", "x", "--models", ","], "--models names no model"), (["--data", "x", "word"], "there is nothing to do with \"word\""),
  ]) func refusalsOfProtocols(_ options: [String], _ message: String) throws {
    #expect(try refusal(of: options, by: Protocols.self).contains(message))
  }

  /// Configurations of version 1, as files of that time have them.
  @Test func configurationsOfVersion1() throws {
    let lines = try readJSONLines(Self.tests.appending(path: "References/pointclouds-version-1.jsonl").path)
    #expect(lines.count == 13)
    for line in lines {
      var expected = try TrainClouds.parse(#require(line["options"]?.array).compactMap(\.string)).asked
      let stored = try #require(line["configuration"])
      expected.fingerprint = stored["fingerprint"]?.string
      #expect(try CloudConfiguration(json: stored.description) == expected, "\(line)")
      #expect(try CloudConfiguration(json: expected.json) == expected)
    }
    let text = try #require(lines[4]["configuration"]).description
    for (part, replacement, message) in [
      ("\"points\":64,", "", "the key \"points\" is missing"),
      ("\"cloudsPerEpoch\":12", "\"cloudsPerEpoch\":{}", "\"cloudsPerEpoch\" is no number"),
      ("\"reflections\":true", "\"reflections\":3", "the value of the key \"reflections\" is no truth value"),
      ("\"model\":\"fa-pointnet\"", "\"model\":\"egnn\"", "the value of the key \"model\" is none that it can have"),
      (
        "\"rotations\":\"identity\"", "\"rotations\":\"o3\"",
        "the value of the key \"rotations\" is none that it can have (identity or so3)"
      ),
    ] {
      #expect(try refusal(of: text, replacing: part, by: replacement, as: CloudConfiguration.self).contains(message))
    }
  }
}
