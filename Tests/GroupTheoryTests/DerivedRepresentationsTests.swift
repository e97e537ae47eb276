import Testing

@testable import GroupTheory

@Suite struct DerivedRepresentationsTests {
  private func violated<R: Representation, G: Group>(_ r: R, of group: G, isOrthogonal: Bool = true) -> [LawViolation]
  where R.Element == G.Element {
    var generator = SplitMix64(seed: 71)
    return RepresentationLaws(r, of: group, tolerance: 4e-14, isOrthogonal: isOrthogonal)
      .violations(at: group.randomElements(5, using: &generator))
  }

  @Test func dual() {
    var generator = SplitMix64(seed: 72)
    let motions = E3().homogeneous.dual(of: E3())
    #expect(violated(motions, of: E3(), isOrthogonal: false) == [])
    let g = E3().randomElement(using: &generator)
    // Covectors: the pairing with points is invariant, and the dual of the dual is the representation.
    #expect((motions(g).transposed * E3().homogeneous(g)).distance(to: .identity(4)) < 4e-15)
    #expect(motions.dual(of: E3())(g).distance(to: E3().homogeneous(g)) < 4e-15)
    #expect(motions(g).distance(to: E3().homogeneous(g)) > 0.1)
    let rotation = SO3().randomElement(using: &generator)
    #expect(SO3().standard.dual(of: SO3())(rotation).distance(to: SO3().standard(rotation)) < 1e-15)
  }

  @Test func squares() {
    #expect(violated(O3().standard.symmetricSquare, of: O3()) == [])
    #expect(violated(O3().standard.alternatingSquare, of: O3()) == [])
    #expect(violated(SymmetricGroup(4).standard.alternatingSquare, of: SymmetricGroup(4)) == [])
    #expect(TrivialRepresentation<Int>(dimension: 0).symmetricSquare.dimension == 0)
    #expect(TrivialRepresentation<Int>(dimension: 1).alternatingSquare(0) == Matrix(zeros: 0, 0))
    var generator = SplitMix64(seed: 73)
    for g in O3().randomElements(4, using: &generator) {
      for square in [O3().standard.symmetricSquare, O3().standard.alternatingSquare] {
        #expect(abs(square.character(of: g) - square(g).trace) < 1e-14)
      }
      // Bivectors are pseudovectors, (xy, xz, yz) ~ (z, −y, x).
      let bivector = Matrix<Double>([[0, 0, 1], [0, -1, 0], [1, 0, 0]])
      #expect(O3().standard.alternatingSquare(g).distance(to: bivector * O3().pseudovector(g) * bivector) < 4e-15)
    }
  }

  @Test func squaresDecompose() throws {
    let symmetric = try O3().multiplicities(in: O3().standard.symmetricSquare, upTo: 2)
    #expect(symmetric.map { "\($0.multiplicity)x\($0.irrep)" } == ["1x0e", "1x2e"])
    let alternating = try O3().multiplicities(in: O3.Irrep(degree: 2, parity: .even).alternatingSquare, upTo: 4)
    #expect(alternating.map { "\($0.multiplicity)x\($0.irrep)" } == ["1x1e", "1x3e"])
  }

  @Test func restricted() {
    let vectors = O3().standard.restricted { PointGroup.td.orthogonalElement(of: $0) }
    #expect(violated(vectors, of: PointGroup.td) == [])
    // What is no homomorphism gives no representation.
    let broken = O3().standard.restricted { (a: Int) in PointGroup.td.orthogonalElement(of: a * 7 % 24) }
    #expect(violated(broken, of: PointGroup.td).map(\.law).contains(.homomorphism))
  }

  @Test func charactersOfCombinations() {
    var generator = SplitMix64(seed: 74)
    let g = O3().randomElement(using: &generator)
    let (vector, sum) = (O3().standard, O3().standard.directSum(O3().pseudoscalar))
    #expect(abs(sum.character(of: g) - sum(g).trace) < 1e-15)
    #expect(abs(vector.tensorProduct(sum).character(of: g) - vector.tensorProduct(sum)(g).trace) < 1e-14)
  }
}
