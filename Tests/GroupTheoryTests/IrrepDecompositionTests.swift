import Testing

@testable import GroupTheory

@Suite struct IrrepDecompositionTests {
  struct Hidden: GroupTask {
    /// Each irrep once, twice or three times, hidden by a random orthogonal change of basis: what is found, and by how much it is off.
    func callAsFunction<G: GroupWithIrreps & GeneratedGroup>(_ group: G, upTo degree: Int) -> (isFound: Bool, deviation: Double) {
      var generator = SplitMix64(seed: 91)
      let irreps = Array(group.irreps(upTo: degree).suffix(3))
      let multiplicities = irreps.indices.map { 1 + ($0 * $0 + irreps.count) % 3 }
      let list = zip(irreps, multiplicities).flatMap { Array(repeating: $0, count: $1) }
      let n = list.reduce(0) { $0 + $1.dimension }
      let mix = Matrix.randomOrthogonal(n, using: &generator)
      let hidden = FunctionRepresentation(dimension: n) { (g: G.Element) in
        mix * list.reversed().reduce(Matrix<Double>(zeros: 0, 0)) { $0.directSum($1(g)) } * mix.transposed
      }
      guard let found = try? group.decomposition(of: hidden, upTo: degree) else { return (false, .infinity) }
      let isFound = found.terms.map(\.irrep) == irreps && found.terms.map(\.multiplicity) == multiplicities
      let u = found.basis
      let elements = group.randomElements(2, using: &generator)
      let deviation = elements.map { (u.transposed * hidden($0) * u).distance(to: found($0)) }.max()!
      return (isFound, max(deviation, (u.transposed * u).distance(to: .identity(n))))
    }
  }

  @Test(arguments: GroupWithIrrepsCase.all) func findsHiddenIrreps(group: GroupWithIrrepsCase) {
    let (isFound, deviation) = group.run(Hidden())
    #expect(isFound)
    #expect(deviation < 2e-14)
  }

  private func deviation<G: GroupWithIrreps & GeneratedGroup>(
    _ representation: some Representation<G.Element>, _ group: G, upTo degree: Int
  ) throws -> Double {
    var generator = SplitMix64(seed: 92)
    let found = try group.decomposition(of: representation, upTo: degree)
    let u = found.basis
    return group.randomElements(2, using: &generator).reduce((u.transposed * u).distance(to: .identity(u.rows))) { worst, g in
      max(worst, (representation(g) * u).distance(to: u * found(g)))
    }
  }

  @Test func largeRepresentations() throws {
    let vector = O3().standard
    #expect(try deviation(vector.tensorProduct(vector).tensorProduct(vector), O3(), upTo: 3) < 2e-14)
    #expect(try deviation(SymmetricGroup(4).tensors(order: 3), SymmetricGroup(4), upTo: 0) < 2e-14)
    #expect(try deviation(SymmetricGroup(6).tensors(order: 2), SymmetricGroup(6), upTo: 0) < 2e-14)
    #expect(try deviation(PointGroup.i.regular, PointGroup.i, upTo: 0) < 2e-14)
  }

  /// l₁ ⊗ l₂ → l₃ is unique up to sign: the columns are Clebsch-Gordan coefficients.
  @Test func couplingCoefficients() throws {
    let found = try SO3().decomposition(of: SO3.Irrep(degree: 1).tensorProduct(SO3.Irrep(degree: 2)), upTo: 3)
    #expect(found.terms.map(\.irrep.degree) == [1, 2, 3] && found.dimension == 15)
    for l in 1...3 {
      let columns = found.copies(of: SO3.Irrep(degree: l))[0]
      let block = CouplingCoefficients.wigner3j(1, 2, l)
      let expected = Matrix(rows: 15, columns: 2 * l + 1, block.dense.map { $0 * Double(2 * l + 1).squareRoot() })
      #expect(min(columns.distance(to: expected), columns.distance(to: -1 * expected)) < 4e-15)
    }
    #expect(found.copies(of: SO3.Irrep(degree: 0)).isEmpty)
    let g = Rotation3(axis: SIMD3(1, 2, 3), angle: 1)
    #expect(abs(found.character(of: g) - found(g).trace) < 1e-14)
  }

  @Test func whatIsNoOrthogonalRepresentationIsRejected() {
    func failure<G: GroupWithIrreps & GeneratedGroup>(
      _ representation: some Representation<G.Element>, _ group: G, upTo degree: Int
    ) -> DecompositionError? {
      do {
        _ = try group.decomposition(of: representation, upTo: degree)
        return nil
      } catch { return error }
    }
    // The right character and orthogonal, but products in the wrong order.
    let transposed = FunctionRepresentation(dimension: 3) { (g: Rotation3) in g.matrix.transposed }
    guard case .notARepresentation(let deviation)? = failure(transposed, SO3(), upTo: 1) else { Issue.record(); return }
    #expect(deviation > 0.1)
    // A similar representation.
    let (s, inverse) = (Matrix<Double>.diagonal([1, 2, 4]), Matrix<Double>.diagonal([1, 0.5, 0.25]))
    let similar = FunctionRepresentation(dimension: 3) { (g: Rotation3) in s * g.matrix * inverse }
    guard case .notOrthogonal? = failure(similar, SO3(), upTo: 1) else { Issue.record(); return }
    // Degrees too low; frequency 6 looks like 1 on the five points of degree 2, but not on the generators.
    #expect(failure(SO3().standard.tensorProduct(SO3().standard), SO3(), upTo: 1) != nil)
    guard case .notARepresentation? = failure(SO2Irrep(frequency: 6), SO2(), upTo: 2) else { Issue.record(); return }
    #expect(failure(SO2Irrep(frequency: 6), SO2(), upTo: 6) == nil)
  }
}
