import Equivariant
import Foundation
import Testing

@testable import graphs

/// The commands of `graphs`, on small files, and with what a newcomer gets wrong.
@Suite struct GraphsCommandTests {
  private let graphs = Program("graphs")

  /// A ring of six, two triangles, a chain: the first two are equal for colour refinement.
  private static let small = [
    SimpleGraph(nodeCount: 6, edges: (0..<6).map { ($0, ($0 + 1) % 6) }),
    SimpleGraph(nodeCount: 6, edges: [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)]),
    SimpleGraph(nodeCount: 6, edges: (1..<6).map { ($0 - 1, $0) }),
  ]

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static func data(_ name: String) -> String { root.appending(path: "Data/graphs/\(name)").path }
  private static let exp = root.appending(path: "../shared/data/graph_iso/EXP.npz").path

  /// Files of each kind: graphs, pairs with classes (rings and pairs of triangles), BREC's pairs.
  private func withFiles(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      func path(_ name: String) -> String { folder.appending(path: name).path }
      let encoded = Self.small.map { Graph6(nodeCount: $0.nodeCount, edges: $0.edges) }
      try Graph6.write(encoded, to: path("small.g6"))
      try Data("# pairs\nBasic \(encoded[0].encoded) \(encoded[1].encoded)\nOther \(encoded[0].encoded) \(encoded[2].encoded)\n".utf8)
        .write(to: folder.appending(path: "pairs.txt"))
      let kinds = (0..<24).map { $0 % 2 }
      let edges = kinds.flatMap { Self.small[$0].edges.flatMap { [$0, $1] } }
      func archive(_ edges: [Int], classes: [Int]? = nil) -> [(name: String, array: NumericArray)] {
        let classes = classes ?? kinds
        return [
          ("n_nodes", NumericArray(classes.map { _ in 6 })), ("n_edges", NumericArray(classes.map { _ in 6 })),
          ("edges", NumericArray(edges, shape: [edges.count / 2, 2])),
          ("node_label", NumericArray([Int](repeating: 1, count: 6 * classes.count))), ("graph_label", NumericArray(classes)),
        ]
      }
      try NumericArchive.write(archive(Array(edges.dropLast(12)), classes: kinds.dropLast()), to: path("odd.npz"))
      try NumericArchive.write(archive(edges, classes: kinds.dropLast() + [2]), to: path("three.npz"))
      try NumericArchive.write(archive(edges), to: path("pairs.npz"))
      try NumericArchive.write(archive(Array(edges.dropLast(2))), to: path("short.npz"))
      try NumericArchive.write(archive(edges.map { $0 == 5 ? 6 : $0 }), to: path("outside.npz"))
      try Data("Ch\nC".utf8).write(to: folder.appending(path: "torn.g6"))
      try Data().write(to: folder.appending(path: "empty.g6"))
      try Data("Basic Ch\n".utf8).write(to: folder.appending(path: "torn.txt"))
      try body(folder)
    }
  }

  private func lines(_ arguments: [String], in folder: URL) throws -> [String: JSONValue] {
    let result = try graphs.run(arguments + ["--json"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let values = try result.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    return Dictionary(uniqueKeysWithValues: values.map { ($0["model"]?.string ?? "", $0) })
  }

  /// Labels are labels, however large: one of 2⁶³ − 1 is like any other, and neighbours that no Double tells apart are told apart.
  @Test func largeLabels() throws {
    try withTemporaryFolder { folder in
      for (name, labels) in [
        ("max", [0, 0, .max, .max]), ("near", [1 << 53, 1 << 53, 1 << 53 + 1, 1 << 53 + 1]), ("equal", [.max, 5, 5, .max]),
      ] {
        let arrays: [(name: String, array: NumericArray)] = [
          ("n_nodes", NumericArray([2, 2])), ("n_edges", NumericArray([1, 1])), ("edges", NumericArray([0, 1, 0, 1], shape: [2, 2])),
          ("node_label", NumericArray(labels)), ("graph_label", NumericArray([0, 1])),
        ]
        try NumericArchive.write(arrays, to: folder.appending(path: "\(name).npz").path)
        let all = try lines(["separate", "\(name).npz", "--bounds", "--initializations", "3", "--model", "gin"], in: folder)
        #expect(all.count == 5 && all.values.allSatisfy { $0["undistinguished"]?.int == (name == "equal" ? 1 : 0) }, "\(name): \(all)")
      }
    }
  }

  /// Windows' line ends, blank lines and blanks are no part of graphs.
  @Test func lineEnds() throws {
    try withTemporaryFolder { folder in
      try Data("Dhc\r\nCh\r\n\r\nB? \r\n".utf8).write(to: folder.appending(path: "a.g6"))
      try Data("basic EhEG EwCW\r\nbasic EwCW EhEG\r\n\r\n".utf8).write(to: folder.appending(path: "pairs.txt"))
      for (file, pairs) in [("a.g6", 3), ("pairs.txt", 2)] {
        let all = try lines(["separate", file, "--bounds", "--initializations", "1", "--model", "gin"], in: folder)
        #expect(all["1-wl"]?["pairs"]?.int == pairs)
      }
    }
  }

  /// What is done to a folder's edges is told beside the output; targets of a regression are no classes.
  @Test func cleanedFolders() throws {
    try withTemporaryFolder { folder in
      func write(_ part: String, _ text: String) throws { try Data(text.utf8).write(to: folder.appending(path: "D_\(part).txt")) }
      try write("A", (0..<40).map { "\(2 * $0 + 1), \(2 * $0 + 2)\n" }.joined() + "1, 1\n")
      try write("graph_indicator", (0..<80).map { "\($0 / 2 + 1)\n" }.joined())
      try write("graph_labels", (0..<40).map { "\($0 % 2)\n" }.joined())
      let arguments = ["train", "--data", ".", "--epochs", "1", "--hidden", "4", "--layers", "1", "--batch", "4", "--output", "run"]
      let result = try graphs.run(arguments, in: folder)
      #expect(
        result.status == 0 && result.errors.contains("D_A.txt: 1 loop dropped, 40 edges in one direction mirrored"), "\(result.errors)")
      try write("graph_attributes", (0..<40).map { "\(Double($0) / 7)\n" }.joined())
      try FileManager.default.removeItem(at: folder.appending(path: "D_graph_labels.txt"))
      try graphs.expectRefusal(of: arguments, saying: "not targets of a regression", in: folder)
    }
  }

  @Test func separate() throws {
    try withFiles { folder in
      let all = try lines(["separate", "small.g6", "--initializations", "3"], in: folder)
      #expect(all.count == 16 && all.values.allSatisfy { $0["pairs"]?.int == 3 && $0["copies"]?.int == 3 })
      #expect(all["gin"]?["undistinguished"]?.int == 1 && all["gin"]?["copies_told_apart"]?.int == 0)
      for model in ["fa-gin-id", "fa-mlp"] {
        #expect(all[model]?["undistinguished"]?.int == 0 && all[model]?["copies_told_apart"]?.int == 0, "\(model)")
      }
      for model in ["gin-id", "ga-gin-id", "ga-mlp"] { #expect(try #require(all[model]?["copies_told_apart"]?.int) > 0, "\(model)") }
      // Maps of order 2 on all pairs tell apart what colour refinement does; those of order 3, products and subgraphs more.
      let exact = try lines(["separate", "small.g6", "--double", "--initializations", "3"], in: folder)
      for name in architectures.map({ $0.name }) where !["gin-id", "ga-gin-id", "ga-mlp"].contains(name) {
        let (single, result) = (all[name], exact[name])
        #expect(result?["undistinguished"]?.int == (["gin", "ign"].contains(name) ? 1 : 0), "\(name)")
        #expect(single?["copies_told_apart"]?.int == 0 && result?["copies_told_apart"]?.int == 0, "\(name)")
      }
      // What bounds them: networks that see no numbers are no finer, and random weights reach the bound here.
      let bounds = try lines(["separate", "small.g6", "--bounds", "--initializations", "1", "--model", "gin"], in: folder)
      #expect(bounds.keys.sorted() == ["1-wl", "1-wl-4-rounds", "2-fwl", "2-fwl-4-rounds", "gin"])
      #expect(["1-wl", "1-wl-4-rounds", "2-fwl", "2-fwl-4-rounds"].map { bounds[$0]?["undistinguished"]?.int } == [1, 1, 0, 0])
      let sampled = try lines(["separate", "small.g6", "--frame", "blocks", "--model", "fa-mlp", "--initializations", "3"], in: folder)
      #expect(sampled.keys.sorted() == ["fa-mlp"])
      let pairs = try lines(["separate", "pairs.npz", "--model", "gin", "--initializations", "2", "--copies", "0"], in: folder)
      #expect(pairs["gin"]?["undistinguished"]?.int == 12 && pairs["gin"]?["copies"]?.int == 0)
      let text = try graphs.run(["separate", "small.g6", "--initializations", "1", "--model", "gin"], in: folder)
      #expect(text.output.contains("3 graphs of at most 6 nodes, 3 pairs") && text.output.contains("0 of 3"))
    }
  }

  /// Ten circular skip-link graphs of 41 nodes, all regular: none are apart for colour refinement, all with the frame.
  @Test func circularSkipLinks() throws {
    try withTemporaryFolder { folder in
      let arguments = ["separate", Self.data("csl_41.g6"), "--initializations", "2", "--model", "gin", "--model", "fa-gin-id"]
      let all = try lines(arguments, in: folder)
      #expect(all["gin"]?["undistinguished"]?.int == 45)
      #expect(all["fa-gin-id"]?["undistinguished"]?.int == 0 && all["fa-gin-id"]?["copies_told_apart"]?.int == 0)
    }
  }

  /// 600 pairs that colour refinement does not tell apart, and maps of order 2 do not either.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: exp), "shared/data is absent")) func exponentiallyHardPairs() throws {
    try withTemporaryFolder { folder in
      let arguments = ["separate", Self.exp, "--double", "--initializations", "1", "--copies", "4", "--model", "gin", "--model", "ign"]
      let all = try lines(arguments, in: folder)
      for model in ["gin", "ign"] {
        #expect(all[model]?["undistinguished"]?.int == 600 && all[model]?["copies_told_apart"]?.int == 0, "\(model)")
      }
    }
  }

  /// Pairs with categories: the counts are those of each, and a category alone or every other pair has the same.
  @Test func pairsOfCategories() throws {
    try withFiles { folder in
      let arguments = ["separate", "pairs.txt", "--double", "--initializations", "2", "--model", "gin", "--model", "spen"]
      let all = try lines(arguments, in: folder)
      #expect(all["gin"]?["Basic"]?.int == 1 && all["gin"]?["Other"]?.int == 0 && all["gin"]?["undistinguished"]?.int == 1)
      #expect(all["spen"]?["Basic"]?.int == 0 && all["spen"]?["pairs"]?.int == 2 && all["spen"]?["copies"]?.int == 4)
      let other = try lines(arguments + ["--category", "Other"], in: folder)["gin"]
      #expect(other?["pairs"]?.int == 1 && other?["undistinguished"]?.int == 0 && other?["Basic"] == nil)
      let first = try lines(arguments + ["--every", "2"], in: folder)["gin"]
      #expect(first?["pairs"]?.int == 1 && first?["Basic"]?.int == 1 && first?["Other"] == nil)
      let text = try graphs.run(Array(arguments.prefix(7)), in: folder)
      #expect(text.output.contains("Basic: 1 of 1") && text.output.contains("Other: 0 of 1"))
    }
  }

  private static let brecPairs = root.appending(path: "../shared/data/graph_iso/brec_400pairs.g6.txt").path

  /// BREC's pairs are equal for colour refinement; 2-FWL tells apart those that are not regular in a strong sense. That is what random weights
  /// show, and what a short training by BREC's protocol finds.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: brecPairs), "shared/data is absent")) func pairsOfBREC() throws {
    try withTemporaryFolder { folder in
      let models = ["--model", "gin", "--model", "ign", "--model", "ppgn"]
      let separate = ["separate", Self.brecPairs, "--double", "--initializations", "10", "--copies", "8"]
      let random = try lines(
        separate + models + ["--bounds", "--category", "Basic", "--category", "Regular_simple", "--category", "Extension"], in: folder)
      #expect(random["1-wl"]?["undistinguished"]?.int == 210 && random["2-fwl"]?["undistinguished"]?.int == 0)
      for model in ["gin", "ign"] { #expect(random[model]?["undistinguished"]?.int == 210, "\(model)") }
      #expect(random["ppgn"]?["undistinguished"]?.int == 0 && random["ppgn"]?["copies_told_apart"]?.int == 0)
      let equal = try lines(separate + models + ["--bounds", "--category", "Regular_strongly", "--every", "5"], in: folder)
      for line in equal.values { #expect(line["undistinguished"]?.int == line["pairs"]?.int && line["pairs"]?.int == 10) }
      let trained = try lines(["brec", Self.brecPairs, "--category", "Basic", "--model", "ppgn", "--model", "gin"], in: folder)
      #expect(trained["ppgn"]?["told_apart"]?.int == 60 && trained["ppgn"]?["unreliable"]?.int == 0)
      #expect(trained["gin"]?["told_apart"]?.int == 0 && trained["gin"]?["unreliable"]?.int == 0)
    }
  }

  @Test func sameNumbersOnOneAndTwoThreads() throws {
    try withFiles { folder in
      func outputs(_ threads: String) throws -> [JSONValue?] {
        let all = try lines(["classify", "pairs.npz", "--epochs", "3", "--model", "ga-gin-id", "--threads", threads], in: folder)
        return [all["ga-gin-id"]?["last_test_accuracy"], all["ga-gin-id"]?["epoch"]]
      }
      let (one, two) = (try outputs("1"), try outputs("2"))
      #expect(one == two)
    }
  }

  @Test func classify() throws {
    try withFiles { folder in
      let arguments = [
        "classify", "pairs.npz", "--epochs", "40", "--batch", "4", "--rate", "0.01", "--model", "gin", "--model", "fa-gin-id",
      ]
      let all = try lines(arguments, in: folder)
      #expect(all["fa-gin-id"]?["test_accuracy"]?.double == 1)
      #expect(all["gin"]?["test_accuracy"]?.double == 0.5)
    }
  }

  @Test func brec() throws {
    try withFiles { folder in
      let all = try lines(["brec", "pairs.txt", "--epochs", "2", "--model", "gin", "--model", "fa-gin-id"], in: folder)
      #expect(all["gin"]?["Basic"]?.int == 0 && all["gin"]?["Other"]?.int == 1 && all["gin"]?["unreliable"]?.int == 0)
      #expect(all["fa-gin-id"]?["told_apart"]?.int == 2 && all["fa-gin-id"]?["unreliable"]?.int == 0)
      // A category alone: the same pairs with the same draws.
      let other = try lines(["brec", "pairs.txt", "--epochs", "2", "--model", "gin", "--category", "Other"], in: folder)["gin"]
      #expect(other?["Other"]?.int == 1 && other?["pairs"]?.int == 1 && other?["Basic"]?.int == nil)
    }
  }

  @Test(arguments: [
    (["separate", "nowhere.g6"], "nowhere.g6"), (["separate", "torn.g6"], "torn.g6, line 2, byte 1"),
    (["separate", "empty.g6"], "0 bytes"), (["separate", "short.npz"], "short.npz, entry \"edges\""),
    (["separate", "outside.npz"], "between two of its 6 nodes"), (["separate", "/"], "folder"), (["separate"], "data"),
    (["separate", "small.g6", "--model", "gcn"], "gcn"), (["separate", "small.g6", "--initializations", "0"], "--initializations must be"),
    (["separate", "small.g6", "--threshold", "nan"], "--threshold must be"),
    (["separate", "small.g6", "--threads", "0"], "--threads must be"),
    (["separate", "small.g6", "--frame", "exact"], "exact"), (["classify", "small.g6"], "graph_label"),
    (["classify", "pairs.npz", "--rate=-1"], "--rate must be"), (["classify", "pairs.npz", "--epochs", "0"], "--epochs must be"),
    (["brec", "torn.txt"], "torn.txt, line 1"), (["brec", "nowhere.txt"], "nowhere.txt"), (["brec", "empty.g6"], "0 bytes"),
    (["brec", "small.g6"], "pairs with their categories"),
    (["separate", "torn.txt"], "torn.txt, line 1"), (["separate", "small.g6", "--category", "Basic"], "--category takes pairs"),
    (["separate", "small.g6", "--every", "2"], "--every takes pairs"), (["separate", "pairs.npz", "--category", "Basic"], "no categories"),
    (["separate", "pairs.txt", "--every", "0"], "--every must be"),
    (["brec", "pairs.txt", "--copies", "16"], "--copies must be more than 16"),
    (["brec", "pairs.txt", "--copies", "9223372036854775807"], "--copies must be"),
    (["separate", "odd.npz"], "there are 23"), (["separate", "three.npz"], "labels 0 or 1 are expected"),
    (["brec", "pairs.txt", "--category", "Hard"], "--category must be one of Basic, Other"), (["dance"], "dance"),
  ]) func wrongInput(_ arguments: [String], _ message: String) throws {
    try withFiles { folder in
      try graphs.expectRefusal(of: arguments, saying: message, in: folder)
    }
  }

  /// Ctrl-C ends a long run at once.
  @Test func interruption() throws {
    try withTemporaryFolder { folder in
      let process = try graphs.start(["separate", Self.data("graph8c.g6"), "--initializations", "100000"], in: folder)
      while (try? Data(contentsOf: folder.appending(path: "stdout.txt")).isEmpty) ?? true, process.isRunning {
        Thread.sleep(forTimeInterval: 0.01)
      }
      kill(process.processIdentifier, SIGINT)
      let result = try graphs.result(of: process, in: folder, within: 30)
      #expect(result.signal == SIGINT && result.errors.isEmpty, "\(result.errors)")
    }
  }

  @Test func helpTellsWhatCommandsDo() throws {
    try withTemporaryFolder { folder in
      let help = try graphs.run(["--help"], in: folder).output
      for command in ["separate", "classify", "brec", "train", "cross-validate", "evaluate", "report"] {
        #expect(help.contains(command))
        let own = try graphs.run([command, "--help"], in: folder)
        #expect(own.status == 0 && own.output.contains("OVERVIEW"))
      }
    }
  }
}
