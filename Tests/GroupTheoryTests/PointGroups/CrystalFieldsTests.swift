import Foundation
import GroupTheory
import Testing

/// The programs of the article on crystal fields: their text is that of this file, and what they print is what the article shows.
@Suite struct CrystalFieldsTests {
  @Test func characterTable() throws {
    var printed = ""
    func print(_ items: Any...) { printed += items.map { "\($0)" }.joined(separator: " ") + "\n" }

    print(SchoenfliesGroup.td.characterTable)

    try expectInArticle(1, printed)
  }

  @Test func splittingOfShells() throws {
    var printed = ""
    func print(_ items: Any...) { printed += items.map { "\($0)" }.joined(separator: " ") + "\n" }

    let shells: [(name: String, irreps: Irreps<O3>)] = [("s", "0e"), ("p", "1o"), ("d", "2e"), ("f", "3o")]
    for group in [SchoenfliesGroup.oh, .td, .d4h, .d3] {
      for shell in shells { print(group, shell.name, group.restriction(of: shell.irreps)) }
    }

    try expectInArticle(2, printed)
  }

  @Test func descentInSymmetry() throws {
    var printed = ""
    func print(_ items: Any...) { printed += items.map { "\($0)" }.joined(separator: " ") + "\n" }

    let octahedral = ["Eg", "T2g"].compactMap(SchoenfliesGroup.oh.irrep)
    for irrep in octahedral {
      for group in [SchoenfliesGroup.td, .d4h, .c4v, .d2h] { print(irrep, "in", group, group.restriction(of: irrep)!) }
    }

    // The axes of D3 as columns: x along a two-fold axis of the cube, z along a three-fold one.
    let (r2, r3, r6) = (0.5.squareRoot(), (1 / 3.0).squareRoot(), (1 / 6.0).squareRoot())
    let turn = try Rotation3(matrix: Matrix([[r2, r6, r3], [-r2, r6, r3], [0, -2 * r6, r3]]))
    for irrep in octahedral { print(irrep, "in D3", SchoenfliesGroup.d3.restriction(of: irrep, turn: turn)!) }
    print(SchoenfliesGroup.d3.restriction(of: octahedral[0]) == nil)

    try expectInArticle(3, printed)
  }

  @Test func selectionRules() throws {
    var printed = ""
    func print(_ items: Any...) { printed += items.map { "\($0)" }.joined(separator: " ") + "\n" }

    /// Whether ⟨final|O|initial⟩ may differ from zero for a component O of an operator that transforms as irreps of O(3).
    func isAllowed(from initial: MullikenIrrep, to final: MullikenIrrep, by operators: Irreps<O3>) throws -> Bool {
      let group = initial.group
      let operatorUnderGroup = operators.representation.restricted { (g: Int) in group.orthogonalElement(of: g) }
      let product = final.tensorProduct(operatorUnderGroup).tensorProduct(initial)
      return try group.reduction(of: product).contains(group.irreps[0])
    }

    let transitions = [(SchoenfliesGroup.oh, "T2g", "Eg"), (.td, "E", "T2"), (.d3, "A1", "E"), (.d4h, "B2g", "B1g")]
    let operators: [(name: String, irreps: Irreps<O3>)] = [("electric dipole", "1o"), ("magnetic dipole", "1e"), ("Raman", "0e + 2e")]
    for (group, from, to) in transitions {
      for (name, irreps) in operators {
        let allowed = try isAllowed(from: group.irrep(from)!, to: group.irrep(to)!, by: irreps)
        print("\(group) \(from) -> \(to), \(name): \(allowed ? "allowed" : "forbidden")")
      }
    }

    try expectInArticle(4, printed)
  }

  @Test func statesAndVibronicCoupling() throws {
    var printed = ""
    func print(_ items: Any...) { printed += items.map { "\($0)" }.joined(separator: " ") + "\n" }

    let d6h = SchoenfliesGroup.d6h
    let (homo, lumo) = (d6h.irrep("E1g")!, d6h.irrep("E2u")!)
    let excited = try d6h.reduction(of: homo.tensorProduct(lumo))
    let dipole = d6h.restriction(of: "1o")
    print(excited, "of which light reaches", excited.filter(dipole.contains))

    // The vibrations of an octahedral complex that lend T2g -> Eg some intensity.
    let oh = SchoenfliesGroup.oh
    let electronic = oh.irrep("T2g")!.tensorProduct(oh.irrep("Eg")!)
    let vibronic = try oh.reduction(of: electronic.tensorProduct(oh.irrep("T1u")!))
    print(vibronic)

    try expectInArticle(5, printed)
  }

  @Test func vibrations() throws {
    var printed = ""
    func print(_ items: Any...) { printed += items.map { "\($0)" }.joined(separator: " ") + "\n" }

    /// The displacements of all atoms: 3N dimensions, in which the group exchanges the atoms and turns the displacements.
    func displacements(of atoms: [SIMD3<Double>], under group: SchoenfliesGroup) -> some Representation<Int> {
      let places = PermutationRepresentation(atoms.count).restricted { (g: Int) in
        let images = atoms.map { atom in
          let image = group.orthogonalElement(of: g) * atom
          return atoms.firstIndex { (($0 - image) * ($0 - image)).sum() < 1e-6 }!
        }
        return try! Permutation(images)
      }
      return places.tensorProduct(O3().standard.restricted { (g: Int) in group.orthogonalElement(of: g) })
    }

    func ring(_ count: Int, radius: Double, height: Double = 0) -> [SIMD3<Double>] {
      let step = Rotation3(axis: SIMD3(0, 0, 1), angle: 2 * .pi / Double(count))
      return (0..<count).map { SO3().power(step, $0) * SIMD3(radius, 0, height) }
    }

    let molecules: [(name: String, group: SchoenfliesGroup, atoms: [SIMD3<Double>])] = [
      ("methane", .td, [SIMD3(0, 0, 0), SIMD3(1, 1, 1), SIMD3(1, -1, -1), SIMD3(-1, 1, -1), SIMD3(-1, -1, 1)]),
      ("ammonia", .c3v, [SIMD3(0, 0, 0)] + ring(3, radius: 0.94, height: -0.38)),
      ("benzene", .d6h, ring(6, radius: 1.39) + ring(6, radius: 2.48)),
    ]
    for (name, group, atoms) in molecules {
      let all = try group.reduction(of: displacements(of: atoms, under: group))
      let vibrations = all - group.restriction(of: "1o + 1e")
      print(name, vibrations.dimension, vibrations)
      print("  infrared", vibrations.filter(group.restriction(of: "1o").contains))
      print("  Raman", vibrations.filter(group.restriction(of: "0e + 2e").contains))
    }

    try expectInArticle(6, printed)
  }

  /// The n-th program of the article is in this file, and prints `printed` there too.
  private func expectInArticle(_ number: Int, _ printed: String) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let article = root.appending(path: "Sources/GroupTheory/GroupTheory.docc/CrystalFields.md")
    let programs = try String(contentsOf: article, encoding: .utf8).components(separatedBy: "```swift\nimport GroupTheory\n\n").dropFirst()
    #expect(programs.count == 6)
    let parts = try #require(programs.dropFirst(number - 1).first).components(separatedBy: "```")
    #expect(parts[2] == "text\n" + printed)
    let source = try String(contentsOf: URL(filePath: #filePath), encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("    ") ? $0.dropFirst(4) : $0 }.joined(separator: "\n")
    #expect(source.contains(parts[0]))
  }
}
