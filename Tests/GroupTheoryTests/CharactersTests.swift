import Testing

@testable import GroupTheory

@Suite struct CharactersTests {
  struct Indicators: GroupTask {
    /// The largest error of the indicator of an irrep: 1, 0, −2 for the commuting dimensions 1, 2, 4.
    func callAsFunction<G: GroupWithIrreps & GeneratedGroup>(_ group: G, upTo degree: Int) -> Double {
      group.irreps(upTo: degree).map { irrep in
        let expected = [.real: 1.0, .complex: 0, .quaternionic: -2][irrep.frobeniusSchurType]!
        return abs(group.frobeniusSchurIndicator(of: irrep, upTo: degree) - expected)
      }.max()!
    }
  }

  @Test(arguments: GroupWithIrrepsCase.all) func indicators(group: GroupWithIrrepsCase) { #expect(group.run(Indicators()) < 1e-14) }

  /// Σ ν(σ) d(σ) over complex irreps counts the solutions of g² = 1: for real ones ν d/τ, for the regular representation.
  @Test func squareRootsOfTheIdentity() {
    #expect(PointGroup.o.frobeniusSchurIndicator(of: PointGroup.o.regular) == 10)
    #expect(QuaternionGroup().frobeniusSchurIndicator(of: QuaternionGroup().regular) == 2)
    #expect(SymmetricGroup(5).frobeniusSchurIndicator(of: SymmetricGroup(5).regular) == 26)
    #expect(SO3().frobeniusSchurIndicator(of: SO3().standard.directSum(SO3().trivial()), upTo: 1) > 1.999)
  }

  /// The group of order 21, whose irreps are not known here: a complex pair of three dimensions is irreducible over ℝ, of complex type.
  @Test func groupsWithoutIrreps() {
    let group = GroupCase.frobenius
    let trivial = TrivialRepresentation<ProductElement<Int, Int>>()
    #expect(abs(group.characterInnerProduct(group.regular, trivial) - 1) < 1e-14)
    // The complex irreps are 1, 1′, 1″, 3, 3′: dimensions squared sum to 21, and only e is its own inverse.
    #expect(abs(group.characterInnerProduct(group.regular, group.regular) - 21) < 1e-13)
    #expect(abs(group.frobeniusSchurIndicator(of: group.regular) - 1) < 1e-14)
    let induced = InducedRepresentation(CyclicIrrep(n: 7, frequency: 1), from: CyclicGroup(7), to: group) {
      ProductElement($0, 0)
    }
    #expect(abs(group.characterInnerProduct(induced, induced) - 2) < 1e-14)
    #expect(abs(group.frobeniusSchurIndicator(of: induced)) < 1e-14)
  }

  private func branching(_ irrep: O3.Irrep, _ group: PointGroup) throws -> String {
    try group.multiplicities(in: irrep.restricted { group.orthogonalElement(of: $0) })
      .map { ($0.multiplicity == 1 ? "" : "\($0.multiplicity)") + "\($0.irrep)" }.joined(separator: "+")
  }

  /// Altmann and Herzig, Point-Group Theory Tables (1994), for T, O, I; E of T is two-dimensional here, real.
  @Test func branchingOfRotations() throws {
    let tables: [PointGroup: [String]] = [
      .t: ["A", "T", "E+T", "A+2T", "A+E+2T", "E+3T", "2A+E+3T"],
      .o: ["A1", "T1", "E+T2", "A2+T1+T2", "A1+E+T1+T2", "E+2T1+T2", "A1+A2+E+T1+2T2"],
      .i: ["A", "T1", "H", "T2+G", "G+H", "T1+T2+H", "A+T1+G+H"],
    ]
    for (group, rows) in tables {
      for (degree, expected) in rows.enumerated() {
        #expect(try branching(O3.Irrep(degree: degree, parity: .even), group) == expected)
      }
    }
  }

  @Test func branchingWithParity() throws {
    #expect(try branching(O3.Irrep(degree: 1, parity: .odd), .oh) == "T1u")
    #expect(try branching(O3.Irrep(degree: 2, parity: .even), .oh) == "Eg+T2g")
    #expect(try branching(O3.Irrep(degree: 3, parity: .odd), .oh) == "A2u+T1u+T2u")
    #expect(try branching(O3.Irrep(degree: 3, parity: .odd), .ih) == "T2u+Gu")
    #expect(try branching(O3.Irrep(degree: 1, parity: .odd), .td) == "T2")
    #expect(try branching(O3.Irrep(degree: 1, parity: .even), .td) == "T1")
    #expect(try branching(O3.Irrep(degree: 3, parity: .odd), .td) == "A1+T1+T2")
  }

  /// Rotations about one axis: every frequency up to l once.
  @Test func branchingToTheCircle() throws {
    let restricted = SO3.Irrep(degree: 5).restricted { (g: Rotation2) in g.about(axis: SIMD3(1, 2, -1)) }
    let terms = try SO2().multiplicities(in: restricted, upTo: 5)
    #expect(terms.map(\.irrep.frequency) == Array(0...5) && terms.allSatisfy { $0.multiplicity == 1 })
  }

  /// Four vectors: 3, 6, 6, 3 and 1 of the degrees 0 ... 4, 81 dimensions.
  @Test func tensorProducts() throws {
    let square = SO3().standard.tensorProduct(SO3().standard)
    let terms = try SO3().multiplicities(in: square.tensorProduct(square), upTo: 4)
    #expect(terms.map(\.irrep.degree) == [0, 1, 2, 3, 4] && terms.map(\.multiplicity) == [3, 6, 6, 3, 1])
  }

  /// sin((2l + 1)θ/2)/sin(θ/2) against the trace of the matrix, next to 0 and 2π too.
  @Test(arguments: [0.3, 2, 3.14159, 1e-9, 6.28318]) func rotationCharacters(angle: Double) {
    let g = Rotation3(axis: SIMD3(1, -2, 0.5), angle: angle)
    for l in [0, 1, 2, 5, 9] {
      #expect(abs(SO3.Irrep(degree: l).character(of: g) - SO3.Irrep(degree: l)(g).trace) < 4e-14)
      for parity in Parity.allCases {
        let irrep = O3.Irrep(degree: l, parity: parity)
        let improper = OrthogonalElement(g, isImproper: true)
        #expect(abs(irrep.character(of: improper) - irrep(improper).trace) < 4e-14)
      }
    }
  }

  @Test func whatIsNoRepresentationIsRejected() {
    let projection = FunctionRepresentation(dimension: 3) { (_: Int) in .diagonal([1, 1, 0]) }
    #expect(throws: DecompositionError.incomplete(found: 2, dimension: 3)) { try PointGroup.t.multiplicities(in: projection) }
    // Frequency 6 looks like 1 on the five points of degree 2, but not on the generator.
    #expect(throws: DecompositionError.self) { try SO2().multiplicities(in: SO2Irrep(frequency: 6), upTo: 2) }
    for degree in 0..<6 {
      #expect(throws: DecompositionError.self) { try SO3().multiplicities(in: SO3.Irrep(degree: 6), upTo: degree) }
      #expect(throws: DecompositionError.self) { try O2().multiplicities(in: O2Irrep.frequency(6), upTo: degree) }
    }
    #expect(throws: DecompositionError.self) { try SO3().multiplicities(in: SO3().standard.tensorProduct(SO3().standard), upTo: 1) }
    let half = FunctionRepresentation(dimension: 3) { (g: Rotation3) in 0.5 * g.matrix }
    #expect(throws: DecompositionError.self) { try SO3().multiplicities(in: half, upTo: 2) }
    let undefined = FunctionRepresentation(dimension: 1) { (_: Permutation) in Matrix([[.nan]]) }
    #expect(throws: DecompositionError.self) { try SymmetricGroup(3).multiplicities(in: undefined) }
    let negative = FunctionRepresentation(dimension: 2) { (_: DihedralElement) in Matrix([[-1, 0], [0, -1]]) }
    #expect(throws: DecompositionError.notACharacter(irrep: "A1", multiplicity: -2)) {
      try DihedralGroup(4).multiplicities(in: negative)
    }
    #expect("\(DecompositionError.incomplete(found: 3, dimension: 9))".contains("3 of 9"))
  }
}
