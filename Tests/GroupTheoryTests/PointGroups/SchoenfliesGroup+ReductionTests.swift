import GroupTheory
import RealModule
import Testing

/// Products, descent in symmetry and sums against the tables of the literature.
@Suite struct SchoenfliesGroupReductionTests {
  /// Direct products, as in the tables behind every textbook's characters.
  @Test(arguments: [
    ("Oh", "T2g", "T2g", "A1g + Eg + T1g + T2g"), ("Oh", "Eg", "T2g", "T1g + T2g"), ("Oh", "Eg", "Eg", "A1g + A2g + Eg"),
    ("Td", "T1", "T2", "A2 + E + T1 + T2"), ("D4h", "Eg", "Eu", "A1u + A2u + B1u + B2u"), ("D6h", "E1g", "E2u", "B1u + B2u + E1u"),
    ("C3v", "E", "E", "A1 + A2 + E"), ("D3h", "E'", "E''", "A1'' + A2'' + E''"), ("I", "T1", "T1", "A + T1 + H"),
    ("I", "H", "T1", "T1 + T2 + G + H"), ("C3", "E", "E", "2A + E"), ("D5h", "E1'", "E2'", "E1' + E2'"),
  ]) func products(symbol: String, a: String, b: String, expected: String) throws {
    let group = try #require(SchoenfliesGroup(symbol))
    let product = try #require(group.irrep(a)).tensorProduct(try #require(group.irrep(b)))
    #expect("\(try group.reduction(of: product))" == expected)
  }

  /// Subduction from Oh and Td, with the subgroups as they stand and with axes that are turned.
  @Test(arguments: [
    ("Oh", "T1u", "Td", "T2"), ("Oh", "T1g", "D4h", "A2g + Eg"), ("Oh", "A2g", "D4h", "B1g"), ("Oh", "T2u", "C4v", "B1 + E"),
    ("Oh", "T2u", "O", "T2"), ("Oh", "T1u", "D2h", "B1u + B2u + B3u"), ("Td", "T2", "D2d", "B2 + E"), ("Td", "E", "S4", "A + B"),
    ("D6h", "E2g", "D3h", "E'"), ("D6h", "B1u", "C6v", "B1"), ("I", "H", "T", "E + T"),
  ]) func descent(larger: String, irrep: String, smaller: String, expected: String) throws {
    let (group, subgroup) = (try #require(SchoenfliesGroup(larger)), try #require(SchoenfliesGroup(smaller)))
    let whole = try #require(group.irrep(irrep))
    #expect(subgroup.restriction(of: whole)?.description == expected)
  }

  @Test(arguments: [("A2g", "A2g"), ("Eg", "Eg"), ("T1g", "A2g + Eg"), ("T2g", "A1g + Eg"), ("T1u", "A2u + Eu")])
  func trigonalFieldOfTheOctahedron(irrep: String, expected: String) throws {
    let (r2, r3, r6) = (0.5.squareRoot(), (1 / 3.0).squareRoot(), (1 / 6.0).squareRoot())
    let turn = try Rotation3(matrix: Matrix([[r2, r6, r3], [-r2, r6, r3], [0, -2 * r6, r3]]))
    let octahedral = try #require(SchoenfliesGroup.oh.irrep(irrep))
    #expect(SchoenfliesGroup.d3d.restriction(of: octahedral, turn: turn)?.description == expected)
    #expect(SchoenfliesGroup.d3d.restriction(of: octahedral) == nil && SchoenfliesGroup.d5d.restriction(of: octahedral, turn: turn) == nil)
  }

  /// By way of a group between, and from O(3) directly: the same.
  @Test func descentInSteps() throws {
    for l in 0...6 {
      let shell = O3.Irrep.sphericalHarmonic(degree: l)
      let direct = SchoenfliesGroup.c4v.restriction(of: shell)
      var sum = SchoenfliesGroup.c4v.restriction(of: "")
      for (irrep, multiplicity) in SchoenfliesGroup.oh.restriction(of: shell).terms {
        for _ in 0..<multiplicity { sum = sum + (try #require(SchoenfliesGroup.c4v.restriction(of: irrep))) }
      }
      #expect(sum == direct && sum.dimension == 2 * l + 1)
    }
  }

  private static let molecules: [(group: SchoenfliesGroup, atoms: [SIMD3<Double>], vibrations: String)] = [
    (
      .oh, [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(-1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, -1, 0), SIMD3(0, 0, 1), SIMD3(0, 0, -1)],
      "A1g + Eg + T2g + 2T1u + T2u"
    ),
    (
      .d3h, [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(-0.5, 0.75.squareRoot(), 0), SIMD3(-0.5, -0.75.squareRoot(), 0)],
      "A1' + 2E' + A2''"
    ),
    (.td, [SIMD3(0, 0, 0), SIMD3(1, 1, 1), SIMD3(1, -1, -1), SIMD3(-1, 1, -1), SIMD3(-1, -1, 1)], "A1 + E + 2T2"),
  ]

  /// The vibrations of sulphur hexafluoride, boron trifluoride and methane, from the textbooks of spectroscopy: the displacements of all atoms
  /// without translations and rotations.
  @Test(arguments: molecules) func vibrations(group: SchoenfliesGroup, atoms: [SIMD3<Double>], expected: String) throws {
    let places = PermutationRepresentation(atoms.count).restricted { (g: Int) in
      let images = atoms.map { group.orthogonalElement(of: g) * $0 }
      return try! Permutation(images.map { image in atoms.firstIndex { (($0 - image) * ($0 - image)).sum() < 1e-6 }! })
    }
    let displacements = places.tensorProduct(O3().standard.restricted { (g: Int) in group.orthogonalElement(of: g) })
    #expect("\(try group.reduction(of: displacements) - group.restriction(of: "1o + 1e"))" == expected)
  }

  @Test func sums() throws {
    let group = SchoenfliesGroup.c3v
    let (vector, rest) = (group.restriction(of: "1o"), group.restriction(of: "2e"))
    #expect("\(vector + rest)" == "2A1 + 3E" && "\(rest - vector)" == "E" && "\(vector - vector)" == "0")
    #expect(vector.contains(group.irrep("A1")!) && !vector.contains(group.irrep("A2")!))
    #expect("\(rest.filter(vector.contains))" == "A1 + 2E" && "\(rest.filter { $0.dimension == 1 })" == "A1")
    #expect((vector - vector) + rest == rest && rest + (vector - vector) == rest)
  }

  @Test func whatIsNoRepresentationThrows() {
    let half = FunctionRepresentation<Int>(dimension: 1) { _ in Matrix([[0.5]]) }
    #expect(throws: DecompositionError.self) { try SchoenfliesGroup.c3v.reduction(of: half) }
  }

  @Test func misuseTrapsWithWords() async {
    func words(_ result: ExitTest.Result?) -> String { String(decoding: result?.standardErrorContent ?? [], as: UTF8.self) }
    let less = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SchoenfliesGroup.oh.restriction(of: "1o") - SchoenfliesGroup.oh.restriction(of: "2e")
    }
    #expect(words(less).contains("expected a part of T1u, received Eg + T2g"))
    let groups = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SchoenfliesGroup.oh.restriction(of: "1o") + SchoenfliesGroup.td.restriction(of: "1o")
    }
    #expect(words(groups).contains("irreps of one group"))
  }
}
