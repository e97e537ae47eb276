import Equivariant
import Foundation
import Testing

/// Training, evaluation and the protocols of `pointclouds`, on a few points.
@Suite struct PointCloudTrainingTests {
  private let pointclouds = Program("pointclouds")
  private let tiny = [
    "--points", "24", "--clouds", "8", "--batch", "4", "--epochs", "2", "--evaluate-every", "1", "--rate", "3e-3", "--data", "shapes.npz",
  ]

  /// Four shapes to learn from and two to be tested on.
  private func withShapes(points: Int = 60, _ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      var generator = RandomSource(seed: 1)
      let clouds = [PrimitiveShape.box, .torus, .cone, .capsule, .ellipsoid, .pyramid].map { $0.sampled(points, using: &generator) }
      let arrays = [
        ("points", NumericArray(clouds.flatMap(\.points), shape: [6, points, 3])),
        ("normals", NumericArray(clouds.flatMap(\.normals), shape: [6, points, 3])),
        ("is_test", NumericArray([0, 0, 0, 0, 1, 1])),
      ]
      try NumericArchive.write(arrays, to: folder.appendingPathComponent("shapes.npz").path)
      try body(folder)
    }
  }

  private func run(_ arguments: [String], in folder: URL) throws -> String {
    let result = try pointclouds.run(arguments, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    return result.output
  }

  /// Frame-averaged models do not care how the clouds are turned; plain ones do.
  @Test(arguments: [
    ("fa-pointnet", true), ("fa-local-pointnet", true), ("fa-dgcnn", true), ("pointnet", false), ("set-transformer", false),
  ])
  func normals(_ model: String, _ isEquivariant: Bool) throws {
    try withShapes { folder in
      let output = try run(["train", "--model", model, "--output", "run"] + tiny + (isEquivariant ? ["--rotations-only"] : []), in: folder)
      #expect(output.contains("I/SO(3): 1 - (n·n̂)²"))
      let figures = try JSONValue(parsing: run(["evaluate", "run", "--json"], in: folder))
      let still = try #require(figures["identity"]?["error"]?.double)
      let turned = try #require(figures["so3"]?["error"]?.double)
      #expect(still > 0 && still < 1)
      if isEquivariant { #expect(abs(still - turned) < 1e-4) } else { #expect(abs(still - turned) > 1e-3) }
      let again = try pointclouds.run(["train", "--output", "run"] + tiny, in: folder)
      #expect(again.status != 0 && again.errors.contains("--resume"))
    }
  }

  /// On shapes that it has not seen.
  @Test func evaluatesTheModelThatIsShipped() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let model = root.appendingPathComponent("Data/pointclouds/fa-local-pointnet.safetensors").path
    try withShapes(points: 512) { folder in
      let figures = try JSONValue(parsing: run(["evaluate", model, "--json", "--data", "shapes.npz"], in: folder))
      let still = try #require(figures["identity"]?["error"]?.double)
      #expect(still < 0.3 && abs(still - figures["so3"]!["error"]!.double!) < 1e-4, "\(still)")
    }
  }

  @Test(arguments: ["classify", "parts"]) func labels(_ task: String) throws {
    try withTemporaryFolder { folder in
      let arguments = [
        "train", "--task", task, "--model", "fa-deepsets", "--shapes-per-class", "4", "--points", "24", "--clouds", "24", "--batch", "12",
        "--epochs", "2", "--data-seed", "5", "--output", "run",
      ]
      #expect(try run(arguments, in: folder).contains("accuracy"))
      let figures = try JSONValue(parsing: run(["evaluate", "run", "--json"], in: folder))
      let accuracy = try #require(figures["identity"]?["accuracy"]?.double)
      #expect(accuracy >= 0 && accuracy <= 1 && figures["task"]?.string == task)
      let again = try JSONValue(parsing: run(["evaluate", "run", "--json", "--shapes-per-class", "4", "--data-seed", "5"], in: folder))
      #expect(again == figures)
      // Other shapes than those of the run; the one class that an untrained model gives is as frequent there.
      #expect(try task == "classify" || JSONValue(parsing: run(["evaluate", "run", "--json", "--data-seed", "6"], in: folder)) != figures)
    }
  }

  /// Killed and resumed, on one thread or two: the same bits.
  @Test func resumes() throws {
    let long = ["train", "--model", "fa-pointnet", "--output", "run", "--save-every", "0"] + tiny + ["--patches"]
    var files: [Data] = []
    for threads in ["1", "2"] {
      try withShapes { folder in
        var arguments = long + ["--threads", threads]
        arguments[arguments.firstIndex(of: "2")!] = "12"
        if threads == "2" {
          let process = try pointclouds.start(arguments, in: folder)
          let metrics = folder.appendingPathComponent("run/metrics.jsonl")
          func lines() -> Int { (try? Data(contentsOf: metrics))?.count { $0 == UInt8(ascii: "\n") } ?? 0 }
          while process.isRunning && lines() < 3 { Thread.sleep(forTimeInterval: 0.002) }
          kill(process.processIdentifier, SIGKILL)
          #expect(try pointclouds.result(of: process, in: folder).signal == SIGKILL)
          arguments = ["train", "--resume", "--output", "run", "--save-every", "0"]
        }
        _ = try run(arguments, in: folder)
        let names = ["checkpoint.safetensors", "best.safetensors", "metrics.jsonl"]
        files.append(try names.reduce(Data()) { try $0 + Data(contentsOf: folder.appendingPathComponent("run/" + $1)) })
      }
    }
    #expect(files[0] == files[1])
  }

  @Test func noticesOtherShapes() throws {
    try withShapes { folder in
      _ = try run(["train", "--model", "pointnet", "--output", "run"] + tiny, in: folder)
      try withShapes(points: 61) { other in
        let shapes = folder.appendingPathComponent("shapes.npz")
        try FileManager.default.removeItem(at: shapes)
        try FileManager.default.copyItem(at: other.appendingPathComponent("shapes.npz"), to: shapes)
      }
      try pointclouds.expectRefusal(
        of: ["train", "--resume", "--output", "run", "--epochs", "4"], saying: "shapes.npz: the data differ from those of the run",
        in: folder)
    }
  }

  @Test func protocols() throws {
    try withShapes { folder in
      let arguments = ["protocols", "--models", "pointnet,fa-pointnet", "--output", "p"] + tiny
      let table = try run(arguments, in: folder)
      #expect(table.contains("| fa-pointnet |") && table.contains("| SO(3)/SO(3) |"))
      let path = folder.appendingPathComponent("p/protocols.json")
      let results = try #require(JSONValue(parsing: String(contentsOf: path, encoding: .utf8))["results"]?.array)
      let models = ["plane-fit", "plane-fit", "pointnet", "pointnet", "pointnet", "fa-pointnet", "fa-pointnet", "fa-pointnet"]
      #expect(results.map { $0["model"]?.string } == models)
      let errors = try results.map { try #require($0["errors"]?["error"]?.double) }
      #expect(abs(errors[0] - errors[1]) < 1e-6 && abs(errors[5] - errors[6]) < 1e-4 && abs(errors[2] - errors[3]) > 1e-3)
      // What is there is not trained again.
      #expect(try run(arguments, in: folder).hasSuffix(table.split(separator: "\n").last! + "\n"))
    }
  }

  @Test(arguments: [
    (["train"], "--task normals needs --data, an .npz file with points"), (["protocols"], "--data"),
    (["train", "--task", "parts", "--data", "shapes.npz"], "--data has no effect"),
    (["train", "--data", "shapes.npz", "--data-seed", "3"], "--data-seed has no effect"),
    (["train", "--model", "pointnet", "--frames", "3"], "--frames has no effect: --model pointnet"),
    (["train", "--resume", "--data-seed", "3"], "--data-seed does not go with --resume"),
    (["train", "--threads", "0"], "--threads must be"), (["train", "--epochs", "0"], "--epochs must be"),
    (["train", "--model", "nonsense"], "nonsense"), (["train", "--batch", "1"], "--batch must be at least 2"),
    (["train", "--rate=-1"], "--rate must be a positive number"), (["train", "--frames", "0"], "--frames must be at least 1"),
    (["train", "--points", "5000", "--data", "shapes.npz"], "--points 5000 is more than the 60 points"),
    (["train", "--points", "24", "--batch", "9", "--clouds", "8", "--data", "shapes.npz"], "larger than the 8 clouds"),
    (["train", "--data", "nowhere.npz"], "nowhere.npz"), (["train", "--resume", "--output", "nowhere"], "nowhere/checkpoint.safetensors"),
    (["train", "--task", "classify", "--shapes-per-class", "1"], "--shapes-per-class must be at least 4"),
    (["evaluate", "nowhere"], "nowhere"), (["evaluate", "garbage.safetensors"], "garbage.safetensors"),
    (["protocols", "--data", "shapes.npz", "--models", "pointnet,x"], "not x"),
  ]) func wrongInput(_ arguments: [String], _ message: String) throws {
    try withShapes { folder in
      try Data("no checkpoint".utf8).write(to: folder.appendingPathComponent("garbage.safetensors"))
      try pointclouds.expectRefusal(of: arguments, saying: message, in: folder)
    }
  }
}
