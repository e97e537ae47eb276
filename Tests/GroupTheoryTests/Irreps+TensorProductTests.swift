import Testing

@testable import GroupTheory

@Suite struct IrrepsTensorProductTests {
  @Test func knownProducts() {
    #expect(("1o" as Irreps<O3>).tensorProduct("1o") == "0e+1e+2e")
    // 0e·0o, 1o·1e give 0o; 0e·1e, 1o·0o, 1o·1e give 1e and 1o.
    let expected: Irreps<O3> = "7x0o+1o+5x1e+2o"
    #expect(("2x0e+1o" as Irreps<O3>).tensorProduct("3x0o+1e") == expected)
    #expect(("1" as Irreps<SO3>).tensorProduct("2x2") == "2x1+2x2+2x3")
  }

  /// Dimensions multiply, and characters too: χ_{a⊗b}(g) = χ_a(g) χ_b(g).
  @Test func dimensionsAndCharacters() {
    var generator = SplitMix64(seed: 42)
    let (a, b): (Irreps<O3>, Irreps<O3>) = ("2x0o+3x1e+2x3o", "0e+2x1o+2e")
    let product = a.tensorProduct(b)
    #expect(product.dimension == a.dimension * b.dimension && product == product.regrouped)
    for g in O3().randomElements(4, using: &generator) {
      let expected = a.representation.character(of: g) * b.representation.character(of: g)
      #expect(abs(product.representation.character(of: g) - expected) < 1e-12)
    }
  }

  @Test func paths() {
    let (a, b, output): (Irreps<O3>, Irreps<O3>, Irreps<O3>) = ("8x0e+4x1o", "0e+1o", "0e+1o+1e+2o")
    let paths = a.paths(b, to: output)
    #expect(paths.map { [$0.first, $0.second, $0.output] } == [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0], [1, 1, 2]])
    // A path to every output of a pair is a coupling that is not zero, and no other is.
    for path in ("3o" as Irreps<O3>).paths("2e", to: .sphericalHarmonics(upTo: 6)) {
      #expect(!CouplingCoefficients.wigner3j(3, 2, path.output).entries.isEmpty && path.output % 2 == 1)
    }
    #expect(a.paths(b, to: "5e").isEmpty)
  }
}
