import Equivariant
import Foundation
import Testing

private let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
private let shared = repository.deletingLastPathComponent().appending(path: "shared/data/tu").path

private func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "GraphDatasetTests-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

@Suite struct GraphDatasetTests {
  /// The numbers of the published table: 188 graphs, 125 and 63 a class, 17.93 nodes and 19.79 edges on average, 7 atoms, 4 bonds.
  @Test func mutag() throws {
    let data = try GraphDataset(tu: repository.appending(path: "Data/graphs/MUTAG").path)
    #expect(data.name == "MUTAG" && data.count == 188 && data.classes == [-1, 1] && data.nodeLabelValues == Array(0...6))
    #expect(data.labels.count { $0 == 1 } == 125 && data.largest == 28 && data.standardFolds == nil)
    #expect(data.graphs.reduce(0) { $0 + $1.nodeCount } == 3371 && data.graphs.reduce(0) { $0 + $1.edgeCount } == 3721)
    #expect(data.edgeLabelValues == [0, 1, 2, 3] && data.edgeLabels?.map(\.count) == data.graphs.map(\.edgeCount))
    let batch: GraphBatch<Float> = data.batch([3, 0])
    #expect(batch.graphs == [data.graphs[3], data.graphs[0]] && batch.features.shape == [36, 7])
    let ones = batch.features.elements.enumerated().filter { $0.element == 1 }.map { $0.offset % 7 }
    #expect(ones == data.nodeLabels[3] + data.nodeLabels[0])
  }

  /// The same molecules in another order, with the folds of others.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: shared), "shared/data is absent"))
  func archives() throws {
    let text = try GraphDataset(tu: repository.appending(path: "Data/graphs/MUTAG").path)
    let data = try GraphDataset(npz: shared + "/MUTAG.npz")
    // How often each class has each list of degrees.
    func kinds(_ data: GraphDataset) -> [[Int]: Int] {
      zip(data.labels, data.graphs).reduce(into: [:]) { $0[[$1.0] + $1.1.neighbors.map(\.count).sorted(), default: 0] += 1 }
    }
    #expect(data.name == "MUTAG" && data.classes == [0, 2] && text.nodeLabelValues.count == data.nodeLabelValues.count)
    #expect(data.labels.count { $0 == 1 } == 125 && kinds(text) == kinds(data) && kinds(text).count > 60)
    let folds = try #require(data.standardFolds)
    #expect(folds.count == 10 && folds.folds.compactMap { $0 }.count == 180)
    let imdb = try GraphDataset(npz: shared + "/IMDBBINARY.npz")
    #expect(imdb.count == 1000 && imdb.nodeLabelValues.count == 1)
    let batch: GraphBatch<Float> = imdb.batch([0])
    #expect(batch.features.elements.allSatisfy { $0 == 1 })
  }

  @Test func graph6Files() throws {
    try withFolder { folder in
      try Data("Ch\nB?\n".utf8).write(to: URL(filePath: folder + "/chains.g6"))
      try Data("Bw\n".utf8).write(to: URL(filePath: folder + "/triangles.g6"))
      let data = try GraphDataset(graph6: [folder + "/chains.g6", folder + "/triangles.g6"])
      #expect(data.name == "chains+triangles" && data.labels == [0, 0, 1] && data.classes == [0, 1] && data.nodeLabelValues == [0])
      #expect(data.nodeLabels.map(\.count) == [4, 3, 3] && data.edgeLabels == nil)
      let degrees = data.labelledByDegree
      #expect(degrees.nodeLabelValues == [0, 1, 2] && degrees.nodeLabels == [[1, 2, 2, 1], [0, 0, 0], [2, 2, 2]])
      #expect(degrees.graphs == data.graphs && degrees.labels == data.labels)
    }
  }

  /// A graph without nodes, one with a lone node, and what does not fit.
  @Test func wrongArchives() throws {
    try withFolder { folder in
      let path = folder + "/a.npz"
      let good: [(name: String, array: NumericArray)] = [
        ("n_nodes", NumericArray([0, 1, 3])), ("n_edges", NumericArray([0, 0, 2])), ("edges", NumericArray([1, 0, 1, 2], shape: [2, 2])),
        ("node_label", NumericArray([5, 3, 3, 5])), ("graph_label", NumericArray([7, 7, -1])), ("fold10", NumericArray([255, 0, 9])),
      ]
      try NumericArchive.write(good, to: path)
      let data = try GraphDataset(npz: path)
      #expect(data.graphs.map(\.nodeCount) == [0, 1, 3] && data.graphs[2].edges.elementsEqual([(0, 1), (1, 2)], by: ==))
      #expect(data.nodeLabels == [[], [1], [0, 0, 1]] && data.labels == [1, 1, 0] && data.standardFolds?.folds == [nil, 0, 9])
      let empty: GraphBatch<Double> = data.batch([0])
      #expect(empty.features.shape == [0, 2])
      for (entry, values, cause) in [
        ("n_nodes", [0, 1, -1], "graph 2 has -1"), ("n_nodes", [0, 1, 1 << 21], "graph 2 has 2097152"), ("n_edges", [0, 0], "3 graphs"),
        ("n_edges", [0, 0, 1], "1 pairs"), ("edges", [1, 0, 1, 3], "graph 2"), ("edges", [1, 0, 0, 1], "once"),
        ("edges", [1, 1, 0, 1], "once"),
        ("node_label", [1], "4 values"), ("graph_label", [1], "3 values"), ("fold10", [10, 0, 0], "there is 10"),
      ] as [(String, [Int], String)] {
        try NumericArchive.write(good.map { $0.name == entry ? (entry, NumericArray(values)) : $0 }, to: path)
        let error = #expect(throws: FileFormatError.self) { try GraphDataset(npz: path) }
        #expect(
          error?.kind == .malformed && error?.place.entry != nil && error?.cause.contains(cause) == true, "\(String(describing: error))")
      }
      try NumericArchive.write(Array(good.dropFirst()), to: path)
      #expect(#expect(throws: FileFormatError.self) { try GraphDataset(npz: path) }?.kind == .notFound)
    }
  }

  /// Numbers changed, dropped, doubled or exchanged in any of the arrays: an error of ours, or a data set that agrees with its file.
  @Test func damagedArchives() throws {
    let good: [(name: String, values: [Int])] = [
      ("n_nodes", [2, 1, 3]), ("n_edges", [1, 0, 2]), ("edges", [0, 1, 1, 0, 1, 2]), ("node_label", [5, 3, 3, 5, 5, 1]),
      ("graph_label", [7, 7, -1]), ("fold10", [255, 0, 9]),
    ]
    var (generator, accepted) = (RandomSource(seed: 1), 0)
    try withFolder { folder in
      let path = folder + "/a.npz"
      for _ in 0..<400 {
        var arrays = good
        for _ in 0..<Int.random(in: 1...2, using: &generator) {
          let k = Int.random(in: 0..<arrays.count, using: &generator)
          guard let place = arrays[k].values.indices.randomElement(using: &generator) else { continue }
          switch Int.random(in: 0..<4, using: &generator) {
          case 0: arrays[k].values[place] = [-1, 0, 1, 2, 3, 255, 1 << 40, .min, .max].randomElement(using: &generator)!
          case 1: arrays[k].values.remove(at: place)
          case 2: arrays[k].values.append(arrays[k].values[place])
          default: arrays[k].values.swapAt(0, place)
          }
        }
        try NumericArchive.write(arrays.map { ($0.name, NumericArray($0.values)) }, to: path)
        do {
          let data = try GraphDataset(npz: path)
          accepted += 1
          #expect(data.graphs.map(\.nodeCount) == arrays[0].values && data.graphs.map(\.edgeCount) == arrays[1].values)
          #expect(data.nodeLabels.map(\.count) == arrays[0].values && data.labels.map { data.classes[$0] } == arrays[4].values)
        } catch { #expect(error is FileFormatError) }
      }
    }
    #expect((40..<360).contains(accepted), "\(accepted) of 400 were accepted")
  }

  /// Labels are integers from end to end: neighbours beyond 2⁵³ stay apart, of either sign and from unsigned arrays too.
  @Test func largeLabels() throws {
    try withFolder { folder in
      let path = folder + "/a.npz"
      for labels in [
        NumericArray([1 << 53, 1 << 53 + 1, .max]), NumericArray([.min, .min + 1, .max]),
        NumericArray([1 << 53, 1 << 53 + 1, 1 << 63 - 1] as [UInt64]),
      ] {
        let arrays: [(name: String, array: NumericArray)] = [
          ("n_nodes", NumericArray([1, 1, 1])), ("n_edges", NumericArray([0, 0, 0])), ("edges", NumericArray([] as [Int], shape: [0, 2])),
          ("node_label", labels), ("graph_label", labels),
        ]
        try NumericArchive.write(arrays, to: path)
        let data = try GraphDataset(npz: path)
        #expect(try data.nodeLabels == [[0], [1], [2]] && data.nodeLabelValues == labels.ints() && data.classes == labels.ints())
      }
      let many = [
        ("n_nodes", NumericArray([Int](repeating: 1 << 20, count: 17))), ("n_edges", NumericArray([Int](repeating: 0, count: 17))),
      ]
      try NumericArchive.write(many + [("edges", NumericArray([] as [Int], shape: [0, 2]))], to: path)
      let error = #expect(throws: FileFormatError.self) { try GraphDataset(npz: path) }
      #expect(error?.cause.contains("17825792") == true)
    }
  }

  /// What was done to a folder's edges is told; a set for regression has no classes.
  @Test func cleanedFolders() throws {
    func write(_ parts: [String: String], _ folder: String) throws {
      for (part, text) in parts { try Data(text.utf8).write(to: URL(filePath: "\(folder)/D_\(part).txt")) }
    }
    try withFolder { folder in
      try write(
        ["A": "1, 2\r\n2, 1\r\n1, 2\r\n3, 3\r\n", "graph_indicator": "1\r\n1\r\n2\r\n", "graph_attributes": "0.5\r\n1.5\r\n"], folder)
      let data = try GraphDataset(tu: folder)
      #expect(
        data.graphs.map(\.edgeCount) == [1, 0] && data.classes.isEmpty && data.note == "D_A.txt: 1 repeated line merged, 1 loop dropped")
      try write(["A": "1, 2\n2, 1\n", "graph_labels": "9223372036854775807\n9223372036854775806\n"], folder)
      let clean = try GraphDataset(tu: folder)
      #expect(clean.note == nil && clean.classes == [.max - 1, .max] && clean.labels == [1, 0])
    }
  }

  @Test func severalLabels() throws {
    try withFolder { folder in
      for (part, text) in [("A", ""), ("graph_indicator", "1\n1\n"), ("graph_labels", "0\n"), ("node_labels", "1, 2\n3, 4\n")] {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/D_\(part).txt"))
      }
      let error = #expect(throws: FileFormatError.self) { try GraphDataset(tu: folder) }
      #expect(error?.kind == .unsupported && error?.path.hasSuffix("D_node_labels.txt") == true)
    }
  }
}

@Suite struct GraphFoldsTests {
  static let labels = (0..<63).map { _ in 0 } + (0..<125).map { _ in 1 }

  @Test func stratified() {
    let folds = GraphFolds(stratifying: Self.labels, count: 10, seed: 3)
    #expect(folds == GraphFolds(stratifying: Self.labels, count: 10, seed: 3))
    #expect(folds != GraphFolds(stratifying: Self.labels, count: 10, seed: 4))
    for fold in 0..<10 {
      let own = folds.folds.indices.filter { folds.folds[$0] == fold }
      #expect([18, 19].contains(own.count) && [6, 7].contains(own.count { Self.labels[$0] == 0 }))
    }
  }

  @Test func splits() {
    let folds = GraphFolds(stratifying: Self.labels, count: 10, seed: 3)
    for fold in 0..<10 {
      let split = folds.split(fold, labels: Self.labels, validationParts: 10, seed: 1)
      #expect((split.train + split.valid + split.test).sorted() == Array(0..<188))
      #expect([16, 17].contains(split.valid.count) && [5, 6].contains(split.valid.count { Self.labels[$0] == 0 }))
      let all = folds.split(fold, labels: Self.labels, validationParts: nil, seed: 1)
      #expect(all.test == split.test && all.train == (split.train + split.valid).sorted() && all.valid.isEmpty)
    }
    let given = GraphFolds(of: [nil, 0, 1, nil, 1], count: 2)
    let split = given.split(1, labels: [0, 0, 0, 0, 0], validationParts: nil, seed: 0)
    #expect(split.test == [2, 4] && split.train == [0, 1, 3])
  }

  /// Dealing that ignores the classes is not stratified.
  @Test func unstratifiedIsRejected() {
    let folds = GraphFolds(stratifying: Self.labels.map { _ in 0 }, count: 10, seed: 3)
    let zeros = (0..<10).map { fold in Self.labels.indices.count { Self.labels[$0] == 0 && folds.folds[$0] == fold } }
    #expect(zeros.max()! - zeros.min()! > 1)
  }
}
