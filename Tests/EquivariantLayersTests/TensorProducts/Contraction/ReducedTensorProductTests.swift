import Equivariant
import Testing

@Suite struct ReducedTensorProductTests {
  @Test func irreps() {
    #expect(ReducedTensorBasis("ij=ji", ["i": "1o"]).irreps == "1x0e+1x2e")
    #expect(ReducedTensorBasis("ij=-ji", ["i": "1o"]).irreps == "1x1e")
    #expect(ReducedTensorBasis("ijkl=jikl=ijlk=klij", ["i": "1o"]).irreps == "2x0e+2x2e+1x4e")
    #expect(ReducedTensorBasis("ijk=-jik=-ikj", ["i": "1o"]).irreps == "1x0o")
    #expect(ReducedTensorBasis("ij", ["i": "1o", "j": "1e+0e"]).irreps == ("1o" as Irreps<O3>).tensorProduct("1e+0e"))
    // Nothing is both symmetric and antisymmetric.
    #expect(ReducedTensorBasis("ij=ji=-ji", ["i": "1o"]).irreps == "")
    #expect(ReducedTensorBasis("ijk=jik=ikj", ["i": "1o+0e"], only: [O3.Irrep("3o")!]).irreps == "1x3o")
  }

  /// The rows are orthonormal, of the formula's symmetry, and as many as there are such tensors.
  @Test(
    arguments: [("ij=ji", "1x0e+2x1o", 28), ("ij=-ji", "2x1o+1x2e", 55), ("ijk=-jik", "1x1o+1x0e", 24), ("ijk=jik=ikj", "1x2e", 35)]
      as [(String, Irreps<O3>, Int)])
  func basis(_ formula: String, _ irreps: Irreps<O3>, _ dimension: Int) {
    let symmetry = IndexSymmetry(formula)
    let basis = ReducedTensorBasis(symmetry, Dictionary(uniqueKeysWithValues: symmetry.indices.map { ($0, irreps) }))
    #expect(basis.irreps.dimension == dimension && basis.rows.count == dimension)
    let rows = basis.rows.map { row in Dictionary(uniqueKeysWithValues: row.map { ($0.indices, $0.value) }) }
    for (r, row) in rows.enumerated() {
      for (s, other) in rows.enumerated() {
        let overlap = row.reduce(0) { $0 + $1.value * (other[$1.key] ?? 0) }
        #expect(abs(overlap - (r == s ? 1 : 0)) < 1e-13)
      }
      for (images, sign) in symmetry.permutations {
        for (place, value) in row { #expect(abs((row[images.map { place[$0] }] ?? 0) * Double(sign) - value) < 1e-13) }
      }
    }
  }

  @Test func equivariance() {
    for (formula, irreps) in [("ij=ji", "1x0e+1x1o+1x6e"), ("ijk=jik=ikj", "1x1o+1x1e")] as [(IndexSymmetry, Irreps<O3>)] {
      let product = ReducedTensorProduct(formula, ["i": irreps], channels: 2)
      let x: IrrepsTensor<Double> = LayerChecks.features(product.inputs[0])
      let exact = LayerChecks.equivariance(of: { product($0) }, at: x, to: product.output)
      #expect(exact.value.isExact(.layer) && exact.gradient.isExact(.layer), "\(exact)")
      let single = LayerChecks.equivariance(
        of: { product($0) }, at: LayerChecks.features(x.irreps) as IrrepsTensor<Float>, to: product.output)
      #expect(
        single.value.isExact(.init(ulps: 16), in: Float.self) && single.gradient.isExact(.init(ulps: 16), in: Float.self), "\(single)")
      let broken = LayerChecks.equivariance(
        of: { x in IrrepsTensor(product(x).tensor + 1, irreps: product.output) }, at: x, to: product.output)
      #expect(broken.value.relativeError > 0.01)
    }
  }

  @Test func derivatives() {
    let product = ReducedTensorProduct("ijk=-jik", ["i": "1x1o", "k": "1x0e+1x1o"], channels: 2)
    let features = product.inputs.map { LayerChecks.features($0, outer: [2]) as IrrepsTensor<Double> }
    var generator = RandomSource(seed: 3)
    let report = checkDerivatives(
      of: { v in
        product(
          IrrepsTensor(v[0], irreps: product.inputs[0]), IrrepsTensor(v[1], irreps: product.inputs[1]),
          IrrepsTensor(v[2], irreps: product.inputs[2])
        ).tensor
      }, at: features.map(\.tensor), order: 3, elements: 5, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
  }

  /// One feature in all places is the same as the product with itself; it keeps the norm of the symmetric part.
  @Test func powers() {
    let product = ReducedTensorProduct("ij=ji", ["i": "1x0e+2x1o"], channels: 3)
    let x: IrrepsTensor<Double> = LayerChecks.features(product.inputs[0])
    #expect(distance(product(x).tensor, product(x, x).tensor) < 1e-14)
    let one = ReducedTensorProduct("ij=ji", ["i": "1x0e+2x1o"])
    let y: IrrepsTensor<Double> = LayerChecks.features(one.inputs[0])
    #expect(distance(one(y).tensor.squaredNorm(), y.tensor.squaredNorm() * y.tensor.squaredNorm()) < 1e-12)
    let curl = ReducedTensorProduct("ij=-ji", ["i": "1o"])
    #expect(curl(LayerChecks.features("1o") as IrrepsTensor<Double>).tensor == .zeros([3, 3]))
  }

  /// The same space as e3nn's ReducedTensorProducts, for each irrep.
  @Test func e3nn() throws {
    for reference in try SymmetricProductReference.all() {
      let symmetry = IndexSymmetry(reference.formula)
      let irreps = Dictionary(uniqueKeysWithValues: symmetry.indices.map { ($0, reference.parsed) })
      let wanted = Set(try reference.values.keys.map { try #require(O3.Irrep($0)) })
      let product = ReducedTensorProduct(symmetry, irreps, only: wanted)
      let x = reference.x.indices.map { reference.features($0) }
      let z: IrrepsTensor<Double>
      switch x.count {
      case 1: z = product(x[0])
      case 2: z = product(x[0], x[1])
      case 3: z = product(x[0], x[1], x[2])
      default: z = product(x[0], x[1], x[2], x[3])
      }
      #expect(Set(product.output.terms.map(\.irrep)) == wanted)
      for (t, term) in product.output.terms.enumerated() {
        let theirs = try #require(reference.values["\(term.irrep)"])
        let mine: [[Double]] = (0..<term.multiplicity).map { z[term: t].sliced(axis: 2, $0..<$0 + 1).elements }
        #expect(mine.count == theirs.count)
        #expect(rank(mine + theirs) == mine.count, "\(reference.formula) to \(term)")
        #expect(rank(mine) == mine.count)
      }
    }
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = IndexSymmetry("ij=jk") }
    await #expect(processExitsWith: .failure) { _ = IndexSymmetry("") }
    await #expect(processExitsWith: .failure) { _ = ReducedTensorBasis("ij=ji", ["i": "1o", "j": "1e"]) }
    await #expect(processExitsWith: .failure) { _ = ReducedTensorBasis("ijk=jik", ["i": "1o"]) }
    await #expect(processExitsWith: .failure) {
      _ = ReducedTensorProduct("ijk=jik", ["i": "1o", "k": "1e"])(LayerChecks.features("1o") as IrrepsTensor<Double>)
    }
  }
}
