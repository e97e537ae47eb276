import Equivariant
import Foundation
import Testing

/// The commands of `molecules` on the ethanol that is shipped, and what can be wrong with their input.
@Suite struct MoleculesCommandTests {
  private let molecules = Program("molecules")
  private static let ethanol = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Data/molecules/rmd17_ethanol_tiny.npz").path
  private static let small = [
    "--data", ethanol, "--hidden", "8", "--basis", "8", "--layers", "2", "--grid", "icosahedron", "--rate", "5e-3",
  ]

  /// A cut run and a whole one on another number of threads end with the same bits, and both have learnt something.
  @Test func trainResumeEvaluate() throws {
    try withTemporaryFolder { folder in
      func train(_ arguments: [String]) throws -> Program.Result { try molecules.run(["train"] + arguments, in: folder) }
      let whole = try train(["--output", "whole", "--epochs", "6", "--evaluate-every", "3", "--threads", "2"] + Self.small)
      #expect(whole.status == 0 && whole.output.contains("meV/Å"), "\(whole.errors)")
      let cut = try train(["--output", "cut", "--epochs", "6", "--evaluate-every", "3", "--threads", "1", "--minutes", "0"] + Self.small)
      #expect(cut.status == 0 && cut.output.contains("--resume"), "\(cut.errors)")
      let resumed = try train(["--output", "cut", "--resume"])
      #expect(resumed.status == 0, "\(resumed.errors)")
      let files = try ["whole", "cut"].map {
        try SafetensorsFile(contentsOf: folder.appendingPathComponent("\($0)/checkpoint.safetensors").path)
      }
      #expect(files[0].names == files[1].names)
      for name in files[0].names { #expect(try files[0].array(name) == files[1].array(name), "\(name)") }
      let metrics = try readJSONLines(folder.appendingPathComponent("whole/metrics.jsonl").path)
      let (first, last) = (try #require(metrics.first?["train"]?.double), try #require(metrics.last?["train"]?.double))
      #expect(metrics.count == 6 && last < 0.99 * first)
      let evaluate = try molecules.run(
        ["evaluate", "whole", "--data", Self.ethanol, "--limit", "20", "--rotations", "2"], in: folder)
      #expect(evaluate.status == 0 && evaluate.output.contains("energy"), "\(evaluate.errors)")
    }
  }

  @Test(arguments: [
    (["train", "--data", "nowhere.npz"], "nowhere.npz"), (["train", "--batch", "0"], "--batch must be at least 1"),
    (["train", "--data", ethanol, "--batch", "96"], "larger than the 95 training conformations"),
    (["train", "--rate=-1"], "--rate must be a positive number"), (["train", "--force-weight", "0"], "--force-weight must be"),
    (["train", "--data", ethanol, "--resume", "--output", "nowhere"], "nowhere/checkpoint.safetensors"),
    (["evaluate", "nowhere", "--data", ethanol], "nowhere"), (["evaluate", "--rotations=-1"], "--rotations must be at least 0"),
    (["train", "--model", "pnita", "--grid", "icosahedron"], "--grid has no effect"),
    (["train", "--resume", "--rate", "1"], "--rate does not go with --resume"), (["train", "--threads", "0"], "--threads must be"),
    (["dance"], "dance"),
  ]) func wrongInput(_ arguments: [String], _ message: String) throws {
    try withTemporaryFolder { folder in
      try molecules.expectRefusal(of: arguments, saying: message, in: folder)
    }
  }

  /// The figures of Data/molecules/README.md.
  @Test func evaluatesThePotentialThatIsShipped() throws {
    try withTemporaryFolder { folder in
      let model = URL(filePath: Self.ethanol).deletingLastPathComponent().appending(path: "pnita_ethanol.safetensors").path
      let result = try molecules.run(["evaluate", model, "--data", Self.ethanol, "--rotations", "1"], in: folder)
      let words = result.output.split(whereSeparator: \.isWhitespace).map(String.init)
      func error(_ name: String) throws -> Double {
        let place = try #require(words.firstIndex(of: name), "\(result.output)\(result.errors)")
        return try #require(Double(words[place + 1]))
      }
      let (energy, forces) = (try error("energy"), try error("forces"))
      #expect(abs(energy - 1.46) < 0.02 && abs(forces - 9.29) < 0.05, "\(result.output)")
    }
  }

  /// A run that goes on with other conformations keeps its zero of the energy, and needs a batch of them; forces must not all be 0.
  @Test func goesOnWithOtherData() throws {
    try withTemporaryFolder { folder in
      func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
      let archive = try NumericArchive(contentsOf: Self.ethanol)
      func write(_ name: String, count: Int, shift: Double, forces: Double) throws {
        var arrays = [(name: "z", array: try archive.array("z"))]
        for split in ["train", "test"] {
          for (key, width) in [("pos", 27), ("energy", 1), ("forces", 27)] {
            let values = try archive.doubles("\(split)_\(key)").prefix(count * width)
            let changed = values.map { key == "energy" ? $0 + shift : key == "forces" ? forces * $0 : $0 }
            arrays.append(("\(split)_\(key)", NumericArray(changed, shape: key == "energy" ? [count] : [count, 9, 3])))
          }
        }
        try NumericArchive.write(arrays, to: path(name))
      }
      try write("far.npz", count: 100, shift: 1000, forces: 1)
      try write("few.npz", count: 4, shift: 0, forces: 1)
      try write("still.npz", count: 100, shift: 0, forces: 0)
      // Data that have changed where they lie are noticed; the last to be named are those of the run.
      let moved = ["train", "--output", "moved", "--epochs", "1", "--threads", "1", "--data", "near.npz"] + Self.small.dropFirst(2)
      try write("near.npz", count: 12, shift: 0, forces: 1)
      #expect(try molecules.run(moved, in: folder).status == 0)
      try write("near.npz", count: 12, shift: 1, forces: 1)
      let same = ["train", "--output", "moved", "--resume", "--epochs", "2"]
      try molecules.expectRefusal(of: same, saying: "near.npz: the data differ from those of the run", in: folder)
      #expect(try molecules.run(same + ["--data", "near.npz"], in: folder).status == 0)
      #expect(try molecules.run(same.dropLast() + ["3"], in: folder).status == 0)
      let begin = ["train", "--output", "run", "--epochs", "1", "--threads", "1", "--force-weight", "1e-3"] + Self.small
      let begun = try molecules.run(begin, in: folder)
      #expect(begun.status == 0, "\(begun.errors)")
      let resume = ["train", "--output", "run", "--resume", "--epochs", "2", "--data"]
      try molecules.expectRefusal(of: resume + ["few.npz"], saying: "larger than the 3 training conformations", in: folder)
      #expect(try molecules.run(resume + ["far.npz"], in: folder).status == 0)
      // All energies are 1000 kcal/mol off, and the loss says so.
      let losses = try readJSONLines(path("run/metrics.jsonl")).compactMap { $0["train"]?.double }
      #expect(losses.count == 2 && losses[1] > 100 * losses[0], "\(losses)")
      try molecules.expectRefusal(
        of: ["train", "--output", "no", "--data", "still.npz"], saying: "mean square of the forces is 0", in: folder)
    }
  }

  /// One number of the shipped data that no molecule has: the message names file, array, conformation and atom, not the rate.
  @Test(arguments: [
    ("train_pos", 1e8, "coordinate 1 of atom 6 in conformation 3 is 100000000.0"),
    ("test_pos", 1e30, "coordinate 1 of atom 6 in conformation 3 is 1e+30"),
    ("train_energy", 1e30, "the energy of conformation 73 is 1e+30"),
    ("test_forces", -1e30, "component 1 of the force on atom 6 in conformation 3"),
  ]) func extremeNumbers(entry: String, value: Double, message: String) throws {
    try withTemporaryFolder { folder in
      let archive = try NumericArchive(contentsOf: Self.ethanol)
      let arrays = try archive.names.map { name in
        let array = try archive.array(name)
        guard name == entry else { return (name: name, array: array) }
        var values = try array.doubles()
        values[name.hasSuffix("energy") ? 73 : 100] = value
        return (name: name, array: NumericArray(values, shape: array.shape))
      }
      try NumericArchive.write(arrays, to: folder.appending(path: "a.npz").path)
      try molecules.expectRefusal(of: ["train", "--data", "a.npz"], saying: "a.npz, entry \"\(entry)\": \(message)", in: folder)
    }
  }

  /// The arrays of the published files: divided at random by a seed, or by files; a run keeps how.
  @Test func publishedTrajectories() throws {
    try withTemporaryFolder { folder in
      let archive = try NumericArchive(contentsOf: Self.ethanol)
      try NumericArchive.write(
        [
          ("nuclear_charges", try archive.array("z")), ("coords", try archive.array("train_pos")),
          ("energies", try archive.array("train_energy")),
          ("forces", try archive.array("train_forces")), ("old_indices", NumericArray(Array(0..<100))),
        ], to: folder.appending(path: "rmd17.npz").path)
      let small = ["train", "--data", "rmd17.npz", "--epochs", "1"] + Self.small.dropFirst(2)
      let random = try molecules.run(
        small + ["--output", "random", "--train-count", "40", "--test-count", "30", "--split-seed", "5"], in: folder)
      #expect(random.output.contains("38 + 2 + 30 conformations"), "\(random.errors)")
      let test = try #require(random.output.split(separator: "\n").first { $0.hasPrefix("test: ") }?.split(separator: " in ").first)
      let again = try molecules.run(["evaluate", "random", "--data", "rmd17.npz"], in: folder)
      #expect(again.output.contains(test.dropFirst(6)), "\(random.output)\(again.output)\(again.errors)")
      #expect(try molecules.run(["train", "--resume", "--output", "random", "--epochs", "2"], in: folder).status == 0)
      try Data((0..<20).map { "\($0)\r\n" }.joined().utf8).write(to: folder.appending(path: "train.csv"))
      try Data("99\n98\n97\n".utf8).write(to: folder.appending(path: "test.csv"))
      let files = try molecules.run(
        small + ["--output", "files", "--train-indices", "train.csv", "--test-indices", "test.csv"], in: folder)
      #expect(files.output.contains("19 + 1 + 3 conformations"), "\(files.errors)")
      for (arguments, message) in [
        (["--train-indices", "train.csv"], "--train-indices and --test-indices go together"),
        (["--train-count", "99"], "99 conformations to learn from"),
        (["--train-indices", "train.csv", "--test-indices", "train.csv"], "conformation 0 is to learn from and to be tested on"),
      ] {
        try molecules.expectRefusal(of: small + ["--output", "no"] + arguments, saying: message, in: folder)
      }
      try molecules.expectRefusal(
        of: ["train", "--data", Self.ethanol, "--split-seed", "2", "--output", "no"], saying: "divided already", in: folder)
    }
  }

  /// A potential of ethanol says nothing about water.
  @Test func otherMoleculesAreRefused() throws {
    try withTemporaryFolder { folder in
      let trained = try molecules.run(["train", "--output", "run", "--epochs", "1", "--threads", "1"] + Self.small, in: folder)
      #expect(trained.status == 0, "\(trained.errors)")
      var arrays: [(name: String, array: NumericArray)] = [("z", NumericArray([8, 1, 1]))]
      for split in ["train", "test"] {
        arrays += [
          ("\(split)_pos", NumericArray((0..<18).map { Double($0 * $0) }, shape: [2, 3, 3])),
          ("\(split)_energy", NumericArray([1.0, 2.0])),
          ("\(split)_forces", NumericArray([Double](repeating: 0, count: 18), shape: [2, 3, 3])),
        ]
      }
      try NumericArchive.write(arrays, to: folder.appendingPathComponent("water.npz").path)
      let result = try molecules.run(["evaluate", "run", "--data", "water.npz"], in: folder)
      #expect(result.status != 0 && result.errors.contains("atoms"), "\(result.errors)")
    }
  }
}
