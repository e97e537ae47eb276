import Testing

@testable import GroupTheory

@Suite struct EquivariantMapsTests {
  /// How far the basis is from orthonormal, and its maps from equivariant at random elements.
  private static func deviation<E>(
    _ maps: EquivariantMaps, from input: some Representation<E>, to output: some Representation<E>, at elements: [E]
  ) -> Double {
    var worst = 0.0
    for (i, a) in maps.basis.enumerated() {
      for (j, b) in maps.basis[...i].enumerated() {
        worst = max(worst, abs((a.transposed * b).trace - (i == j ? 1 : 0)))
      }
      for g in elements { worst = max(worst, (a * input(g)).distance(to: output(g) * a)) }
    }
    return worst
  }

  /// The larger distance of a map of one basis to the span of the other.
  private static func gap(_ a: EquivariantMaps, _ b: EquivariantMaps) -> Double {
    max(a.basis.map { b.deviation(of: $0) }.max() ?? 0, b.basis.map { a.deviation(of: $0) }.max() ?? 0)
  }

  struct BothMethods: GroupTask {
    /// Maps between two sums of irreps in random bases, by Schur's lemma and as a null space: dimensions by both and by characters, and
    /// the largest deviation.
    func callAsFunction<G: GroupWithIrreps & GeneratedGroup>(_ group: G, upTo degree: Int) -> (dimensions: [Int], deviation: Double) {
      var generator = SplitMix64(seed: 101)
      let last = Array(group.irreps(upTo: degree).suffix(3))
      func mixed(_ list: [G.Irrep]) -> FunctionRepresentation<G.Element> {
        let n = list.reduce(0) { $0 + $1.dimension }
        let mix = Matrix.randomOrthogonal(n, using: &generator)
        return FunctionRepresentation(dimension: n) { g in
          mix * list.reduce(Matrix<Double>(zeros: 0, 0)) { $0.directSum($1(g)) } * mix.transposed
        }
      }
      let (input, output) = (mixed(last), mixed([last[0], last[last.count - 1]]))
      let nullSpace = EquivariantMaps(from: input, to: output, of: group)
      guard let a = try? group.decomposition(of: input, upTo: degree), let b = try? group.decomposition(of: output, upTo: degree) else {
        return ([], .infinity)
      }
      let schur = EquivariantMaps(from: a, to: b)
      let elements = group.randomElements(2, using: &generator)
      let characters = group.characterInnerProduct(input, output, upTo: degree)
      return (
        [nullSpace.dimension, schur.dimension, Int(characters.rounded())],
        max(
          EquivariantMapsTests.gap(nullSpace, schur), abs(characters - characters.rounded()),
          EquivariantMapsTests.deviation(nullSpace, from: input, to: output, at: elements),
          EquivariantMapsTests.deviation(schur, from: input, to: output, at: elements))
      )
    }
  }

  @Test(arguments: GroupWithIrrepsCase.all) func bothMethodsAgree(group: GroupWithIrrepsCase) {
    let (dimensions, deviation) = group.run(BothMethods())
    #expect(dimensions.count == 3 && dimensions[0] > 0 && Set(dimensions).count == 1)
    #expect(deviation < 1e-13)
  }

  /// Between tensors of orders k and l under S_n: the Bell number B(k + l) for n ≥ k + l (Maron et al. 2019), below it the number of
  /// partitions into at most n blocks.
  @Test func permutationsOfTensors() throws {
    for (n, k, l, count) in [
      (2, 1, 1, 2), (3, 1, 2, 5), (3, 2, 1, 5), (2, 1, 2, 4), (4, 0, 3, 5), (2, 2, 2, 8), (3, 2, 2, 14), (3, 0, 0, 1),
    ] {
      let group = SymmetricGroup(n)
      let (input, output) = (group.tensors(order: k), group.tensors(order: l))
      let nullSpace = EquivariantMaps(from: input, to: output, of: group)
      let schur = try EquivariantMaps(from: group.decomposition(of: input), to: group.decomposition(of: output))
      #expect(nullSpace.dimension == count && schur.dimension == count)
      #expect(abs(group.characterInnerProduct(input, output) - Double(count)) < 1e-13)
      #expect(Self.gap(nullSpace, schur) < 1e-13)
    }
    for (n, count) in [(4, 15), (5, 15), (6, 15)] {
      let tensors = SymmetricGroup(n).tensors(order: 2)
      #expect(abs(SymmetricGroup(n).characterInnerProduct(tensors, tensors) - Double(count)) < 1e-12)
    }
    let matrices = try SymmetricGroup(4).decomposition(of: SymmetricGroup(4).tensors(order: 2))
    #expect(EquivariantMaps(from: matrices, to: matrices).dimension == 15)
  }

  /// Isotropic tensors of rank r in three dimensions: 1, 0, 1, 1, 3, 6, 15 (OEIS A005043); with the inversion none of odd rank.
  @Test func isotropicTensors() {
    func power(_ k: Int) -> FunctionRepresentation<Rotation3> {
      FunctionRepresentation(dimension: [1, 3, 9][k]) { g in
        (0..<k).reduce(Matrix<Double>.identity(1)) { m, _ in m.kroneckerProduct(g.matrix) }
      }
    }
    for (k, l, count) in [(0, 0, 1), (0, 1, 0), (1, 1, 1), (1, 2, 1), (2, 2, 3)] {
      #expect(EquivariantMaps(from: power(k), to: power(l), of: SO3()).dimension == count)
    }
    let maps = EquivariantMaps(from: O3().standard.tensorProduct(O3().standard), to: O3().standard, of: O3())
    #expect(maps.dimension == 0)
    // The cross product is the one map from two vectors to a pseudovector.
    let cross = EquivariantMaps(from: O3().standard.tensorProduct(O3().standard), to: O3().pseudovector, of: O3())
    let levi = Matrix<Double>([[0, 0, 0, 0, 0, 1, 0, -1, 0], [0, 0, -1, 0, 0, 0, 1, 0, 0], [0, 1, 0, -1, 0, 0, 0, 0, 0]])
    #expect(cross.dimension == 1 && cross.deviation(of: levi) < 1e-14)
  }

  /// No compactness is needed: affine maps, and a shear. Scalars of (x, 1) are the last coordinate, invariants there are none.
  @Test func motions() {
    for group in [SE3(), SE3(translationScale: 3)] {
      let (points, scalar) = (group.homogeneous, group.trivial())
      #expect(EquivariantMaps(from: points, to: points, of: group).dimension == 1)
      let functions = EquivariantMaps(from: points, to: scalar, of: group)
      #expect(functions.dimension == 1 && functions.deviation(of: Matrix([[0, 0, 0, 2]])) < 1e-14)
      #expect(functions.deviation(of: Matrix([[0, 0, 1, 0]])) > 0.9)
      #expect(EquivariantMaps(from: scalar, to: points, of: group).dimension == 0)
      #expect(EquivariantMaps(from: scalar, to: points.dual(of: group), of: group).dimension == 1)
      var generator = SplitMix64(seed: 102)
      let pairs = points.tensorProduct(points)
      let maps = EquivariantMaps(from: pairs, to: points, of: group)
      #expect(maps.dimension == 2)
      #expect(Self.deviation(maps, from: pairs, to: points, at: group.randomElements(3, using: &generator)) < 1e-12)
    }
    #expect(EquivariantMaps(from: E3().homogeneous, to: E3().homogeneous, of: E3()).dimension == 1)
    let shear = FunctionRepresentation(dimension: 2) { (t: [Double]) in Matrix([[1, t[0]], [0, 1]]) }
    let maps = EquivariantMaps(from: shear, to: shear, of: Translations(1))
    #expect(
      maps.dimension == 2 && maps.deviation(of: Matrix([[2, 7], [0, 2]])) < 1e-14 && maps.deviation(of: Matrix([[1, 0], [0, 2]])) > 0.1)
  }

  @Test func mapsThatAreNotEquivariantAreRejected() throws {
    let group = SymmetricGroup(4)
    let maps = EquivariantMaps(from: group.standard, to: group.standard, of: group)
    var map = 2 * Matrix<Double>.identity(4) + Matrix(rows: 4, columns: 4, Array(repeating: 0.5, count: 16))
    #expect(maps.deviation(of: map) < 1e-14)
    map[0, 1] += 0.01
    #expect(maps.deviation(of: map) > 1e-3)
    #expect(maps.deviation(of: maps.projection(of: map)) < 1e-15)
    // Generators of a subgroup find too many maps.
    #expect(EquivariantMaps(from: CyclicGroup(4).regular, to: CyclicGroup(4).regular, of: CyclicGroup(4)).dimension == 4)
  }

  /// Irreps of SO(2) that nearly agree on the generator (k times its angle near a multiple of 2π) are told apart all the same.
  @Test func nearlyEquivalentIrreps() {
    let group = SO2()
    for k in 1...1500 {
      #expect(EquivariantMaps(from: group.trivial(), to: SO2Irrep(frequency: k), of: group).dimension == 0)
    }
    #expect(EquivariantMaps(from: SO2Irrep(frequency: 355), to: SO2Irrep(frequency: 355), of: group).dimension == 2)
  }
}
