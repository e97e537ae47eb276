import Testing

@testable import GroupTheory

@Suite struct IrrepsRepresentationTests {
  @Test func isARepresentation() {
    var generator = SplitMix64(seed: 43)
    let irreps: Irreps<O3> = "2x0o+3x1o+1e+2x2e+3o"
    let elements = O3().randomElements(4, using: &generator) + [.inversion]
    #expect(RepresentationLaws(irreps.representation, of: O3(), tolerance: 2e-14).violations(at: elements) == [])
    let rotations: Irreps<SO3> = "2x1+2"
    #expect(
      RepresentationLaws(rotations.representation, of: SO3(), tolerance: 2e-14)
        .violations(at: SO3().randomElements(4, using: &generator)) == [])
  }

  /// 1o is the vector, 1e the pseudovector, 0o the pseudoscalar; multiplicities are innermost.
  @Test func agreesWithVectors() {
    var generator = SplitMix64(seed: 44)
    for g in O3().randomElements(5, using: &generator) {
      #expect(("1o" as Irreps<O3>).representation(g).distance(to: O3().standard(g)) < 1e-15)
      #expect(("1e" as Irreps<O3>).representation(g).distance(to: O3().pseudovector(g)) < 1e-15)
      #expect(("0o" as Irreps<O3>).representation(g) == O3().pseudoscalar(g))
      let channels = O3().standard(g).kroneckerProduct(.identity(3))
      #expect(("3x1o" as Irreps<O3>).representation(g).distance(to: channels) < 1e-15)
    }
  }

  /// The order of e3nn is 1 ⊗ D: the change of memory intertwines the two.
  @Test func memoryOrdersIntertwine() {
    var generator = SplitMix64(seed: 45)
    let irreps: Irreps<O3> = "2x0e+2x1o+3x2e"
    let g = O3().randomElement(using: &generator)
    var theirs = Matrix<Double>(zeros: 0, 0)
    for term in irreps.terms {
      for _ in 0..<term.multiplicity { theirs = theirs.directSum(term.irrep(g)) }
    }
    let vector = (0..<irreps.dimension).map { Double($0) - 7 }
    let expected = irreps.fromE3nn(theirs * vector)
    let value = irreps.representation(g) * irreps.fromE3nn(vector)
    for (a, b) in zip(value, expected) { #expect(abs(a - b) < 1e-13) }
  }

  /// Σ D^{l₁} D^{l₂} D^{l₃} C = C: the real coefficients are invariant, for every triangle up to l = 8 at a random rotation each.
  @Test func couplingIsInvariant() {
    var generator = SplitMix64(seed: 46)
    var triangles = 0
    for l1 in 0...8 {
      for l2 in l1...8 {
        for l3 in l2...max(l2, min(l1 + l2, 8)) {
          let d = WignerD.real(degrees: 0...8, of: SO3().randomElement(using: &generator))
          #expect(deviation(.wigner3j(l1, l2, l3), d[l1], d[l2], d[l3]) < 2e-14, "\((l1, l2, l3))")
          triangles += 1
        }
      }
    }
    #expect(triangles == 95)
    // One wrong sign is seen.
    let block = CouplingCoefficients.wigner3j(2, 3, 4)
    var entries = block.entries
    let wrong = entries[5]
    entries[5] = .init(m1: wrong.m1, m2: wrong.m2, m3: wrong.m3, value: -wrong.value)
    let d = WignerD.real(degrees: 2...4, of: SO3().randomElement(using: &generator))
    #expect(deviation(CouplingCoefficients(degrees: block.degrees, entries: entries), d[0], d[1], d[2]) > 1e-3)
  }

  /// max |(D^{l₁} ⊗ D^{l₂}) C − C D^{l₃}| over the (2l₁+1)(2l₂+1) × (2l₃+1) matrix C.
  private func deviation(_ block: CouplingCoefficients, _ d1: Matrix<Double>, _ d2: Matrix<Double>, _ d3: Matrix<Double>) -> Double {
    let (n1, n2, n3) = (d1.rows, d2.rows, d3.rows)
    // (D¹ ⊗ D²) C, entry by entry of the sparse block.
    var left = Matrix<Double>(zeros: n1 * n2, n3)
    for entry in block.entries {
      let (a, b, c) = (entry.m1 + n1 / 2, entry.m2 + n2 / 2, entry.m3 + n3 / 2)
      for i in 0..<n1 {
        let factor = d1.elements[i * n1 + a] * entry.value
        for j in 0..<n2 { left.elements[(i * n2 + j) * n3 + c] += factor * d2.elements[j * n2 + b] }
      }
    }
    let right = Matrix(rows: n1 * n2, columns: n3, block.dense) * d3
    return left.distance(to: right)
  }
}
