import Equivariant
import Foundation
import Testing

/// `molecules inspect`, `predict` and `models` on files as people write them.
@Suite struct StructureCommandTests {
  private let molecules = Program("molecules")
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static func reference(_ name: String) -> String {
    root.appending(path: "Tests/AtomicStructuresTests/References/extxyz/\(name)").path
  }
  private static let ethanol = root.appending(path: "Data/molecules/rmd17_ethanol_tiny.npz").path

  @Test func inspects() throws {
    try withTemporaryFolder { folder in
      let stress = try molecules.run(["inspect", Self.reference("q08_virial_and_stress.xyz")], in: folder)
      #expect(stress.status == 0 && stress.errors.isEmpty, "\(stress.errors)")
      for text in [
        "extended XYZ", "1 frame of 1 atom, 1 in all", "Cu 1 in 1", "learnt from:", "energy: \"energy\" in eV, 1 of 1 frame, -3 to -3 eV",
        "stress: \"stress\" in eV/A^3", "virial: \"virial\" in eV", "warning: no forces are found",
      ] {
        #expect(stress.output.contains(text), "\(text): \(stress.output)")
      }
      let json = try molecules.run(["inspect", "--json", Self.ethanol], in: folder)
      let survey = try JSONValue(parsing: json.output)
      #expect(json.status == 0 && survey["format"] == "NumPy arrays of MD17" && survey["error"] == .null, "\(json.errors)")
      #expect(survey["frames"] == 200 && survey["elements"]?["C"]?["atoms"] == 400 && survey["labels"]?.array?.count == 2, "\(json.output)")
      let poscar = try molecules.run(["inspect", Self.reference("q20_POSCAR_selective")], in: folder)
      #expect(poscar.status == 0 && poscar.output.contains("POSCAR") && poscar.output.contains("selective_dynamics"), "\(poscar.errors)")
    }
  }

  /// What a user must decide, and what is wrong with files, ends with a message that says where and how.
  @Test(arguments: [
    (["inspect", "nowhere.xyz"], "nowhere.xyz"), (["inspect", reference("q06_ref_keys.xyz")], "--energy-key REF_energy"),
    (["inspect", reference("q06_ref_keys.xyz"), "--energy-key", "REF_energy"], "--forces-key REF_forces"),
    (["inspect", reference("q08_virial_and_stress.xyz"), "--virial-negated"], "frame 0: the virial is"),
    (["inspect", reference("q10_atomic_numbers.xyz")], "there is nothing to learn from"),
    (["inspect", reference("q16_nan_energy.xyz")], "infinite, not numbers"),
    (["inspect", reference("q18_labels.xyz")], "frame 0, line 5, atom 2: \"X\" is a dummy"),
    (["inspect", reference("q19_too_few_atoms.xyz")], "frame 0, line 4: the file ends after 2 of the 3 atoms"),
    (["inspect", "a", "--energy-unit", "furlong"], "--energy-unit takes one of eV"),
    (["inspect", "a", "--format", "cif"], "--format takes"),
    (["predict", "a", "--model", "none"], "no potential of this name"), (["predict"], "--model"),
    (["predict", "--model", "a", "--precision", "half"], "--precision takes"),
    (["predict", "--model", "a", "--prefix", "a b"], "--prefix takes"),
  ]) func wrongInput(_ arguments: [String], _ message: String) throws {
    try withTemporaryFolder { folder in try molecules.expectRefusal(of: arguments, saying: message, in: folder) }
  }

  @Test func givenKeysDecide() throws {
    try withTemporaryFolder { folder in
      let result = try molecules.run(
        ["inspect", Self.reference("q06_ref_keys.xyz"), "--energy-key", "REF_energy", "--forces-key", "REF_forces"], in: folder)
      #expect(result.status == 0 && result.output.contains("energy: \"REF_energy\""), "\(result.errors)")
    }
  }

  /// A small MACE of random weights, through a file, against the library itself.
  @Test func predicts() throws {
    try withTemporaryFolder { folder in
      let potentials = folder.appending(path: "potentials")
      try FileManager.default.createDirectory(at: potentials, withIntermediateDirectories: true)
      var configuration = MACEConfiguration()
      (configuration.elements, configuration.cutoff, configuration.degree) = ([1, 8, 29], 3.5, 1)
      (configuration.layers, configuration.correlations) = (["4x0e+4x1o", "4x0e"], [2, 2])
      var source = RandomSource(seed: 3)
      let model = MACE<Double>(configuration, using: &source)
      try PotentialFile.save(model, to: potentials.appending(path: "small.safetensors").path, metadata: ["licence": "CC0"])
      let text = """
        3
        Properties=species:S:1:pos:R:3:tag:S:1 config_type=water
        O 0 0 0 a
        H 0.96 0 0 b
        H -0.24 0.93 0 c
        1
        Lattice="0 1.8 1.8 1.8 0 1.8 1.8 1.8 0" Properties=species:S:1:pos:R:3
        Cu 0 0 0

        """
      try Data(text.utf8).write(to: folder.appending(path: "in.xyz"))
      let predict = ["predict", "in.xyz", "--model", "small", "--folder", "potentials"]
      let result = try molecules.run(predict + ["-o", "out.xyz"], in: folder)
      #expect(result.status == 0 && result.errors.contains("2 structures, 4 atoms"), "\(result.errors)")
      let written = try ExtendedXYZReader(contentsOf: folder.appending(path: "out.xyz").path).map { try $0.get() }
      let read = try ExtendedXYZReader(contentsOf: folder.appending(path: "in.xyz").path).map { try $0.get() }
      #expect(written.count == 2)
      for (out, structure) in zip(written, read) {
        let expected = try (model as any EnergyModel<Double>).predict(structure)
        let energy = try #require(out.properties["energy"]?.reals?[0])
        #expect(abs(energy - expected.energy) <= 1e-12 * max(1, abs(expected.energy)) && out.positions == structure.positions)
        let forces = try #require(out.atomProperties["forces"]?.vectors)
        for (a, b) in zip(forces, expected.forces) { #expect(((a - b) * (a - b)).sum() < 1e-20) }
      }
      #expect(written[0].properties["config_type"]?.text == ["water"] && written[0].atomProperties["tag"]?.text == ["a", "b", "c"])
      #expect(written[0].properties["stress"] == nil && written[1].properties["stress"]?.shape == [9])
      // JSON lines on the standard output.
      let lines = try molecules.run(predict + ["--json", "--quiet"], in: folder)
      let values = try lines.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
      #expect(lines.errors.isEmpty && values.count == 2 && values[0]["formula"] == "H2O" && values[0]["stress"] == .null)
      #expect(values[1]["stress"]?.array?.count == 6 && values[1]["energies"]?.array?.count == 1)
      #expect(abs((values[0]["energy"]?.double ?? 0) - (written[0].properties["energy"]?.reals?[0] ?? 1)) < 1e-12)
      // Single precision, another prefix.
      let single = try molecules.run(predict + ["--precision", "float", "--prefix", "M_", "--quiet"], in: folder)
      let float = try #require(try ExtendedXYZReader(bytes: Array(single.output.utf8), path: "o").read())
      #expect(
        abs((float.properties["M_energy"]?.reals?[0] ?? 0) - (written[0].properties["energy"]?.reals?[0] ?? 1)) < 1e-4, "\(single.errors)")
      let list = try molecules.run(["models", "--folder", "potentials"], in: folder)
      #expect(
        list.status == 0 && list.output.contains("small") && list.output.contains("H O Cu") && list.output.contains("CC0"), "\(list.output)"
      )
      // A frame that no potential has an answer for ends the run, and nothing is half written.
      for (name, frame, message) in [
        ("element", "1\n\nHe 0 0 0\n", "bad.xyz, frame 1, atom 0: the potential does not know the element He"),
        ("none", "0\n\n", "bad.xyz, frame 1: there are no atoms"),
        ("place", "2\n\nH 0 0 1\nO 0 0 1\n", "bad.xyz, frame 1, atom 0: atoms 0 and 1 are at one place"),
        ("cell", "1\nLattice=\"1 0 0 0 1 0 1 1 0\" Properties=species:S:1:pos:R:3\nH 0 0 0\n", "bad.xyz, frame 1: the cell"),
        ("nan", "1\n\nH 0 0 nan\n", "bad.xyz, frame 1, line 6, atom 0: the position has the coordinate nan"),
      ] {
        try Data(("1\n\nH 0 0 0\n" + frame).utf8).write(to: folder.appending(path: "bad.xyz"))
        try molecules.expectRefusal(
          of: ["predict", "bad.xyz", "--model", "small", "--folder", "potentials", "-o", "\(name).xyz"], saying: message, in: folder)
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "\(name).xyz").path))
      }
      try Data().write(to: folder.appending(path: "empty.xyz"))
      try molecules.expectRefusal(
        of: ["predict", "empty.xyz", "--model", "small", "--folder", "potentials"], saying: "there are no structures", in: folder)
    }
  }

  @Test func listsNothing() throws {
    try withTemporaryFolder { folder in
      let list = try molecules.run(["models"], in: folder)
      #expect(list.status == 0 && list.output.contains("there are no potentials in Data/potentials"), "\(list.errors)")
      try FileManager.default.createDirectory(at: folder.appending(path: "p"), withIntermediateDirectories: true)
      try Data("x".utf8).write(to: folder.appending(path: "p/broken.safetensors"))
      let broken = try molecules.run(["models", "--folder", "p", "--json"], in: folder)
      #expect(try broken.status == 0 && JSONValue(parsing: broken.output)["error"]?.string?.isEmpty == false, "\(broken.output)")
    }
  }
}
