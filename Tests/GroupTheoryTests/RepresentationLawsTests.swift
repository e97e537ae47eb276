import Testing

@testable import GroupTheory

@Suite struct RepresentationLawsTests {
  private func violated<R: Representation, G: Group>(
    _ representation: R, of group: G, isOrthogonal: Bool = true
  ) -> [LawViolation.Law] where R.Element == G.Element {
    var generator = SplitMix64(seed: 7)
    return RepresentationLaws(representation, of: group, tolerance: 2e-14, isOrthogonal: isOrthogonal)
      .violations(at: group.randomElements(6, using: &generator)).map(\.law)
  }

  @Test func rotations() {
    let group = SO3()
    #expect(violated(group.trivial(dimension: 4), of: group) == [])
    #expect(violated(group.standard, of: group) == [])
    #expect(violated(group.standard.directSum(group.trivial()), of: group) == [])
    #expect(violated(group.standard.tensorProduct(group.standard), of: group) == [])
  }

  @Test func orthogonalMaps() {
    let group = O3()
    #expect(violated(group.standard, of: group) == [])
    #expect(violated(group.pseudovector, of: group) == [])
    #expect(violated(group.pseudoscalar, of: group) == [])
    #expect(violated(group.pseudoscalar.tensorProduct(group.standard).directSum(group.pseudovector), of: group) == [])
  }

  /// Pseudovectors are what the cross product of two vectors is.
  @Test func crossProductIsAPseudovector() {
    var generator = SplitMix64(seed: 8)
    func cross(_ a: [Double], _ b: [Double]) -> [Double] {
      [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
    }
    let (a, b) = ([1.0, 2, 3], [-0.5, 0.25, 1])
    for g in O3().randomElements(10, using: &generator) {
      let left = cross(O3().standard(g) * a, O3().standard(g) * b)
      let right = O3().pseudovector(g) * cross(a, b)
      for (l, r) in zip(left, right) { #expect(abs(l - r) < 1e-14) }
    }
  }

  @Test func permutationsAndMotions() {
    let group = SymmetricGroup(5)
    #expect(violated(group.standard, of: group) == [])
    #expect(violated(group.sign, of: group) == [])
    #expect(violated(group.sign.tensorProduct(group.standard), of: group) == [])
    #expect(violated(SE3().homogeneous, of: SE3(), isOrthogonal: false) == [])
    #expect(violated(E3().homogeneous, of: E3()) == [.orthogonality])
  }

  @Test func character() {
    let rotation = Rotation3(axis: SIMD3(3, -1, 2), angle: 0.7)
    #expect(abs(SO3().standard.character(of: rotation) - (1 + 2 * 0.764842187284488426)) < 1e-14)
    #expect(SymmetricGroup(3).standard.character(of: try! Permutation([1, 0, 2])) == 1)
  }

  @Test func brokenRepresentationsAreRejected() {
    let group = SO3()
    // The transpose reverses products.
    #expect(violated(FunctionRepresentation(dimension: 3) { (g: Rotation3) in g.matrix.transposed }, of: group) == [.homomorphism])
    // A projection on one axis is no representation at all.
    #expect(violated(FunctionRepresentation(dimension: 1) { (_: Rotation3) in Matrix([[0]]) }, of: group).contains(.identity))
    // Twice a representation.
    let twice = violated(FunctionRepresentation(dimension: 3) { (g: Rotation3) in 2 * g.matrix }, of: group)
    #expect(twice.contains(.homomorphism) && twice.contains(.orthogonality) && twice.contains(.inverse))
    // Vectors with a parity that is forgotten in one component.
    let lame = Matrix<Double>.diagonal([1, 1, -1])
    let mixed = FunctionRepresentation(dimension: 3) { (g: OrthogonalElement) in g.isImproper ? lame * g.matrix : g.matrix }
    #expect(violated(mixed, of: O3()).contains(.homomorphism))
    // A wrong dimension.
    #expect(violated(FunctionRepresentation(dimension: 2) { (g: Rotation3) in g.matrix }, of: group) == [.dimension])
    // A similar representation is a homomorphism but not orthogonal.
    let (s, inverse) = (Matrix<Double>.diagonal([1, 2, 4]), Matrix<Double>.diagonal([1, 0.5, 0.25]))
    #expect(violated(FunctionRepresentation(dimension: 3) { (g: Rotation3) in s * g.matrix * inverse }, of: group) == [.orthogonality])
  }
}
