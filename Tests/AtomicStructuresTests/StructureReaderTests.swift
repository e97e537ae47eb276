import FileFormats
import Foundation
import Testing

@testable import AtomicStructures

@Suite struct StructureReaderTests {
  /// By the name, or by what the first line says.
  @Test func formats() throws {
    try withTemporaryFolder { folder in
      let poscar = try Data(contentsOf: URL(filePath: reference("extxyz/q22_POSCAR_vasp4")))
      let xyz = try Data(contentsOf: URL(filePath: reference("extxyz/q10_atomic_numbers.xyz")))
      for (name, data, format) in [
        ("POSCAR", poscar, StructureReader.Format.poscar), ("CONTCAR.relaxed", poscar, .poscar), ("a.vasp", poscar, .poscar),
        ("unnamed", poscar, .poscar),
        ("a.extxyz", xyz, .extendedXYZ), ("structure", xyz, .extendedXYZ),
      ] {
        let path = "\(folder)/\(name)"
        try data.write(to: URL(filePath: path))
        let reader = try StructureReader(contentsOf: path)
        let all = try reader.map { try $0.get() }
        #expect(reader.format == format && all.count == 1 && reader.frameCount == 1 && all[0].count == (format == .poscar ? 2 : 3))
      }
      let archive: [(name: String, array: NumericArray)] = [
        ("z", NumericArray([1, 1])), ("R", NumericArray((0..<12).map { Double($0) }, shape: [2, 2, 3])),
      ]
      try NumericArchive.write(archive, to: folder + "/a.npz")
      let reader = try StructureReader(contentsOf: folder + "/a.npz")
      #expect(reader.totalCount == 2 && reader.format == .md17)
      #expect(try reader.map { try $0.get().positions[0].x } == [0, 6])
      #expect(failure { try StructureReader(contentsOf: folder + "/none") }?.kind == .missing)
      #expect(failure { try StructureReader(contentsOf: folder) }?.kind == .directory)
      try Data().write(to: URL(filePath: folder + "/empty"))
      #expect(try StructureReader(contentsOf: folder + "/empty").read() == nil)
    }
  }
}
