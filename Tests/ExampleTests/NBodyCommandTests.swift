import Equivariant
import Foundation
import Testing

/// The commands of `nbody` as a newcomer would type them, and with what a newcomer gets wrong.
@Suite struct NBodyCommandTests {
  private let nbody = Program("nbody")

  @Test func trainEvaluateRolloutReport() throws {
    try withTemporaryFolder { folder in
      let train = try nbody.run(
        [
          "train", "--output", "run", "--hidden", "16", "--layers", "2", "--epochs", "10", "--train-count", "1000", "--velocities",
          "--rate", "3e-3",
        ],
        in: folder)
      #expect(train.status == 0, "\(train.errors)")
      #expect(train.output.contains("test MSE"))
      let evaluate = try nbody.run(["evaluate", "run", "--json"], in: folder)
      let figures = try JSONValue(parsing: evaluate.output)
      let mse = try #require(figures["mse"]?.double)
      // Better than straight lines after a few seconds, and the published baselines.
      #expect(mse < 0.0847)
      #expect(abs(try #require(figures["static"]?.double) - 0.2715) < 2e-3)
      #expect(abs(try #require(figures["linear"]?.double) - 0.0847) < 3e-3)
      let rollout = try nbody.run(["rollout", "run", "--count", "50", "--output", "rollout.npz"], in: folder)
      #expect(rollout.status == 0 && rollout.output.contains("straight line"), "\(rollout.errors)")
      let archive = try NumericArchive(contentsOf: folder.appendingPathComponent("rollout.npz").path)
      #expect(try archive.array("predicted").shape == [4, 50, 5, 3])
      let again = try nbody.run(["train", "--output", "run"], in: folder)
      #expect(again.status != 0 && again.errors.contains("--resume"))
    }
  }

  @Test(arguments: [("egnn", 0.00681), ("fa-gnn", 0.00498), ("flow", 0.00296)])
  func evaluatesTheModelThatIsShipped(name: String, error: Double) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    try withTemporaryFolder { folder in
      let model = root.appendingPathComponent("Data/nbody/\(name).safetensors").path
      let figures = try JSONValue(parsing: nbody.run(["evaluate", model, "--json"], in: folder).output)
      #expect(abs(try #require(figures["mse"]?.double) - error) < 2e-5)
    }
  }

  /// Frames drawn at random, a run that is cut in two, and refusals.
  @Test func frameAveragedNetwork() throws {
    try withTemporaryFolder { folder in
      let common = ["--model", "fa-gnn", "--hidden", "12", "--layers", "2", "--train-count", "100", "--batch", "50", "--threads", "1"]
      #expect(try nbody.run(["train", "--epochs", "2", "--output", "whole"] + common, in: folder).status == 0)
      let whole = try SafetensorsFile(contentsOf: folder.appendingPathComponent("whole/checkpoint.safetensors").path)
      let again = ["train", "--epochs", "2", "--output", "again", "--threads", "2"] + common.dropLast(2)
      #expect(try nbody.run(again, in: folder).status == 0)
      let other = try SafetensorsFile(contentsOf: folder.appendingPathComponent("again/checkpoint.safetensors").path)
      for name in whole.names { #expect(try whole.array(name) == other.array(name)) }
      for wrong in [["--hidden", "64"], ["--sampled-frames", "-1"], ["--velocities"]] {
        #expect(try nbody.run(["train", "--model", "fa-gnn", "--output", "no"] + wrong, in: folder).status != 0)
      }
    }
  }

  /// Every other model trains for an epoch, says so, and is evaluated from its file.
  @Test(arguments: [
    ["--model", "ponita", "--hidden", "8", "--basis", "8", "--layers", "2", "--orientations", "8"],
    ["--model", "ponita", "--hidden", "8", "--basis", "8", "--layers", "1", "--grid", "repulsion", "--pose", "fixed", "--turns"],
    ["--model", "flow", "--hidden", "8", "--layers", "2", "--node-features", "4"], ["--model", "gnn", "--hidden", "8", "--layers", "1"],
  ]) func modelsTrain(_ options: [String]) throws {
    try withTemporaryFolder { folder in
      let common = ["--train-count", "100", "--batch", "50", "--epochs", "1", "--evaluate-every", "1", "--output", "run"]
      let train = try nbody.run(["train"] + options + common, in: folder)
      #expect(train.status == 0 && train.output.contains("test MSE"), "\(train.errors)")
      let figures = try JSONValue(parsing: nbody.run(["evaluate", "run", "--json"], in: folder).output)
      #expect(try #require(figures["mse"]?.double) < 10)
    }
  }

  @Test func simulate() throws {
    try withTemporaryFolder { folder in
      let result = try nbody.run(["simulate", "--count", "3", "--frames", "30,40", "--output", "a.npz", "--compress"], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let archive = try NumericArchive(contentsOf: folder.appendingPathComponent("a.npz").path)
      let positions = try archive.array("positions")
      #expect(positions.shape == [3, 2, 5, 3])
      // The published first trajectory, particle 0 at frame 30.
      for (value, expected) in zip(try positions.doubles(), [2.9891163171666544, 1.7693701204465264, -1.1712942795381607]) {
        #expect(abs(value - expected) < 1e-9)
      }
      for system in ["gravity", "springs"] {
        #expect(try nbody.run(["simulate", "--system", system, "--count", "2", "--output", "b.npz"], in: folder).status == 0)
      }
    }
  }

  @Test(arguments: [
    (["train", "--batch", "0"], "--batch must be at least 1"), (["train", "--rate=-1"], "--rate must be a positive number"),
    (["train", "--preset", "nonsense"], "nonsense"),
    (["train", "--batch", "500", "--train-count", "100"], "larger than the 100 training samples"),
    (["train", "--resume", "--output", "nowhere"], "nowhere/checkpoint.safetensors"),
    (["train", "--output", "/dev/null/x"], "/dev/null/x"),
    (["train", "--model", "ponita", "--orientations", "12"], "a multiple of 8 orientations"),
    (["train", "--model", "ponita", "--grid", "polyhedron"], "4, 6, 8, 12 or 20 orientations"),
    (["train", "--model", "flow", "--node-features=-1"], "--node-features must be at least 0"),
    (["train", "--velocities", "--model", "gnn"], "--velocities needs --model egnn"), (["evaluate", "nowhere"], "nowhere"),
    (["evaluate", "garbage.safetensors"], "garbage.safetensors"), (["evaluate", "empty.safetensors"], "empty.safetensors"),
    (["evaluate", "--split", "all"], "--split is train, valid or test"), (["simulate", "--bodies", "1"], "--bodies must be at least 2"),
    (["simulate", "--frames", "3,99"], "99"), (["simulate", "--output", "/nowhere/at/all.npz"], "/nowhere/at/all.npz"),
    (["rollout", "nowhere"], "nowhere"), (["report", "--run", "nowhere"], "nowhere"), (["dance"], "dance"),
  ]) func wrongInput(_ arguments: [String], _ message: String) throws {
    try withTemporaryFolder { folder in
      try Data("this is no checkpoint, it is a line of text".utf8).write(to: folder.appendingPathComponent("garbage.safetensors"))
      try Data().write(to: folder.appendingPathComponent("empty.safetensors"))
      try nbody.expectRefusal(of: arguments, saying: message, in: folder)
    }
  }

  @Test func helpTellsWhatCommandsDo() throws {
    try withTemporaryFolder { folder in
      let help = try nbody.run(["--help"], in: folder).output
      for command in ["train", "evaluate", "rollout", "simulate", "report"] {
        #expect(help.contains(command))
        let own = try nbody.run([command, "--help"], in: folder)
        #expect(own.status == 0 && own.output.contains("OVERVIEW"))
      }
    }
  }

  @Test func benchmarksPrintJSONLines() throws {
    try withTemporaryFolder { folder in
      let result = try Program("benchmarks").run(["engine", "--only", "engine/add", "--budget", "0.01"], in: folder)
      #expect(result.status == 0)
      let lines = try result.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
      #expect(lines.count > 2)
      #expect(lines[0]["params"] != nil && lines[0]["blas_core"]?.string != nil && lines[0]["kernels"]?.string != nil)
      #expect(lines[1]["seconds"]?.double != nil && lines[1]["threads"]?.int != nil && lines[1]["runs"]?.int != nil)
    }
  }

  @Test func benchmarksOfGrowthComeFromProcessesOfTheirOwn() throws {
    try withTemporaryFolder { folder in
      let arguments = ["permutations", "--only", "growth", "--nodes", "8,16,40,60", "--budget", "0", "--threads", "1"]
      let result = try Program("benchmarks").run(arguments, in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let lines = try result.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
      for network in ["spen", "order2"] {
        func own(_ name: String) -> [JSONValue] { lines.filter { $0["name"]?.string == "growth/\(network)/\(name)" } }
        #expect(own("step").map { $0["params"]?["nodes"]?.int } == [8, 16, 40, 60])
        #expect(own("step").allSatisfy { $0["seconds"]!.double! > 0 && $0["cpu"]!.double! > 0 && $0["threads"]?.int == 1 })
        // The larger graph takes more, whatever the ones before it took.
        let peaks = own("memory").map { $0["peak_mb"]!.double! }
        #expect(peaks.count == 4 && peaks[3] > peaks[0] && peaks[0] >= 0)
        #expect(own("exponents").count == 1 && own("exponents")[0]["time"]!.double!.isFinite)
      }
      let refused = try Program("benchmarks").run(["permutations", "--nodes", "10,3"], in: folder)
      #expect(refused.status != 0 && refused.errors.contains("--nodes") && refused.errors.contains("10,3"))
      #expect(try Program("benchmarks").run(["permutations", "--alone", "gin"], in: folder).status != 0)
    }
  }
}
