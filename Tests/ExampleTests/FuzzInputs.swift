import Equivariant
import Foundation

/// Valid files of every kind that the programs take, and the commands that take them.
struct FuzzInputs {
  /// A command whose argument "@" is a damaged copy of one of the originals.
  struct Command {
    let program: Program
    let arguments: [String]
    let originals: [URL]
    /// Folders that lie beside the damaged file.
    var copied: [URL] = []
    /// Whether the damaged file takes the place of the original in the copy of its folder.
    var inFolder = false

    func place(of original: URL, in work: URL) -> URL {
      let folder = inFolder ? work.appending(path: original.deletingLastPathComponent().lastPathComponent) : work
      return folder.appending(path: original.lastPathComponent)
    }
  }

  private(set) var commands: [Command] = []
  private let folder: URL

  init(in folder: URL) throws {
    self.folder = folder.appending(path: "originals")
    try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
    try addBodies()
    try addMolecules()
    try addStructures()
    try addClouds()
    try addGraphs()
  }

  private func file(_ name: String) -> URL { folder.appending(path: name) }
  private func write(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: file(name)) }
  private static let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Data")

  /// Runs a program where the originals lie; it must succeed.
  private func make(_ program: Program, _ arguments: [String]) throws {
    let result = try program.run(arguments, in: folder)
    guard result.status == 0 else { throw Failure(text: "\(arguments): \(result.errors)") }
  }
  private struct Failure: Error { let text: String }

  private mutating func addRun(_ program: Program, _ run: String, _ arguments: [[String]]) {
    let names = ["checkpoint.safetensors", "best.safetensors", "metrics.jsonl", "result.json"]
    let files = names.map { file(run).appending(path: $0) }.filter { FileManager.default.fileExists(atPath: $0.path) }
    for arguments in arguments {
      commands.append(Command(program: program, arguments: arguments, originals: files, copied: [file(run)], inFolder: true))
    }
  }

  private mutating func addBodies() throws {
    let nbody = Program("nbody")
    let small = ["--hidden", "8", "--layers", "1", "--epochs", "1", "--batch", "4"]
    try make(nbody, ["simulate", "--count", "8", "--output", "bodies.npz", "--frames", "30,40"])
    let trajectories = try NumericArchive(contentsOf: file("bodies.npz").path)
    let (x, v) = (try trajectories.doubles("positions"), try trajectories.doubles("velocities"))
    // The layout of the authors' files: [sample, 3, body].
    func upstream(_ values: [Double], frame: Int) -> NumericArray {
      NumericArray(
        (0..<8 * 15).map { k in values[((k / 15 * 2 + frame) * 5 + k % 5) * 3 + k % 15 / 5] }, shape: [8, 3, 5])
    }
    try NumericArchive.write(
      [
        ("test_x0", upstream(x, frame: 0)), ("test_v0", upstream(v, frame: 0)), ("test_x1", upstream(x, frame: 1)),
        ("test_charges", try trajectories.array("charges")), ("test_edges", try trajectories.array("edges")),
      ], to: file("upstream.npz").path)
    for (run, model) in [("egnn", ["--velocities"]), ("fa", ["--model", "fa-gnn", "--hidden", "9"]), ("flow", ["--model", "flow"])] {
      let size = run == "fa" ? Array(small.dropFirst(2)) : small
      try make(nbody, ["train", "--output", run, "--data", "bodies.npz", "--train-count", "8"] + size + model)
      let original = [file("\(run)/best.safetensors")]
      commands.append(
        Command(program: nbody, arguments: ["evaluate", "@", "--data", file("bodies.npz").path, "--json"], originals: original))
      addRun(
        nbody, run, [["report", "--run", run, "--output", "page.html"], ["train", "--resume", "--output", run, "--minutes", "0.05"]])
      commands.append(
        Command(
          program: nbody, arguments: ["evaluate", file("\(run)/best.safetensors").path, "--data", "@", "--json"],
          originals: [file("bodies.npz"), file("upstream.npz")]))
    }
    commands.append(
      Command(
        program: nbody, arguments: ["rollout", "@", "--count", "1", "--steps", "1", "--output", "rollout.npz"],
        originals: [file("egnn/best.safetensors")]))
    commands.append(
      Command(
        program: nbody,
        arguments: ["train", "--output", "run", "--data", "@", "--train-count", "4", "--model", "fa-gnn", "--hidden", "9"]
          + ["--layers", "2", "--epochs", "2", "--batch", "2", "--evaluate-every", "1"], originals: [file("bodies.npz")]))
  }

  private mutating func addStructures() throws {
    let molecules = Program("molecules")
    var configuration = MACEConfiguration()
    (configuration.elements, configuration.cutoff, configuration.degree) = ([1, 8, 29], 3, 1)
    (configuration.layers, configuration.correlations) = (["4x0e+4x1o", "4x0e"], [2, 2])
    var source = RandomSource(seed: 3)
    try PotentialFile.save(MACE<Double>(configuration, using: &source), to: file("mace.safetensors").path)
    try write(
      "water.xyz",
      """
      3
      Lattice="4 0 0 1 5 0 0 0 6" pbc="T T F" energy=-3.5 stress="1 2 3 4 5 6" config_type="a b" Properties=species:S:1:pos:R:3:forces:R:3
      O 0 0 0 0.1 0 0
      H 0.96 0 0 -0.1 0 0
      H -0.24 0.93 0 0 0 0
      1

      Cu 0 0 0

      """)
    try write(
      "POSCAR", "copper\n1.0\n0 1.8 1.8\n1.8 0 1.8\n1.8 1.8 0\nCu H\n1 1\nSelective\nDirect\n0 0 0 T T F\n.5 .5 .5 F F F\n\n1 0 0\n0 1 0\n")
    let originals = [file("water.xyz"), file("POSCAR")]
    for arguments in [
      ["inspect", "@"], ["inspect", "@", "--json"], ["predict", "@", "--model", file("mace.safetensors").path, "-o", "out.xyz"],
    ] {
      commands.append(Command(program: molecules, arguments: arguments, originals: originals))
    }
    commands.append(
      Command(program: molecules, arguments: ["predict", file("water.xyz").path, "--model", "@"], originals: [file("mace.safetensors")]))
  }

  private mutating func addMolecules() throws {
    let molecules = Program("molecules")
    // A few conformations of the shipped set.
    let all = try NumericArchive(contentsOf: Self.data.appending(path: "molecules/rmd17_ethanol_tiny.npz").path)
    var few: [(name: String, array: NumericArray)] = []
    for name in all.names {
      let array = try all.array(name)
      let isList = name.hasPrefix("train_") || name.hasPrefix("test_")
      guard isList, let count = array.shape.first, count > 6, let values = try? array.doubles() else {
        few.append((name, array))
        continue
      }
      few.append((name, NumericArray(Array(values.prefix(values.count / count * 6)), shape: [6] + array.shape.dropFirst())))
    }
    try NumericArchive.write(few, to: file("ethanol.npz").path)
    let small = ["--hidden", "4", "--basis", "4", "--layers", "1", "--epochs", "1", "--batch", "2"]
    let data = file("ethanol.npz").path
    for (run, model) in [("pnita", ["--model", "pnita"]), ("ponita", ["--grid", "icosahedron"])] {
      try make(molecules, ["train", "--output", run, "--data", "ethanol.npz"] + small + model)
      commands.append(
        Command(program: molecules, arguments: ["evaluate", "@", "--data", data], originals: [file("\(run)/best.safetensors")]))
      addRun(molecules, run, [["train", "--resume", "--output", run, "--data", data, "--minutes", "0.05"]])
      commands.append(
        Command(
          program: molecules, arguments: ["evaluate", file("\(run)/best.safetensors").path, "--data", "@"], originals: [file("ethanol.npz")]
        ))
      commands.append(
        Command(
          program: molecules, arguments: ["train", "--output", "new", "--data", "@"] + small + model, originals: [file("ethanol.npz")])
      )
    }
  }

  private mutating func addClouds() throws {
    let pointclouds = Program("pointclouds")
    try write("mesh.off", "OFF\n5 5 0\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n0.5 0.5 1\n4 3 2 1 0\n3 0 1 4\n3 1 2 4\n3 2 3 4\n3 3 0 4\n")
    try make(pointclouds, ["convert", "mesh.off", "-o", "ascii.ply", "--encoding", "ascii"])
    try make(pointclouds, ["convert", "mesh.off", "-o", "binary.ply"])
    try make(pointclouds, ["sample", "mesh.off", "-o", "cloud.ply", "--points", "40"])
    for name in ["cloud.xyz", "cloud.npy", "cloud.off", "cloud.txt"] { try make(pointclouds, ["convert", "cloud.ply", "-o", name]) }
    let meshes = ["mesh.off", "ascii.ply", "binary.ply"].map(file)
    let clouds = ["cloud.ply", "cloud.xyz", "cloud.npy", "cloud.off", "cloud.txt"].map(file)
    func command(_ arguments: [String], _ originals: [URL]) {
      commands.append(Command(program: pointclouds, arguments: arguments, originals: originals))
    }
    command(["sample", "@", "-o", "out.ply", "--points", "20"], meshes)
    command(["sample", "@", "-o", "out.xyz", "--points", "20", "--normalize"], meshes)
    command(["convert", "@", "-o", "out.ply"], meshes + clouds)
    command(["normals", "@", "-o", "out.ply", "--neighbors", "5"], clouds)
    command(["report", "--cloud", "@", "-o", "page.html"], clouds)

    var generator = RandomSource(seed: 1)
    let shapes = [PrimitiveShape.box, .torus, .cone].map { $0.sampled(40, using: &generator) }
    try NumericArchive.write(
      [
        ("points", NumericArray(shapes.flatMap(\.points), shape: [3, 40, 3])),
        ("normals", NumericArray(shapes.flatMap(\.normals), shape: [3, 40, 3])), ("is_test", NumericArray([0, 0, 1])),
      ], to: file("shapes.npz").path)
    let data = file("shapes.npz").path
    let tiny = ["--points", "20", "--clouds", "4", "--batch", "2", "--epochs", "1", "--evaluate-every", "1"]
    for model in ["fa-local-pointnet", "dgcnn"] {
      try make(pointclouds, ["train", "--model", model, "--output", model, "--data", "shapes.npz"] + tiny)
      command(["evaluate", "@", "--data", data, "--json"], [file("\(model)/best.safetensors")])
      command(["evaluate", file("\(model)/best.safetensors").path, "--data", "@", "--json"], [file("shapes.npz")])
      command(["train", "--model", model, "--output", "new", "--data", "@"] + tiny, [file("shapes.npz")])
      addRun(pointclouds, model, [["train", "--resume", "--output", model, "--data", data, "--minutes", "0.05"]])
    }
    let network = file("fa-local-pointnet/best.safetensors")
    command(["normals", file("cloud.ply").path, "-o", "out.ply", "--method", "model", "--model", "@"], [network])
    command(["normals", "@", "-o", "out.ply", "--method", "model", "--model", network.path], clouds)
    command(["protocols", "--data", "@", "--output", "protocols"] + tiny, [file("shapes.npz")])
  }

  private mutating func addGraphs() throws {
    let graphs = Program("graphs")
    let ring = (0..<6).map { ($0, ($0 + 1) % 6) }
    let triangles = [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)]
    let encoded = [ring, triangles, ring + [(0, 3)]].map { Graph6(nodeCount: 6, edges: $0) }
    try Graph6.write(encoded, to: file("small.g6").path)
    try write("pairs.txt", "Basic \(encoded[0].encoded) \(encoded[1].encoded)\nOther \(encoded[0].encoded) \(encoded[2].encoded)\n")
    let kinds = (0..<12).map { $0 % 2 }
    var edges: [Int] = []
    for kind in kinds { for (i, j) in kind == 0 ? ring : triangles { edges += [i, j] } }
    try NumericArchive.write(
      [
        ("n_nodes", NumericArray(kinds.map { _ in 6 })), ("n_edges", NumericArray(kinds.map { _ in 6 })),
        ("edges", NumericArray(edges, shape: [edges.count / 2, 2])), ("node_label", NumericArray([Int](repeating: 1, count: 72))),
        ("graph_label", NumericArray(kinds)),
      ], to: file("graphs.npz").path)
    // TU's text format.
    try FileManager.default.createDirectory(at: file("toy"), withIntermediateDirectories: true)
    var (adjacency, owners, labels) = ("", "", "")
    for (g, kind) in kinds.enumerated() {
      for (i, j) in kind == 0 ? ring : triangles {
        let (a, b) = (6 * g + i + 1, 6 * g + j + 1)
        adjacency += "\(a), \(b)\n\(b), \(a)\n"
      }
      for node in 0..<6 {
        owners += "\(g + 1)\n"
        labels += "\(node % 3)\n"
      }
    }
    try write("toy/toy_A.txt", adjacency)
    try write("toy/toy_graph_indicator.txt", owners)
    try write("toy/toy_graph_labels.txt", kinds.map { $0 == 0 ? "-1\n" : "1\n" }.joined())
    try write("toy/toy_node_labels.txt", labels)

    let lists = ["small.g6", "pairs.txt", "graphs.npz"].map(file)
    func command(_ arguments: [String], _ originals: [URL]) {
      commands.append(Command(program: graphs, arguments: arguments, originals: originals))
    }
    command(["separate", "@", "--bounds", "--model", "gin", "--initializations", "1", "--copies", "2"], lists)
    command(["classify", "@", "--model", "gin", "--epochs", "1"], [file("graphs.npz")])
    command(["brec", "@", "--model", "gin", "--epochs", "1", "--copies", "4"], [file("pairs.txt")])
    let quick = ["--epochs", "1", "--batch", "4", "--hidden", "4", "--layers", "1"]
    let texts = ["A", "graph_indicator", "graph_labels", "node_labels"].map { file("toy/toy_\($0).txt") }
    for model in ["gin", "spen"] {
      commands.append(
        Command(
          program: graphs, arguments: ["train", "--data", "toy", "--folds", "3", "--model", model, "--output", "new"] + quick,
          originals: texts, copied: [file("toy")], inFolder: true))
      command(["train", "--data", "@", "--folds", "3", "--model", model, "--output", "new"] + quick, [file("graphs.npz")])
    }
    let data = file("graphs.npz").path
    try make(graphs, ["train", "--data", "graphs.npz", "--folds", "3", "--output", "fold"] + quick)
    command(["evaluate", "@", "--data", data, "--json"], [file("fold/best.safetensors")])
    addRun(graphs, "fold", [["train", "--resume", "--data", data, "--output", "fold", "--minutes", "0.05"]])
    try make(graphs, ["cross-validate", "--data", "graphs.npz", "--folds", "3", "--only", "1", "--output", "cv"] + quick)
    commands.append(
      Command(
        program: graphs, arguments: ["report", "cv", "--output", "page.html", "--data", data], originals: [file("cv/result.json")],
        copied: [file("cv")], inFolder: true))
  }
}
