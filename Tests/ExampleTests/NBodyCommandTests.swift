import Equivariant
import Foundation
import Testing

@testable import nbody

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
      #expect(try nbody.run(["report", "--run", "run", "--output", "page.html"], in: folder).status == 0)
      let page = try String(contentsOf: folder.appendingPathComponent("page.html"), encoding: .utf8)
      #expect(page.contains("nbody train --hidden 16 --layers 2 --velocities --epochs 10 --rate 0.003 --train-count 1000 --output run\n"))
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
      for wrong in [["--hidden", "64"], ["--sampled-frames=-1"], ["--velocities"]] {
        #expect(try nbody.run(["train", "--model", "fa-gnn", "--output", "no"] + wrong, in: folder).status != 0)
      }
    }
  }

  /// Every other model trains for an epoch, says so, and is evaluated from its file.
  @Test(arguments: [
    ["--model", "ponita", "--hidden", "8", "--basis", "8", "--layers", "2", "--orientations", "8"],
    ["--model", "ponita", "--hidden", "8", "--basis", "8", "--layers", "1", "--grid", "repulsion", "--pose", "fixed", "--turns"],
    ["--model", "ponita", "--hidden", "8", "--layers", "1", "--band-limit", "1", "--pose", "fixed"],
    [
      "--model", "ponita", "--hidden", "8", "--layers", "1", "--band-limit", "2", "--basis", "6", "--grid", "design", "--orientations",
      "12",
    ],
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

  /// The options that a page names give the same configuration.
  @Test(arguments: [
    ["--velocities", "--evaluate-every", "1", "--clip", "4", "--average", "0", "--seed", "7", "--rate", "1e-3", "--epochs", "6000"],
    ["--preset", "paper", "--epochs", "1", "--data-seed", "3"], ["--preset", "paper", "--model", "gnn", "--average", "0.9"],
    ["--preset", "paper", "--model", "fa-gnn", "--hidden", "6", "--average", "0.9"],
    ["--model", "fa-gnn", "--hidden", "6", "--sampled-frames", "0"],
    ["--model", "ponita", "--basis", "4", "--band-limit", "1", "--grid", "polyhedron", "--orientations", "8", "--turns"],
    ["--model", "ponita", "--band-limit", "1", "--grid", "sign-symmetric", "--orientations", "8"],
    ["--model", "ponita", "--band-limit", "2"],
    ["--preset", "paper", "--model", "ponita", "--basis", "4", "--orientations", "4", "--pose", "principalAxes", "--clip-norm", "0"],
    ["--model", "flow", "--depth", "2", "--node-features", "0", "--shared-weights", "--system", "springs", "--bodies", "3"],
  ]) func pagesNameTheirCommand(_ options: [String]) throws {
    var configuration = try Train.parse(options).asked
    #expect(try Train.parse(configuration.trainOptions).asked == configuration, "\(configuration.trainOptions)")
    // What had no option once has one.
    (configuration.training.l2, configuration.training.warmUpEpochs, configuration.training.cosine) = (0.5, 3, false)
    #expect(try Train.parse(configuration.trainOptions).asked == configuration, "\(configuration.trainOptions)")
  }

  /// The file says how it was made, also where it is older than some of the options.
  @Test(arguments: [
    ("egnn", ["--velocities", "--clamp", "component"]), ("fa-gnn", ["--model", "fa-gnn"]), ("flow", ["--model", "flow"]),
  ])
  func namesTheCommandOfAShippedModel(name: String, options: [String]) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let file = try SafetensorsFile(contentsOf: root.appendingPathComponent("Data/nbody/\(name).safetensors").path)
    #expect(try RunConfiguration(from: file).trainOptions == options)
  }

  /// Archives of samples: springs need their edges, and what cannot be samples is refused.
  @Test func evaluatesArchives() throws {
    try withTemporaryFolder { folder in
      func train(_ system: String) throws {
        let arguments = [
          "train", "--model", "gnn", "--hidden", "4", "--layers", "1", "--train-count", "20", "--batch", "20", "--epochs", "1",
        ]
        #expect(try nbody.run(arguments + ["--system", system, "--output", system], in: folder).status == 0)
      }
      /// Three samples of four bodies, one of the arrays changed.
      func write(_ name: String, samples: Int = 3, bodies: Int = 4, edges: Int? = nil, _ changed: String = "", to value: Double = 0) throws
      {
        func array(_ key: String, _ shape: [Int]) -> (String, NumericArray) {
          var values = (0..<shape.reduce(1, *)).map { Double($0 * $0 % 7) }
          if key == changed { values[1] = value }
          return ("test_" + key, NumericArray(values, shape: shape))
        }
        var arrays = ["x0", "v0", "x1"].map { array($0, [samples, 3, bodies]) } + [array("charges", [samples, bodies, 1])]
        if let edges { arrays.append(array("edges", [samples, edges, edges])) }
        try NumericArchive.write(arrays, to: folder.appending(path: name).path)
      }
      func evaluate(_ model: String, _ file: String) throws -> Program.Result {
        try nbody.run(["evaluate", model, "--data", file, "--json"], in: folder)
      }
      try train("charged")
      try train("springs")
      try write("good.npz")
      try write("edges.npz", edges: 4)
      let plain = try evaluate("charged", "good.npz")
      #expect(try #require(JSONValue(parsing: plain.output)["samples"]?.int) == 3)
      // Edges are read: other ones than the products of charges give another error.
      let other = try evaluate("charged", "edges.npz")
      #expect(other.status == 0 && other.output != plain.output)
      #expect(try evaluate("springs", "edges.npz").status == 0)
      try write("nan.npz", "v0", to: .nan)
      try write("huge.npz", "charges", to: .infinity)
      try write("none.npz", samples: 0)
      try write("alone.npz", bodies: 1)
      try write("narrow.npz", edges: 3)
      for (file, model, message) in [
        ("good.npz", "springs", "test_edges"), ("nan.npz", "charged", "number [0, 0, 1] is nan"),
        ("huge.npz", "charged", "number [0, 1] is inf"),
        ("none.npz", "charged", "it is [0, 3, 4]"), ("alone.npz", "charged", "it is [3, 3, 1]"), ("narrow.npz", "charged", "48 numbers"),
      ] {
        try nbody.expectRefusal(of: ["evaluate", model, "--data", file], saying: message, in: folder)
      }
      try nbody.expectRefusal(of: ["evaluate", "charged", "--poses", "2"], saying: "--poses has no effect", in: folder)
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

  /// A file of `simulate` is what `train` and `evaluate` take, and gives what simulating in place gives.
  @Test func trainsOnAndEvaluatesWhatItSimulates() throws {
    try withTemporaryFolder { folder in
      func run(_ arguments: String...) throws -> JSONValue? {
        let result = try nbody.run(arguments, in: folder)
        #expect(result.status == 0, "\(arguments): \(result.errors)")
        return arguments.contains("--json") ? try JSONValue(parsing: result.output) : nil
      }
      _ = try run("simulate", "--count", "100", "--frames", "30,40", "--output", "set.npz")
      _ = try run("simulate", "--count", "2000", "--skip", "12000", "--frames", "0,30,40", "--output", "test.npz")
      let small = ["--hidden", "8", "--layers", "1", "--batch", "40", "--velocities", "--evaluate-every", "1"]
      let train = try nbody.run(["train", "--data", "set.npz", "--epochs", "1", "--output", "run"] + small, in: folder)
      #expect(train.status == 0 && train.output.contains("80 + 10 + 10 samples of 5 charged bodies read"), "\(train.errors)")
      // The published training set begins with the same trajectories.
      let direct = try nbody.run(["train", "--train-count", "80", "--epochs", "1", "--output", "direct"] + small, in: folder)
      #expect(direct.status == 0, "\(direct.errors)")
      let files = try ["run", "direct"].map { try SafetensorsFile(contentsOf: folder.appending(path: "\($0)/checkpoint.safetensors").path) }
      for name in files[1].names { #expect(try files[0].array(name) == files[1].array(name), "\(name)") }
      let (read, simulated) = (try run("evaluate", "direct", "--data", "test.npz", "--json"), try run("evaluate", "direct", "--json"))
      #expect(read?["mse"] == simulated?["mse"] && read?["samples"]?.int == 2000 && read?["split"]?.string == "simulated")
      #expect(try run("evaluate", "run", "--json")?["samples"]?.int == 10)
      #expect(try run("evaluate", "run", "--data", "set.npz", "--split", "valid", "--json")?["samples"]?.int == 10)
      #expect(try run("evaluate", "direct", "--data-seed", "7", "--json")?["mse"] != simulated?["mse"])
      _ = try run("train", "--resume", "--epochs", "2", "--output", "run")
      _ = try run("report", "--run", "run")
      let page = try String(contentsOf: folder.appending(path: "run/report.html"), encoding: .utf8)
      #expect(page.contains("--data set.npz") && !page.contains("simulated again"))
      // Data that have changed where they lie are not those of the run.
      _ = try run("simulate", "--count", "100", "--seed", "1", "--frames", "30,40", "--output", "set.npz")
      try nbody.expectRefusal(
        of: ["train", "--resume", "--epochs", "3", "--output", "run"], saying: "set.npz: the data differ", in: folder)
      _ = try run("simulate", "--count", "20", "--frames", "0,40", "--output", "other.npz")
      for command in [["evaluate", "direct"], ["train", "--output", "no"]] {
        try nbody.expectRefusal(of: command + ["--data", "other.npz"], saying: "frame 30 is expected, there are 0, 40", in: folder)
      }
      try nbody.expectRefusal(of: ["evaluate", "run", "--data-seed", "3"], saying: "--data-seed has no effect", in: folder)
      try nbody.expectRefusal(of: ["train", "--data", "a.npz", "--bodies", "3"], saying: "--bodies has no effect", in: folder)
    }
  }

  /// Finite but extreme numbers of a file, and bodies that do not move or are at one place.
  @Test(arguments: architectures.map { $0.name }) func extremeArchives(model: String) throws {
    try withTemporaryFolder { folder in
      func write(_ name: String, scale: Double, _ changed: String = "", to value: Double = 0) throws {
        var arrays: [(String, NumericArray)] = []
        for split in ["train", "valid", "test"] {
          for (key, shape) in [("x0", [10, 3, 4]), ("v0", [10, 3, 4]), ("x1", [10, 3, 4]), ("charges", [10, 4])] {
            var values = (0..<shape.reduce(1, *)).map { scale * Double($0 * $0 % 7) }
            if key == changed { values[1] = value }
            arrays.append(("\(split)_\(key)", NumericArray(values, shape: shape)))
          }
        }
        try NumericArchive.write(arrays, to: folder.appending(path: name).path)
      }
      let train = [
        "train", "--model", model, "--hidden", "6", "--layers", "1", "--batch", "5", "--epochs", "2", "--evaluate-every", "1",
        "--data",
      ]
      try write("still.npz", scale: 0)
      try write("far.npz", scale: 1, "x0", to: 9e5)
      for name in ["still", "far"] {
        let result = try nbody.run(train + ["\(name).npz", "--output", name], in: folder)
        #expect(result.signal == nil && (result.status == 0 || result.errors.contains("not a finite number")), "\(result.errors)")
        guard result.status == 0 else { continue }
        let report = try nbody.run(["report", "--run", name], in: folder)
        #expect(report.status == 0 && report.signal == nil, "\(report.errors)")
      }
      try write("huge.npz", scale: 1, "v0", to: 1e30)
      try nbody.expectRefusal(
        of: train + ["huge.npz", "--output", "no"], saying: "entry \"train_v0\": number [0, 0, 1] is 1e+30", in: folder)
    }
  }

  /// Lines of a page's text are joined as they are meant to be.
  @Test func pagesHaveNoHoles() throws {
    try withTemporaryFolder { folder in
      for model in ["fa-gnn", "ponita", "flow"] {
        let options = ["--model", model, "--hidden", "6", "--layers", "1", "--train-count", "10", "--batch", "10", "--epochs", "1"]
        #expect(try nbody.run(["train", "--output", model] + options, in: folder).status == 0)
        #expect(try nbody.run(["report", "--run", model], in: folder).status == 0)
        let page = try String(contentsOf: folder.appending(path: "\(model)/report.html"), encoding: .utf8)
        let text = page.split(separator: "\n").filter { $0.hasPrefix("<p>") }
        #expect(!text.isEmpty && text.allSatisfy { !$0.contains("  ") }, "\(text)")
        // The command is one that a shell runs: as it stands, with another program in the place of `swift`.
        let command = try #require(page.firstMatch(of: /<pre>(swift run -c release nbody [^\n]*)/)?.1)
        let echo = Process()
        echo.executableURL = URL(filePath: "/bin/sh")
        echo.arguments = ["-c", "swift() { shift 4; printf '%s\\n' \"$@\"; }; " + command]
        let pipe = Pipe()
        echo.standardOutput = pipe
        try echo.run()
        let words = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).split(separator: "\n").map(String.init)
        echo.waitUntilExit()
        #expect(echo.terminationStatus == 0 && words.first == "train" && words.suffix(2) == ["--output", model])
        #expect(try Train.parse(Array(words.dropFirst())).asked == Train.parse(options).asked)
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
    (["train", "--preset", "paper", "--model", "flow"], "flow has no published settings"),
    (["train", "--basis", "8"], "--basis has no effect: --model egnn"),
    (["train", "--model", "ponita", "--depth=3"], "--depth has no effect: --model ponita"),
    (["train", "--model", "ponita", "--band-limit", "0"], "--band-limit must be at least 1"),
    (["train", "--model", "ponita", "--band-limit", "2", "--basis", "64"], "--basis must be a multiple of 3"),
    (["train", "--model", "ponita", "--band-limit", "2", "--grid", "sign-symmetric"], "give --grid design --orientations 32"),
    (["train", "--model", "ponita", "--band-limit", "2", "--grid", "repulsion", "--orientations", "40"], "do not integrate"),
    (["train", "--hidden", "100000000000"], "--hidden must be"), (["train", "--threads", "0"], "--threads must be"),
    (["rollout", "--threads", "0"], "--threads must be"), (["rollout", "--steps", "1000000000000000000"], "--steps must be"),
    (["rollout", "--start=-1"], "--start must be"), (["rollout", "--count", "0"], "--count must be"),
    (["train", "--resume", "--rate", "1"], "--rate does not go with --resume"),
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

  @Test func benchmarksOnManyThreads() throws {
    try withTemporaryFolder { folder in
      let result = try Program("benchmarks").run(["engine", "--only", "egnn/forward", "--budget", "0", "--threads", "65"], in: folder)
      #expect(result.status == 0 && result.output.contains("\"threads\":65"), "\(result.errors)")
      for (command, threads) in [("engine", "1025"), ("frames", "0"), ("ponita", "-3"), ("groups", "99999999999")] {
        try Program("benchmarks").expectRefusal(
          of: [command, "--threads=\(threads)"], saying: "--threads must be at least 1 and at most 1024, not \(threads)", in: folder)
      }
      // As many workers as are asked for.
      let many = try nbody.run(["simulate", "--count", "10", "--threads", "1024", "--output", "a.npz"], in: folder)
      #expect(many.status == 0, "\(many.errors)")
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
