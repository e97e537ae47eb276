import FileFormats
import Foundation
import MessagePassing
import Testing

@testable import AtomicStructures

@Suite struct POSCARFileTests {
  private func read(_ text: String) throws -> POSCARFile { try POSCARFile(bytes: Array(text.utf8), path: "POSCAR") }
  private static let cell = "2 0 0\n0 2 0\n0 0 2\n"

  @Test func scales() throws {
    // The volume 64 of a cell of 8: factor 2.
    for scale in ["-64", "2.0 ! factor", "2 2 2"] {
      let cubic = try read("c\n\(scale)\n\(Self.cell)Si\n1\nCartesian\n0.5 0 1\n").structure
      #expect(cubic.positions == [SIMD3(1, 0, 2)] && cubic.cell == PeriodicCell(SIMD3(4, 0, 0), SIMD3(0, 4, 0), SIMD3(0, 0, 4)))
    }
    let three = try read("c\n1 2 3\n2 1 0\n0 2 0\n1 0 2\nSi\n1\nDirect\n0.5 0 0.5\n").structure
    #expect(three.cell?.vectors == [SIMD3(2, 2, 0), SIMD3(0, 4, 0), SIMD3(1, 0, 6)] && three.positions == [SIMD3(1.5, 1, 3)])
    let cartesian = try read("c\n1 2 3\n\(Self.cell)Si\n1\nk\n1 1 1\n").structure
    #expect(cartesian.positions == [SIMD3(1, 2, 3)])
    // A left-handed cell has a volume, too.
    #expect(abs(try read("c\n-27\n0 1 0\n1 0 0\n0 0 1\nSi\n1\nd\n0 0 0\n").structure.cell!.volume - 27) < 1e-12)
  }

  @Test func elementsOfAllVersions() throws {
    #expect(try read("Na Cl\n1\n\(Self.cell)1 2\nDirect\n0 0 0\n0 0 .5\n0 .5 0\n").structure.atomicNumbers == [11, 17, 17])
    #expect(
      try read("x\n1\n\(Self.cell)Na_pv/abc Cl/12ef3\n1 1 ! remark\nDirect\n0 0 0 Na\n0 0 .5 Cl\n").structure.atomicNumbers == [11, 17])
    #expect(try read("x\n1\n\(Self.cell)O H O\n1 1 1\nDirect\n0 0 0\n0 0 .5\n0 .5 0").structure.atomicNumbers == [8, 1, 8])
    #expect(try read("x\r\n1\r\n2 0 0\r\n0 2 0\r\n0 0 2\r\nO\r\n1\r\n\r\n0 0 0\r\n").structure.count == 1)
  }

  @Test func flagsAndVelocities() throws {
    let text = "x\n1\n\(Self.cell)H\n2\nSelective\nDirect\n0 0 0 T F .FALSE.\n0 0 .5 F .T. T\n"
    let flags = try read(text)
    #expect(
      flags.structure.atomProperties["selective_dynamics"]?.logicals == [true, false, false, false, true, true] && flags.notes.isEmpty)
    let moving = try read(text + "\n1E-3 0 0\n0 2d-3 0\n")
    #expect(moving.structure.atomProperties["velocities"]?.vectors == [SIMD3(1e-3, 0, 0), SIMD3(0, 2e-3, 0)] && moving.notes.isEmpty)
    #expect(try POSCARFile(bytes: moving.structure.poscar(), path: "p").structure == moving.structure)
    let more = try read(text + "Cartesian\n1 0 0\n0 2 0\n\n1\n0.5\n0 0 0\n")
    #expect(more.structure.atomProperties["velocities"] != nil && more.notes == ["what follows the velocities is left out"])
    #expect(try read(text + "Direct\n1 0 0\n0 2 0\n").notes == ["velocities in units of the cell are left out"])
    #expect(try read(text + "\n1 0 0\n").notes == ["velocities are left out: there are 1 for 2 atoms"])
    let cell = try read(text + "Lattice velocities and vectors\n1\n0 0 0\n0 0 0\n0 0 0\n2 0 0\n0 2 0\n0 0 2\nCartesian\n1 0 0\n0 2 0\n")
    #expect(cell.structure.atomProperties["velocities"] != nil && cell.notes == ["the velocities of the cell are left out"])
  }

  @Test(
    arguments: [
      ("", nil, "the comment"), ("x\n", nil, "the scale"), ("x\n0\n\(cell)", nil, "the scale is 0"), ("x\n1 -1 1\n\(cell)", nil, "scale"),
      ("x\nfoo\n\(cell)", nil, "scale"), ("x\n1\n2 0 0\n0 2\n0 0 2\n", nil, "vector b"),
      ("x\n-8\n1 0 0\n1 0 0\n0 0 1\nH\n1\nd\n0 0 0", nil, "has none"),
      ("x\n1\n\(cell)H\n1 2\nd\n", nil, "1 elements and 2 numbers"), ("x\n1\n\(cell)Hx\n1\nd\n", nil, "\"Hx\" is no element"),
      ("salt\n1\n\(cell)1 1\nd\n", nil, "VASP 4"), ("x\n1\n\(cell)H\n-1\nd\n", nil, "numbers of atoms"),
      ("x\n1\n\(cell)H\nfoo\nd\n", nil, "numbers of atoms"),
      ("x\n1\n\(cell)H\n1\nfoo\n0 0 0\n", nil, "Direct or Cartesian"), ("x\n1\n\(cell)H\n2\nd\n0 0 0\n", nil, "atom 1"),
      ("x\n1\n\(cell)H\n2\nd\n0 0 0\n0 0 x\n", 1, "three coordinates"), ("x\n1\n\(cell)H\n1\nS\nd\n0 0 0 T\n", 0, "three flags"),
      ("x\n1\n\(cell)H\n9999999999999999999\nd\n", nil, "numbers of atoms"), ("x\n1\n\(cell)H\n4000000000\nd\n0 0 0", nil, "atom 1"),
      ("x\nnan\n\(cell)", nil, "scale"), ("x\n1\n\(cell)H\n1\nc\n0 0 nan\n", 0, "three coordinates"),
    ] as [(String, Int?, String)])
  func mistakes(text: String, atom: Int?, cause: String) {
    let error = failure { try read(text) }
    #expect(error?.cause.contains(cause) == true && error?.place.atom == atom && error?.path == "POSCAR", "\(error?.description ?? "")")
    #expect(text.isEmpty || error?.place.line != nil)
  }

  @Test func whatIsNoPOSCAR() {
    #expect(failure { try AtomicStructure(atomicNumbers: [1], positions: [.zero]).poscar() }?.kind == .unsupported)
    let flat = AtomicStructure(atomicNumbers: [1], positions: [.zero], cell: PeriodicCell(.zero, .zero, .zero))
    #expect(failure { try flat.poscar(direct: true) }?.kind == .unsupported)
    #expect(failure { try AtomicStructure(atomicNumbers: [], positions: [], cell: flat.cell).poscar() }?.kind == .unsupported)
  }
}
