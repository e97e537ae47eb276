import ArgumentParser
import Equivariant
import Foundation
import Testing

@testable import nbody

// AddingAModelToAProgram.md

/// Bodies that go straight on.
struct BallisticArchitecture: Architecture {
  var time = 1.0

  static let name = "ballistic"
  static let summary = "straight lines for a time that is learned"
  static let settings: [Setting<Self>] = [
    .init("time", \.time, "a positive number", where: { $0 > 0 }, "The time before training.")
  ]
  var size: String { "one parameter" }

  func network(using generator: inout RandomSource) -> any NBodyNetwork { BallisticNetwork(time: Tensor([Float(time)])) }
}

/// x + t v.
struct BallisticNetwork: NBodyNetwork {
  /// t, [1].
  var time: Tensor<Float>

  func prediction(_ input: ParticleBatch<Float>) -> NBodyPrediction {
    .init(positions: input.positions + input.velocities * time)
  }
  mutating func visit(_ visitor: inout ParameterVisitor<Float>) { visitor("time", &time) }
}

/// The models of `nbody` as a list, their commands in process, and configurations of every version.
@Suite struct NBodyRegistryTests {
  /// A setting of every model declared again, a name that is taken, a key path named twice, and a preset out of range.
  private struct Broken: Architecture {
    var hidden = 1
    var epochs = 1
    static let name = "egnn"
    static let summary = "broken"
    static let settings: [Setting<Self>] = [
      .init("hidden", \.hidden, in: 1...3, "Width."), .init("depth", \.hidden, "Width again."), .init("epochs", \.epochs, "Epochs."),
      .init("epochs", \.epochs, "Epochs again."), .init("output", \.epochs, "Folder."),
    ]
    static let published: ModelPreset<Self>? = .init(model: .init(hidden: 4))
    var size: String { "none" }
    func network(using generator: inout RandomSource) -> any NBodyNetwork { GNNArchitecture().network(using: &generator) }
  }

  @Test func everyArchitectureIsDeclaredRightly() {
    #expect(registryFaults(architectures) == [])
    #expect(architectures.map { $0.name } == ["egnn", "fa-gnn", "flow", "gnn", "ponita"])
    let faults = registryFaults(architectures + [Broken.self])
    for fault in [
      "--model egnn is declared twice", "egnn: --epochs is declared twice", "egnn: --depth sets what another option sets",
      "egnn: --epochs is an option of every model", "egnn: --output is an option of every model",
      "egnn: a preset is refused: --hidden must be at least 1 and at most 3, not 4",
    ] { #expect(faults.contains(fault), "\(faults)") }
  }

  /// The architecture of the article.
  @Test func anArchitectureInOneFile() throws {
    #expect(registryFaults(architectures + [BallisticArchitecture.self]) == [])
    var configuration = RunConfiguration(BallisticArchitecture.quick)
    #expect(try configuration.take(["--time", "0.5", "--epochs", "3"]) == ["time", "epochs"])
    #expect(configuration.model as? BallisticArchitecture == BallisticArchitecture(time: 0.5) && configuration.training.epochs == 3)
    #expect(configuration.trainOptions == ["--model", "ballistic", "--time", "0.5", "--epochs", "3"])
    let split = NBodySplit<Float>(
      bodies: 2, charges: [1, 1], edges: [1, 1, 1, 1], positions0: [0, 0, 0, 1, 1, 1], velocities0: [2, 0, 0, 0, 4, 0],
      positions1: [2, 0, 0, 1, 5, 1])
    let model = configuration.makeModel()
    #expect(Evaluation(of: model, on: NBodySamples(split)).predictions == [1, 0, 0, 1, 3, 1])
    // d/dt of the mean of |x + t v − y|² at t = ½.
    let batch = NBodySamples(split).batch([0], graph: .complete(graphs: 1, nodes: 2))
    let (_, gradient) = valueWithGradient(at: model) { meanSquaredError($0(batch), NBodySamples(split).targets([0])) }
    #expect(abs(try #require(gradient.tensors.first).item + 10 / 3) < 1e-6)
    #expect(model.namedTensors.map(\.path) == ["time"])
  }

  /// Each file of the folder is in the list, so that a new model is one new file.
  @Test func everyFileIsListed() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Examples/NBody/Models")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
    #expect(Set(files) == Set(architectures.map { "\($0).swift" }))
  }

  @Test func helpNamesEveryModelWithItsSettings() throws {
    let help = NBodyCommand.helpMessage(for: Train.self)
    for architecture in architectures {
      #expect(help.contains("--model \(architecture.name): "))
      for name in architecture.names + TrainingSettings.names + DataSettings.names { #expect(help.contains("--\(name)"), "\(name)") }
    }
  }

  @Test func commandsInProcess() throws {
    let train = try #require(
      NBodyCommand.parseAsRoot(["train", "--model", "flow", "--depth=2", "--rate", "1e-3", "--output", "x", "--no-cosine"]) as? Train)
    var expected = RunConfiguration(FlowArchitecture.quick)
    expected.model = FlowArchitecture(depth: 2)
    (expected.training.rate, expected.training.cosine) = (1e-3, false)
    #expect(try train.asked == expected && train.output == "x")
    // A preset of a model, and what a band limit chooses.
    #expect(try Train.parse(["--preset", "paper", "--model", "gnn"]).asked.training == .published(rate: 1e-3))
    let limited = try Train.parse(["--model", "ponita", "--band-limit", "2"]).asked.model as? PONITAArchitecture
    #expect(limited == PONITAArchitecture(basis: 63, orientations: 32, grid: .design, bandLimit: 2))
  }

  @Test(arguments: [
    (["--basis", "8"], "--basis has no effect: --model egnn does not use it; --basis needs --model ponita"),
    (["--model", "gnn", "--velocities"], "--velocities needs --model egnn"), (["--hiden", "8"], "there is no option --hiden"),
    (["--model", "none"], "--model is one of egnn, fa-gnn, flow, gnn, ponita, not \"none\""),
    (["--resume", "--rate", "1"], "--rate does not go with --resume"),
    (["--resume", "--model", "gnn"], "--model does not go with --resume"),
    (["--resume", "--epochs", "0"], "--epochs must be at least 1"), (["--data", "x", "--data-seed", "1"], "the data come from --data"),
    (["--train-count", "10001"], "--train-count must be at least 1 and at most 10000"), (["word"], "there is nothing to do with \"word\""),
    (["--warm-up=-1"], "--warm-up must be"),
  ]) func refusalsInProcess(_ options: [String], _ message: String) throws {
    #expect(try refusal(of: options, by: Train.self).contains(message))
  }

  /// Every configuration of version 1, as files of that time have it.
  @Test func configurationsOfVersion1() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/nbody-version-1.jsonl").path
    let lines = try readJSONLines(path)
    #expect(lines.count == 11)
    for line in lines {
      let options = try #require(line["options"]?.array).compactMap(\.string)
      let expected = try Train.parse(options).asked
      #expect(try RunConfiguration(json: #require(line["configuration"]).description) == expected, "\(line)")
      // The newest version is read as it was written.
      #expect(try RunConfiguration(json: expected.json) == expected)
    }
  }

  /// Random poses average what a network with a grid predicts; others have none.
  @Test func averagesOverPoses() {
    var generator = RandomSource(seed: 3)
    #expect(FlowArchitecture(hidden: 4, layers: 1).network(using: &generator).averaged(overPoses: 2) == nil)
    let ponita = PONITAArchitecture(hidden: 4, layers: 1, basis: 4, orientations: 8, pose: .fixed).network(using: &generator)
    #expect((ponita.averaged(overPoses: 3) as? PONITANetwork)?.poses == 3)
  }
}
