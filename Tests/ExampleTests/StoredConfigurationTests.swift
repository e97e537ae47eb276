import Equivariant
import Foundation
import Testing

/// Files whose configuration was edited are refused with the words of the options, and not by a trap.
@Suite struct StoredConfigurationTests {
  private static let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Data")

  /// Writes a file again with a part of its configuration replaced.
  private func edit(_ file: URL, _ part: String, _ replacement: String, in folder: URL) throws {
    var file = try SafetensorsFile(contentsOf: file.path)
    let text = try #require(file.metadata["configuration"])
    #expect(text.contains(part))
    file.metadata["configuration"] = text.replacingOccurrences(of: part, with: replacement)
    try file.write(to: folder.appending(path: "edited.safetensors").path)
  }

  /// A file without weights: its configuration is read first.
  private func write(_ configuration: String, in folder: URL) throws {
    try SafetensorsFile(metadata: ["configuration": configuration]).write(to: folder.appending(path: "edited.safetensors").path)
  }

  private static let ponita =
    "\"model\":\"ponita\",\"ponita\":{\"basis\":64,\"orientations\":16,\"grid\":\"sign-symmetric\","
    + "\"pose\":\"fixed\",\"turns\":false}"

  @Test(arguments: [
    ("\"hidden\":64", "\"hidden\":-1", "--hidden must be"), ("\"layers\":5", "\"layers\":0", "--layers must be"),
    ("\"bodies\":5", "\"bodies\":0", "--bodies must be"), ("\"trainCount\":3000", "\"trainCount\":20000", "--train-count must be"),
    ("\"warmUpEpochs\":5", "\"warmUpEpochs\":-5", "a warm-up of 0 to 1000000 epochs"),
    ("\"depth\":3", "\"depth\":0", "--depth must be"), ("\"nodeFeatures\":16", "\"nodeFeatures\":-1", "--node-features must be"),
    ("\"model\":\"flow\"", "\"model\":\"fa-gnn\"", "--hidden must be a multiple of 3"),
    ("\"model\":\"flow\"", ponita.replacingOccurrences(of: "16", with: "0"), "--orientations must be"),
    ("\"model\":\"flow\"", ponita.replacingOccurrences(of: "sign-symmetric", with: "polyhedron"), "--grid polyhedron"),
    ("\"model\":\"flow\"", ponita.replacingOccurrences(of: "64", with: "64,\"bandLimit\":2"), "--basis must be a multiple of 3"),
    ("\"model\":\"flow\"", ponita.replacingOccurrences(of: "64", with: "63,\"bandLimit\":2"), "do not integrate"),
  ]) func nbody(_ part: String, _ replacement: String, _ message: String) throws {
    try withTemporaryFolder { folder in
      try edit(Self.data.appending(path: "nbody/flow.safetensors"), part, replacement, in: folder)
      for command in ["evaluate", "rollout"] {
        try Program("nbody").expectRefusal(of: [command, "edited.safetensors"], saying: message, in: folder)
      }
    }
  }

  /// Which key is missing or wrong is told, for each program.
  @Test(arguments: [
    ("\"hidden\":64,", "", "the key \"hidden\" is missing"), ("\"rate\":", "\"rat\":", "the key \"rate\" is missing"),
    ("\"hidden\":64", "\"hidden\":\"wide\"", "the value of the key \"hidden\" is no number"),
    ("\"cosine\":true", "\"cosine\":3", "the value of the key \"cosine\" is no truth value"),
    ("\"model\":\"flow\"", "\"model\":\"none\"", "the value of the key \"model\" is none that it can have"),
    ("\"depth\":3", "\"deep\":3", "the key \"flow.depth\" is missing"),
    ("\"hidden\":64", "\"hidden\":64.5", "the value of the key \"hidden\" is none that it can have"),
    ("\"depth\":3", "\"depth\":1e30", "the value of the key \"flow.depth\" is none that it can have"), ("{\"", "[\"", "it is no JSON"),
  ]) func keys(_ part: String, _ replacement: String, _ message: String) throws {
    try withTemporaryFolder { folder in
      try edit(Self.data.appending(path: "nbody/flow.safetensors"), part, replacement, in: folder)
      try Program("nbody").expectRefusal(of: ["evaluate", "edited.safetensors"], saying: message, in: folder)
    }
  }

  @Test func keysOfOtherPrograms() throws {
    try withTemporaryFolder { folder in
      try write("{\"hidden\":8}", in: folder)
      for arguments in [["molecules", "evaluate"], ["pointclouds", "evaluate"], ["graphs", "evaluate"], ["nbody", "rollout"]] {
        let program = Program(arguments[0])
        try program.expectRefusal(of: [arguments[1], "edited.safetensors"], saying: "is missing", in: folder)
      }
      try SafetensorsFile().write(to: folder.appending(path: "edited.safetensors").path)
      try Program("nbody").expectRefusal(
        of: ["evaluate", "edited.safetensors"], saying: "there is no configuration of an n-body run", in: folder)
    }
  }

  @Test(arguments: [
    ("\"points\":512", "\"points\":0", "--points must be"), ("\"frames\":2", "\"frames\":0", "--frames must be"),
    ("\"task\":\"normals\"", "\"task\":\"parts\"", "--task parts has 12 labels, not 0"),
    ("\"rate\":0.002", "\"rate\":-1", "--rate must be"),
  ]) func pointClouds(_ part: String, _ replacement: String, _ message: String) throws {
    try withTemporaryFolder { folder in
      try edit(Self.data.appending(path: "pointclouds/fa-local-pointnet.safetensors"), part, replacement, in: folder)
      try Program("pointclouds").expectRefusal(of: ["evaluate", "edited.safetensors", "--data", "x.npz"], saying: message, in: folder)
    }
  }

  @Test(arguments: [("hidden", "-1"), ("layers", "0"), ("basis", "0"), ("atomicNumbers", "[]"), ("average", "2"), ("warmUpEpochs", "-1")])
  func molecules(_ key: String, _ value: String) throws {
    try withTemporaryFolder { folder in
      var settings = [
        "atomicNumbers": "[8,1,1]", "average": "0.99", "basis": "8", "batch": "5", "clip": "0", "epochs": "1", "evaluateEvery": "1",
        "forceWeight": "500", "grid": "\"icosahedron\"", "hidden": "8", "layers": "1", "model": "\"ponita\"", "rate": "0.001",
        "seed": "1", "warmUpEpochs": "2",
      ]
      func configuration() -> String { "{" + settings.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}" }
      let others = ["atomicNumbers": "no such", "average": "an average with a decay in", "warmUpEpochs": "a warm-up of 0"]
      // What is missing from the file as it was are the weights.
      for message in ["no such", others[key] ?? "--\(key) must be"] {
        try write(configuration(), in: folder)
        try Program("molecules").expectRefusal(of: ["evaluate", "edited.safetensors"], saying: message, in: folder)
        settings[key] = value
      }
    }
  }

  @Test(arguments: [("\"hidden\":4", "\"hidden\":-4", "--hidden must be"), ("\"classes\":2", "\"classes\":0", "no such counts")])
  func graphs(_ part: String, _ replacement: String, _ message: String) throws {
    try withTemporaryFolder { folder in
      let graphs = Program("graphs")
      let arguments = ["--data", Self.data.appending(path: "graphs/MUTAG").path, "--epochs", "1", "--hidden", "4", "--layers", "1"]
      #expect(try graphs.run(["train", "--output", "run"] + arguments, in: folder).status == 0)
      try edit(folder.appending(path: "run/best.safetensors"), part, replacement, in: folder)
      try graphs.expectRefusal(of: ["evaluate", "edited.safetensors"], saying: message, in: folder)
    }
  }

  /// What is particular to subgraph networks goes with the rest.
  @Test func subgraphs() throws {
    try withTemporaryFolder { folder in
      let graphs = Program("graphs")
      let arguments = [
        "--data", Self.data.appending(path: "graphs/MUTAG").path, "--model", "spen", "--epochs", "1", "--hidden", "4", "--layers", "1",
      ]
      #expect(try graphs.run(["train", "--output", "run"] + arguments, in: folder).status == 0)
      for (part, replacement, message) in [
        ("\"orders\":[2,1]", "\"orders\":[3]", "\"network.orders\" is none that it can have (different digits 0, 1, 2, such as 21)"),
        ("\"orders\":[2,1]", "\"orders\":[1,1]", "\"network.orders\" is none"),
        ("\"sizes\":[", "\"sizes\":[99,", "sizes of subgraphs grow from at least 1"),
        ("\"sizes\":[", "\"sizes\":[2.5,", "\"sizes\" is none that it can have"),
        ("\"hops\":1", "\"hops\":-1", "--hops must be at least 0"),
        ("\"policy\":\"ego\"", "\"policy\":\"all\"", "\"network.policy\" is none"),
        // Another network than the weights are of.
        ("\"node-labels\":7", "\"node-labels\":8", "layers"), ("\"sizes\":[2,", "\"sizes\":[", "layers"),
      ] {
        try edit(folder.appending(path: "run/best.safetensors"), part, replacement, in: folder)
        try graphs.expectRefusal(of: ["evaluate", "edited.safetensors"], saying: message, in: folder)
      }
    }
  }
}
