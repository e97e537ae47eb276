import Equivariant
import Foundation
import Testing

@testable import graphs

/// `graphs train`, `cross-validate`, `evaluate` and `report`, on rings and pairs of triangles with labelled nodes, and on what is wrong.
@Suite struct GraphClassificationTests {
  private let graphs = Program("graphs")

  /// Files: a TU folder of 40 rings and stars of several sizes, an archive of the same with folds, files in graph6, and damaged ones.
  private func withFiles(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      func path(_ name: String) -> String { folder.appending(path: name).path }
      func graph(_ k: Int) -> SimpleGraph {
        let n = 4 + k % 5
        return SimpleGraph(nodeCount: n, edges: k % 2 == 0 ? (0..<n).map { ($0, ($0 + 1) % n) } : (1..<n).map { (0, $0) })
      }
      let all = (0..<40).map(graph)
      var (edges, indicator, start): ([String], [String], Int) = ([], [], 1)
      for (k, graph) in all.enumerated() {
        for (i, j) in graph.edges { edges += ["\(start + i), \(start + j)", "\(start + j), \(start + i)"] }
        indicator += graph.neighbors.map { _ in "\(k + 1)" }
        start += graph.nodeCount
      }
      let files = [
        "A": edges, "graph_indicator": indicator, "graph_labels": all.indices.map { $0 % 2 == 0 ? "1" : "-1" },
        "node_labels": indicator.indices.map { "\($0 % 3)" },
      ]
      for name in ["toy", "torn", "changed"] {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
        for (part, lines) in files {
          var kept = name == "torn" && part == "node_labels" ? lines.dropLast() : lines[...]
          if name == "changed" && part == "graph_labels" { kept = kept.reversed()[...] }
          try Data((kept.joined(separator: "\n") + "\n").utf8).write(to: folder.appending(path: "\(name)/T_\(part).txt"))
        }
      }
      try NumericArchive.write(
        [
          ("n_nodes", NumericArray(all.map(\.nodeCount))), ("n_edges", NumericArray(all.map(\.edgeCount))),
          ("edges", NumericArray(all.flatMap { $0.edges.flatMap { [$0, $1] } }, shape: [all.reduce(0) { $0 + $1.edgeCount }, 2])),
          ("graph_label", NumericArray(all.indices.map { $0 % 2 })), ("fold10", NumericArray(all.indices.map { $0 < 2 ? 255 : $0 / 4 })),
        ], to: path("toy.npz"))
      try Data("?\n@\n@\n".utf8).write(to: folder.appending(path: "points.g6"))
      for (name, parity) in [("rings", 0), ("stars", 1)] {
        try Graph6.write(
          all.enumerated().filter { $0.offset % 2 == parity }.map { Graph6(nodeCount: $1.nodeCount, edges: $1.edges) },
          to: path(name + ".g6"))
      }
      try body(folder)
    }
  }

  private func run(_ arguments: [String], in folder: URL) throws -> String {
    let result = try graphs.run(arguments, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    return result.output
  }

  private func json(_ path: String, in folder: URL) throws -> JSONValue {
    try JSONValue(parsing: String(contentsOf: folder.appending(path: path), encoding: .utf8))
  }

  private let quick = ["--epochs", "12", "--batch", "8", "--hidden", "8", "--layers", "2", "--dropout", "0"]

  /// Rings and stars are told apart; every fold tests other graphs; both protocols and the page come of it.
  @Test func crossValidation() throws {
    try withFiles { folder in
      let text = try run(["cross-validate", "--data", "toy", "--folds", "4", "--output", "cv"] + quick, in: folder)
      #expect(text.contains("(a) model chosen by validation") && text.contains("(b) mean of the last 10 epochs"))
      let result = try json("cv/result.json", in: folder)
      let folds = try #require(result["folds"]?.array)
      #expect(folds.count == 4 && folds.reduce(0) { $0 + ($1["test"]?.int ?? 0) } == 40)
      for fold in folds {
        let curve = try #require(fold["curve"]?.array).compactMap(\.double)
        let last = try #require(fold["lastEpochs"]?.double)
        #expect(curve.count == 12 && abs(last - curve.suffix(10).reduce(0, +) / 10) < 1e-12)
        // Protocol (a) is the test accuracy of the epoch that validation chose.
        let (epoch, honest) = (try #require(fold["chosenEpoch"]?.int), try #require(fold["honest"]?.double))
        #expect(honest == curve[epoch - 1])
        let number = try #require(fold["fold"]?.int) + 1
        let metrics = try readJSONLines(folder.appending(path: "cv/fold-\(number)/metrics.jsonl").path)
        let errors = metrics.compactMap { $0["valid"]?.double }
        #expect(errors.count == 12 && errors.firstIndex(of: errors.min()!) == epoch - 1)
      }
      let mean = try #require(result["honest"]?["mean"]?.double)
      #expect(mean > 0.8)
      let page = try String(contentsOf: folder.appending(path: "cv/report.html"), encoding: .utf8)
      for part in ["Classes of T", "Accuracy by fold", "taken for -1", "class=\"halo\"", "cross-validate --data toy --folds 4"] {
        #expect(page.contains(part), "\(part)")
      }
      #expect(try run(["report", "cv", "--output", "pages/again.html"], in: folder).contains("pages/again.html"))
      #expect(try String(contentsOf: folder.appending(path: "pages/again.html"), encoding: .utf8) == page)
      let figures = try JSONValue(parsing: run(["evaluate", "cv/fold-2", "--json"], in: folder))
      #expect(figures["accuracy"]?.double == folds[1]["honest"]?.double && figures["confusion"] == folds[1]["confusion"])
      #expect(try JSONValue(parsing: run(["evaluate", "cv/fold-2", "--json", "--all"], in: folder))["graphs"]?.int == 40)
    }
  }

  /// Without held-out graphs there is protocol (b) alone, from the last model.
  @Test func publishedProtocol() throws {
    try withFiles { folder in
      let text = try run(
        ["cross-validate", "--data", "toy.npz", "--only", "1", "--only", "3", "--validation-parts", "0", "--output", "cv"] + quick,
        in: folder)
      #expect(!text.contains("(a)") && text.contains("2 of 10 folds"))
      let folds = try #require(try json("cv/result.json", in: folder)["folds"]?.array)
      #expect(folds.map { $0["honest"] == nil } == [true, true] && folds.map { $0["train"]?.int } == [38, 36])
      // The graphs without a fold train in both.
      #expect(folds.map { $0["test"]?.int } == [2, 4])
      let page = try String(contentsOf: folder.appending(path: "cv/report.html"), encoding: .utf8)
      #expect(page.contains("8 folds not finished") && page.contains("those of the file"))
      let text2 = try run(["evaluate", "cv/fold-1", "--data", "toy.npz"], in: folder)
      #expect(text2.contains("2 graphs of toy") && text2.contains("class 0: predicted 0"))
    }
  }

  @Test(arguments: ["gin", "gin-id"]) func training(_ model: String) throws {
    try withFiles { folder in
      let data = ["--data", "rings.g6", "--data", "stars.g6"]
      let text = try run(["train", "--model", model, "--folds", "5", "--fold", "2", "--output", "run"] + data + quick, in: folder)
      #expect(text.contains("rings+stars: 40 graphs, 2 classes, \(model)") && text.contains("fold 2: test accuracy (a)"))
      #expect(try json("run/result.json", in: folder)["fold"]?.int == 1)
      #expect(try run(["evaluate", "run"], in: folder).contains("accuracy"))
    }
  }

  /// The command that a page names gives the same configuration.
  @Test(arguments: [
    ["--folds", "2", "--validation-parts", "3", "--dropout", "0.25", "--pooling", "mean", "--decay", "0.01", "--halve-every", "7"],
    ["--folds", "2", "--no-degree-labels"],
    [
      "--model", "spen", "--folds", "2", "--fold-seed", "9", "--hops", "2", "--policy", "ego-identity", "--orders", "10", "--sharing",
      "both", "--no-graph-norm", "--degree-labels", "--join", "sum", "--readout", "max", "--sums", "sum", "--size-share", "0.1", "--rate",
      "0.002", "--seed", "5",
    ],
  ]) func pagesNameTheirCommand(_ arguments: [String]) throws {
    try withFiles { folder in
      let tiny = ["--epochs", "1", "--batch", "8", "--hidden", "4", "--layers", "1"]
      _ = try run(["cross-validate", "--data", "toy.npz", "--output", "a", "--only", "1"] + arguments + tiny, in: folder)
      let page = try String(contentsOf: folder.appending(path: "a/report.html"), encoding: .utf8)
      let command = try #require(page.components(separatedBy: "release graphs ").last?.components(separatedBy: "</pre>").first)
      _ = try run(command.split(separator: " ").map(String.init) + ["--output", "b", "--only", "1"], in: folder)
      #expect(try json("a/configuration.json", in: folder) == json("b/configuration.json", in: folder))
    }
  }

  /// Killed or stopped and resumed, on one thread or two: the same bits.
  @Test func resumes() throws {
    try withFiles { folder in
      let long = ["cross-validate", "--data", "toy", "--folds", "3", "--save-every", "0", "--epochs", "12"] + quick.dropFirst(2)
      _ = try run(long + ["--dropout", "0.5", "--output", "a", "--threads", "1"], in: folder)
      func lines() -> Int {
        (1...3).reduce(0) { sum, fold in
          sum + ((try? Data(contentsOf: folder.appending(path: "b/fold-\(fold)/metrics.jsonl")))?.count { $0 == UInt8(ascii: "\n") } ?? 0)
        }
      }
      let process = try graphs.start(long + ["--dropout", "0.5", "--output", "b", "--threads", "2"], in: folder)
      while process.isRunning && lines() < 3 { Thread.sleep(forTimeInterval: 0.001) }
      kill(process.processIdentifier, SIGKILL)
      #expect(try graphs.result(of: process, in: folder).signal == SIGKILL)
      let second = try graphs.start(["cross-validate", "--resume", "--output", "b", "--save-every", "0"], in: folder)
      while second.isRunning && lines() < 18 { Thread.sleep(forTimeInterval: 0.001) }
      kill(second.processIdentifier, SIGINT)
      let stopped = try graphs.result(of: second, in: folder, within: 30)
      #expect(stopped.status == 0 && stopped.signal == nil, "\(stopped.errors)")
      _ = try run(["cross-validate", "--resume", "--output", "b"], in: folder)
      for name in ["result.json", "fold-1/metrics.jsonl", "fold-2/best.safetensors", "fold-3/checkpoint.safetensors"] {
        let (a, b) = (folder.appending(path: "a/" + name), folder.appending(path: "b/" + name))
        #expect(try Data(contentsOf: a) == Data(contentsOf: b), "\(name)")
      }
    }
  }

  @Test(arguments: [
    (["train"], "--data is missing"), (["train", "--data", "nowhere"], "nowhere"), (["train", "--data", "torn"], "T_node_labels.txt"),
    (["train", "--data", "rings.g6"], "at least two classes"),
    (["train", "--data", "rings.g6", "--data", "points.g6", "--batch", "1", "--folds", "2"], "fewer than two nodes"),
    (["train", "--data", "toy", "--degree-labels"], "--degree-labels has no effect: the nodes of T have labels"),
    (["train", "--data", "toy", "--policy", "node-marked"], "--policy has no effect: --model gin"),
    (["train", "--data", "toy", "--model=ign", "--dropout=0.5"], "--dropout has no effect: --model ign"),
    (["train", "--data", "toy", "--halve-every", "9223372036854775807"], "--halve-every must be"),
    (["train", "--data", "toy", "--hidden", "100000000000"], "--hidden must be"),
    (["train", "--data", "toy", "--minutes", "nan"], "--minutes must be"),
    (["train", "--data", "toy", "--save-every", "nan"], "--save-every must be"),
    (["train", "--data", "toy", "--threads", "100000000"], "--threads must be"),
    (["train", "--data", "toy", "--fold", "11"], "--fold must be"),
    (["train", "--data", "toy", "--batch", "39"], "--batch 39"), (["train", "--data", "toy", "--dropout", "1"], "--dropout must be"),
    (["train", "--data", "toy", "--rate", "0"], "--rate must be"), (["train", "--data", "toy", "--folds", "1"], "--folds must be"),
    (["train", "--data", "toy", "--validation-parts", "1"], "--validation-parts must be"), (["train", "--resume"], "checkpoint"),
    (["cross-validate", "--data", "toy", "--only", "0"], "--only must be"), (["cross-validate", "--resume"], "no cross-validation"),
    (["cross-validate", "--data", "toy", "--model", "gcn"], "gcn"), (["evaluate", "nowhere"], "nowhere"),
    (["evaluate", "toy/T_A.txt"], "T_A.txt"), (["report", "toy"], "no cross-validation"),
  ]) func wrongInput(_ arguments: [String], _ message: String) throws {
    try withFiles { folder in
      try graphs.expectRefusal(of: arguments, saying: message, in: folder)
    }
  }

  /// A run is not written over, and does not go on with other data.
  @Test func protectsRuns() throws {
    try withFiles { folder in
      let tiny = ["--data", "toy", "--epochs", "1", "--hidden", "4", "--batch", "8", "--output", "run"]
      _ = try run(["train"] + tiny, in: folder)
      #expect(try graphs.run(["train"] + tiny, in: folder).errors.contains("holds a run already"))
      for (data, reason) in [("toy.npz", "these are 40 of 2"), ("changed", "labels, classes or folds differ")] {
        for command in [["evaluate", "run"], ["train", "--resume", "--output", "run"]] {
          let other = try graphs.run(command + ["--data", data], in: folder)
          #expect(other.status != 0 && other.errors.contains("give the data that the run was begun with"), "\(other.errors)")
          #expect(other.errors.contains(reason), "\(other.errors)")
        }
      }
      try graphs.expectRefusal(of: ["train", "--resume", "--output", "run", "--rate=1"], saying: "--rate does not go with", in: folder)
      // A result without its checkpoint is a run still.
      try FileManager.default.removeItem(at: folder.appending(path: "run/checkpoint.safetensors"))
      #expect(try graphs.run(["train"] + tiny, in: folder).errors.contains("holds a run already"))
    }
  }

  /// Results of other runs in the folders of a cross-validation are not taken for its own.
  @Test func refusesResultsOfOtherRuns() throws {
    try withFiles { folder in
      func arguments(_ model: String, epochs: Int) -> [String] {
        [
          "cross-validate", "--data", "toy", "--folds", "2", "--epochs", "\(epochs)", "--batch", "8", "--hidden", "4", "--layers", "1",
          "--model", model, "--output", "cv",
        ]
      }
      _ = try run(arguments("gin", epochs: 2), in: folder)
      let configuration = folder.appending(path: "cv/configuration.json")
      for other in [arguments("ppgn", epochs: 2), arguments("gin", epochs: 3)] {
        try FileManager.default.removeItem(at: configuration)
        try graphs.expectRefusal(of: other, saying: "this is of another run", in: folder)
        try graphs.expectRefusal(of: ["report", "cv"], saying: "this is of another run", in: folder)
      }
      try FileManager.default.removeItem(at: folder.appending(path: "cv/fold-1/result.json"))
      try graphs.expectRefusal(of: ["cross-validate", "--resume", "--output", "cv"], saying: "checkpoint.safetensors", in: folder)
      try Data("{\"folds\": 0}".utf8).write(to: configuration)
      try graphs.expectRefusal(of: ["cross-validate", "--resume", "--output", "cv"], saying: "the key \"model\" is missing", in: folder)
    }
  }
}

/// Drawings of graphs, and statistics.
@Suite struct GraphLayoutTests {
  /// A path lies straight, a ring is round, and parts that are not joined are apart.
  @Test func shapes() {
    func length(_ v: SIMD2<Double>) -> Double { (v * v).sum().squareRoot() }
    let path = GraphLayout(SimpleGraph(nodeCount: 6, edges: (1..<6).map { ($0 - 1, $0) })).places
    #expect(abs(length(path[5] - path[0]) - 5) < 0.05 && (1..<6).allSatisfy { abs(length(path[$0] - path[$0 - 1]) - 1) < 0.05 })
    let ring = GraphLayout(SimpleGraph(nodeCount: 8, edges: (0..<8).map { ($0, ($0 + 1) % 8) })).places
    let radii = ring.map(length)
    #expect(radii.max()! - radii.min()! < 0.01 && radii[0] > 1)
    let two = GraphLayout(SimpleGraph(nodeCount: 4, edges: [(0, 1), (2, 3)])).places
    #expect([0, 1].allSatisfy { i in [2, 3].allSatisfy { length(two[i] - two[$0]) > 1.2 } })
    #expect(GraphLayout(SimpleGraph(nodeCount: 0, edges: [])).places.isEmpty)
    #expect(GraphLayout(SimpleGraph(nodeCount: 1, edges: [])).places == [SIMD2(0, 0)])
  }

  @Test func isTheSameEachTime() {
    let graph = SimpleGraph(nodeCount: 7, edges: [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 3)])
    #expect(GraphLayout(graph).places == GraphLayout(graph).places)
  }

  /// numpy: mean and std of 0.8, 0.9, 1.0, 0.7.
  @Test func spread() {
    let spread = Spread([0.8, 0.9, 1, 0.7])
    #expect(abs(spread.mean - 0.85) < 1e-15 && abs(spread.deviation - 0.111_803_398_874_989_47) < 1e-15 && spread.percent == "85.0 ± 11.2")
  }
}
