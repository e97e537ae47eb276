import GroupTheory
import RealModule
import Testing

/// Point groups of molecules against the character tables of the literature, typed by hand, and against the laws.
@Suite struct SchoenfliesGroupTests {
  @Test(arguments: PointGroupTables.literature) func literature(text: String) throws {
    let golden = (1 + Double.sqrt(5)) / 2
    func cells(_ line: Substring) -> (head: String, rest: [String]) {
      let parts = line.split(separator: "|")
      return (parts[0].split(separator: " ")[0].description, parts[1].split(separator: " ").map(String.init))
    }
    let lines = text.split(separator: "\n")
    let (symbol, classes) = cells(lines[0])
    let group = try #require(SchoenfliesGroup(symbol))
    let table = group.characterTable
    #expect(Set(table.classes.map(\.name)) == Set(classes), "\(table.classes.map(\.name))")
    #expect(table.irreps.map(\.description) == lines.dropFirst().map { cells($0).head })
    for line in lines.dropFirst() {
      let (irrep, row) = cells(line)
      for (name, value) in zip(classes, row) {
        let expected = value == "φ" ? golden : value == "-φ'" ? 1 - golden : Double(value)!
        let found = try #require(table[irrep, name])
        #expect(abs(found - expected) < 1e-12, "\(irrep) at \(name): \(found)")
      }
    }
  }

  /// Irreps are orthogonal, irreducible, of one type each, and as many as the order asks for; their names differ.
  @Test(arguments: PointGroupTables.symbols) func irreps(symbol: String) throws {
    let group = try #require(SchoenfliesGroup(symbol))
    #expect("\(group)" == symbol)
    let irreps = group.irreps
    #expect(Set(irreps.map(\.description)).count == irreps.count)
    #expect(irreps[0].character(of: group.elements.last!) == 1)
    let sum = irreps.reduce(0) { $0 + $1.dimension * $1.dimension / $1.frobeniusSchurType.endomorphismDimension }
    #expect(sum == group.order)
    for (k, a) in irreps.enumerated() {
      for (l, b) in irreps.enumerated() where l <= k {
        let expected = k == l ? Double(a.frobeniusSchurType.endomorphismDimension) : 0
        #expect(abs(group.characterInnerProduct(a, b) - expected) < 1e-10, "\(a), \(b)")
      }
      var generator = SplitMix64(seed: 5)
      #expect(RepresentationLaws(a, of: group, tolerance: 1e-11).violations(using: &generator).isEmpty, "\(a)")
    }
  }

  /// The irreps of the polyhedral groups have the characters of those that are made of rotations and permutations.
  @Test(arguments: PointGroup.allCases) func polyhedralGroups(plain: PointGroup) throws {
    let group = SchoenfliesGroup(.polyhedral(plain))
    #expect(group.irreps.count == plain.irreps.count)
    for irrep in plain.irreps {
      let same = try #require(group.irrep("\(irrep)"), "\(irrep)")
      for g in plain.elements {
        let place = group.elements.first { group.orthogonalElement(of: $0).distance(to: plain.orthogonalElement(of: g)) < 1e-6 }!
        #expect(abs(same.character(of: place) - irrep.character(of: g)) < 1e-10)
      }
    }
  }

  /// Crystal fields: how shells split, from the textbooks.
  @Test(arguments: [
    ("Oh", "1o", "T1u"), ("Oh", "2e", "Eg + T2g"), ("Oh", "3o", "A2u + T1u + T2u"), ("Oh", "4e", "A1g + Eg + T1g + T2g"),
    ("Td", "2e", "E + T2"), ("Td", "1o", "T2"), ("Td", "1e", "T1"), ("D4h", "2e", "A1g + B1g + B2g + Eg"), ("D4h", "1o", "A2u + Eu"),
    ("C3v", "1o", "A1 + E"), ("C3v", "2e", "A1 + 2E"), ("C2v", "1o", "A1 + B1 + B2"), ("C2v", "2e", "2A1 + A2 + B1 + B2"),
    ("D3h", "1o", "E' + A2''"), ("D3h", "2e", "A1' + E' + E''"), ("Ih", "1o", "T1u"), ("Ih", "2e", "Hg"), ("Ih", "3o", "T2u + Gu"),
    ("D6h", "2e", "A1g + E1g + E2g"), ("Ci", "2e", "5Ag"), ("C1", "2e", "5A"), ("C3", "1o", "A + E"),
  ]) func crystalFields(group: String, irrep: String, expected: String) throws {
    #expect("\(try #require(SchoenfliesGroup(group)).restriction(of: O3.Irrep(irrep)!))" == expected)
  }

  /// Restriction adds up: dimensions, sums of irreps, and products by products.
  @Test(arguments: ["C3v", "D4h", "Td", "Ih", "C3"]) func restrictions(symbol: String) throws {
    let group = try #require(SchoenfliesGroup(symbol))
    for l in 0...8 {
      let irrep = O3.Irrep(degree: l, parity: .odd)
      let sum = group.restriction(of: irrep)
      #expect(sum.terms.reduce(0) { $0 + $1.multiplicity * $1.irrep.dimension } == 2 * l + 1)
      for g in group.elements {
        let character = sum.terms.reduce(0) { $0 + Double($1.multiplicity) * $1.irrep.character(of: g) }
        #expect(abs(character - irrep.character(of: group.orthogonalElement(of: g))) < 1e-9)
      }
    }
    let both = group.restriction(of: "2x1o+3x2e")
    for irrep in group.irreps {
      let parts = group.restriction(of: "1o").multiplicity(of: irrep) * 2 + group.restriction(of: "2e").multiplicity(of: irrep) * 3
      #expect(both.multiplicity(of: irrep) == parts)
    }
  }

  @Test func symbols() {
    for text in ["D1h", "C0", "C99", "S3", "Dv", "D3v", "C3d", "X", "", "D4H", "C∞v"] { #expect(SchoenfliesGroup(text) == nil, "\(text)") }
    #expect(SchoenfliesGroup("S2")?.description == "Ci" && SchoenfliesGroup("C1v")?.description == "Cs")
    #expect(SchoenfliesGroup.d4h.order == 16 && SchoenfliesGroup.ih.order == 120 && SchoenfliesGroup.d5d.order == 20)
    #expect(SchoenfliesGroup.c3v.irrep("T2g") == nil)
  }

  @Test func printed() {
    #expect(
      "\(SchoenfliesGroup.c3v.characterTable)" == """
        C3v  E  2C3  3σv
        A1   1    1    1
        A2   1    1   -1
        E    2   -1    0
        """)
  }
}

/// What the tests compare with.
enum PointGroupTables {
  /// Rows of irreps under a head of classes, as in Cotton, "Chemical Applications of Group Theory", and in every textbook. φ is the golden ratio,
  /// -φ' = 1 − φ.
  static let literature: [String] = [
    """
    C2v | E C2(z) σ(xz) σ(yz)
    A1 | 1 1 1 1
    A2 | 1 1 -1 -1
    B1 | 1 -1 1 -1
    B2 | 1 -1 -1 1
    """,
    """
    C3v | E 2C3 3σv
    A1 | 1 1 1
    A2 | 1 1 -1
    E | 2 -1 0
    """,
    """
    C4v | E 2C4 C2 2σv 2σd
    A1 | 1 1 1 1 1
    A2 | 1 1 1 -1 -1
    B1 | 1 -1 1 1 -1
    B2 | 1 -1 1 -1 1
    E | 2 0 -2 0 0
    """,
    """
    C2h | E C2 i σh
    Ag | 1 1 1 1
    Bg | 1 -1 1 -1
    Au | 1 1 -1 -1
    Bu | 1 -1 -1 1
    """,
    """
    D2h | E C2(z) C2(y) C2(x) i σ(xy) σ(xz) σ(yz)
    Ag | 1 1 1 1 1 1 1 1
    B1g | 1 1 -1 -1 1 1 -1 -1
    B2g | 1 -1 1 -1 1 -1 1 -1
    B3g | 1 -1 -1 1 1 -1 -1 1
    Au | 1 1 1 1 -1 -1 -1 -1
    B1u | 1 1 -1 -1 -1 -1 1 1
    B2u | 1 -1 1 -1 -1 1 -1 1
    B3u | 1 -1 -1 1 -1 1 1 -1
    """,
    """
    D3h | E 2C3 3C2 σh 2S3 3σv
    A1' | 1 1 1 1 1 1
    A2' | 1 1 -1 1 1 -1
    E' | 2 -1 0 2 -1 0
    A1'' | 1 1 1 -1 -1 -1
    A2'' | 1 1 -1 -1 -1 1
    E'' | 2 -1 0 -2 1 0
    """,
    """
    D3d | E 2C3 3C2 i 2S6 3σd
    A1g | 1 1 1 1 1 1
    A2g | 1 1 -1 1 1 -1
    Eg | 2 -1 0 2 -1 0
    A1u | 1 1 1 -1 -1 -1
    A2u | 1 1 -1 -1 -1 1
    Eu | 2 -1 0 -2 1 0
    """,
    """
    D4h | E 2C4 C2 2C2' 2C2'' i 2S4 σh 2σv 2σd
    A1g | 1 1 1 1 1 1 1 1 1 1
    A2g | 1 1 1 -1 -1 1 1 1 -1 -1
    B1g | 1 -1 1 1 -1 1 -1 1 1 -1
    B2g | 1 -1 1 -1 1 1 -1 1 -1 1
    Eg | 2 0 -2 0 0 2 0 -2 0 0
    A1u | 1 1 1 1 1 -1 -1 -1 -1 -1
    A2u | 1 1 1 -1 -1 -1 -1 -1 1 1
    B1u | 1 -1 1 1 -1 -1 1 -1 -1 1
    B2u | 1 -1 1 -1 1 -1 1 -1 1 -1
    Eu | 2 0 -2 0 0 -2 0 2 0 0
    """,
    """
    D6h | E 2C6 2C3 C2 3C2' 3C2'' i 2S3 2S6 σh 3σd 3σv
    A1g | 1 1 1 1 1 1 1 1 1 1 1 1
    A2g | 1 1 1 1 -1 -1 1 1 1 1 -1 -1
    B1g | 1 -1 1 -1 1 -1 1 -1 1 -1 1 -1
    B2g | 1 -1 1 -1 -1 1 1 -1 1 -1 -1 1
    E1g | 2 1 -1 -2 0 0 2 1 -1 -2 0 0
    E2g | 2 -1 -1 2 0 0 2 -1 -1 2 0 0
    A1u | 1 1 1 1 1 1 -1 -1 -1 -1 -1 -1
    A2u | 1 1 1 1 -1 -1 -1 -1 -1 -1 1 1
    B1u | 1 -1 1 -1 1 -1 -1 1 -1 1 -1 1
    B2u | 1 -1 1 -1 -1 1 -1 1 -1 1 1 -1
    E1u | 2 1 -1 -2 0 0 -2 -1 1 2 0 0
    E2u | 2 -1 -1 2 0 0 -2 1 1 -2 0 0
    """,
    """
    D2d | E C2 2C2' 2S4 2σd
    A1 | 1 1 1 1 1
    A2 | 1 1 -1 1 -1
    B1 | 1 1 1 -1 -1
    B2 | 1 1 -1 -1 1
    E | 2 -2 0 0 0
    """,
    """
    Td | E 8C3 3C2 6S4 6σd
    A1 | 1 1 1 1 1
    A2 | 1 1 1 -1 -1
    E | 2 -1 2 0 0
    T1 | 3 0 -1 1 -1
    T2 | 3 0 -1 -1 1
    """,
    """
    Oh | E 8C3 6C2' 6C4 3C2 i 6S4 8S6 3σh 6σd
    A1g | 1 1 1 1 1 1 1 1 1 1
    A2g | 1 1 -1 -1 1 1 -1 1 1 -1
    Eg | 2 -1 0 0 2 2 0 -1 2 0
    T1g | 3 0 -1 1 -1 3 1 0 -1 -1
    T2g | 3 0 1 -1 -1 3 -1 0 -1 1
    A1u | 1 1 1 1 1 -1 -1 -1 -1 -1
    A2u | 1 1 -1 -1 1 -1 1 -1 -1 1
    Eu | 2 -1 0 0 2 -2 0 1 -2 0
    T1u | 3 0 -1 1 -1 -3 -1 0 1 1
    T2u | 3 0 1 -1 -1 -3 1 0 1 -1
    """,
    """
    I | E 12C5 12C5^2 20C3 15C2
    A | 1 1 1 1 1
    T1 | 3 φ -φ' 0 -1
    T2 | 3 -φ' φ 0 -1
    G | 4 -1 -1 1 0
    H | 5 0 0 -1 1
    """,
  ]

  static let symbols: [String] =
    [
      "C1", "Cs", "Ci", "S4", "S6", "S8", "T", "Th", "Td", "O", "Oh", "I", "D2", "D2h", "D3d", "D4d", "D5d", "D5h", "C2v", "C5v", "C3h",
      "C4h",
    ]
    + (2...7).flatMap { ["C\($0)", "D\($0)"] }
}
