import ArgumentParser
import Equivariant
import Foundation
import Testing

@testable import molecules

/// The models of `molecules` as a list, their commands in process, and configurations of every version.
@Suite struct MoleculesRegistryTests {
  @Test func everyArchitectureIsDeclaredRightly() {
    #expect(models.faults == [])
    #expect(architectures.map { $0.name } == ["pnita", "ponita"])
  }

  /// Each file of the folder is in the list, so that a new model is one new file.
  @Test func everyFileIsListed() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Examples/Molecules/Models")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
    #expect(Set(files) == Set(architectures.map { "\($0).swift" }))
  }

  @Test func helpNamesEveryModelWithItsSettings() {
    let help = MoleculesCommand.helpMessage(for: TrainMolecules.self)
    for architecture in architectures {
      #expect(help.contains("--model \(architecture.name): "))
      for name in architecture.names { #expect(help.contains("--\(name)"), "\(name)") }
    }
  }

  @Test func commandsInProcess() throws {
    let words = ["train", "--model", "pnita", "--rate=1e-2", "--output", "x", "--warm-up", "0", "--train-count", "40", "--data", "y"]
    let train = try #require(MoleculesCommand.parseAsRoot(words) as? TrainMolecules)
    var expected = try MoleculeConfiguration(modelNamed: "pnita")
    (expected.training.rate, expected.training.warmUpEpochs, expected.split.trainCount, expected.data.file) = (1e-2, 0, 40, "y")
    #expect(try train.asked == expected && train.output == "x")
    _ = try EvaluateMolecules.parse(["--train-count", "40", "run", "--limit", "3"])
  }

  @Test(arguments: [
    (["--model", "pnita", "--grid", "icosahedron"], "--grid has no effect: --model pnita does not use it; --grid needs --model ponita"),
    (["--model", "none"], "--model is one of pnita, ponita, not \"none\""), (["--hiden", "3"], "there is no option --hiden"),
    (["--resume", "--rate", "1"], "--rate does not go with --resume"), (["--resume", "--model", "pnita"], "--model does not go with"),
    (["--train-indices", "x"], "--train-indices and --test-indices go together"), (["--average", "1"], "--average must be"),
    (["--train-count", "1"], "--train-count must be at least 2"),
  ]) func refusalsInProcess(_ options: [String], _ message: String) throws {
    #expect(try refusal(of: options, by: TrainMolecules.self).contains(message))
  }

  @Test(arguments: [(["a", "b"], "there is nothing to do with \"b\""), (["a", "--hidden", "3"], "there is no option --hidden")])
  func refusalsOfEvaluate(_ words: [String], _ message: String) throws {
    #expect(try refusal(of: words, by: EvaluateMolecules.self).contains(message))
  }

  /// Configurations of version 1, as files of that time have them.
  @Test func configurationsOfVersion1() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/molecules-version-1.jsonl").path
    let lines = try readJSONLines(path)
    #expect(lines.count == 3)
    for line in lines {
      var expected = try TrainMolecules.parse(#require(line["options"]?.array).compactMap(\.string)).asked
      let stored = try #require(line["configuration"])
      (expected.atomicNumbers, expected.fingerprint) = ([6, 6, 8, 1, 1, 1, 1, 1, 1], stored["fingerprint"]?.string)
      #expect(try MoleculeConfiguration(json: stored.description) == expected, "\(line)")
      #expect(try MoleculeConfiguration(json: expected.json) == expected)
    }
    let wrong = [
      (
        "\"atomicNumbers\":[6,6,8,1,1,1,1,1,1]", "\"atomicNumbers\":[6.5]",
        "the key \"atomicNumbers\" is none that it can have (a list, each a wh"
      ),
      ("\"hidden\":8,", "", "the key \"hidden\" is missing"), ("\"forceWeight\":500", "\"forceWeight\":{}", "\"forceWeight\" is no number"),
      ("\"model\":\"ponita\"", "\"model\":\"egnn\"", "the value of the key \"model\" is none that it can have (pnita, ponita)"),
    ]
    let text = try #require(lines[0]["configuration"]).description
    for (part, replacement, message) in wrong {
      #expect(try refusal(of: text, replacing: part, by: replacement, as: MoleculeConfiguration.self).contains(message))
    }
  }
}
