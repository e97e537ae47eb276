import DifferentiableTensors
import EquivariantLayers
import GroupTheory
import Testing

@testable import EquivarianceTesting

/// g (h x) = (gh) x and e x = x for the actions of the library.
@Suite struct ActionTests {
  /// The largest violation of the two laws over pairs of random elements, relative to the largest entry.
  func violation<G: Group>(_ action: Action<G.Element, Tensor<Double>>, _ group: G, _ shape: Shape) -> Double {
    var generator = RandomSource(seed: 3)
    var worst = 0.0
    for _ in 0..<10 {
      let x = Tensor<Double>.normal(shape, using: &generator)
      let (g, h) = (group.randomElement(using: &generator), group.randomElement(using: &generator))
      let twice = action(g, action(h, x))
      worst = max(worst, (twice - action(group.product(g, h), x)).absolute().max().item / twice.absolute().max().item)
      worst = max(worst, (action(group.identity, x) - x).absolute().max().item)
    }
    return worst
  }

  @Test func laws() {
    #expect(violation(.invariant, O3(), [4, 3]) == 0)
    #expect(violation(.vectors, SO3(), [4, 3]) < 1e-14)
    #expect(violation(.vectors, O3(), [2, 4, 3]) < 1e-14)
    #expect(violation(.vectors, E3(), [3]) < 1e-14)
    #expect(violation(.points, E3(), [4, 3]) < 1e-14)
    #expect(violation(.points, SE3(), [2, 4, 3]) < 1e-14)
    #expect(violation(.rows(by: O3().pseudovector), O3(), [4, 3]) < 1e-14)
    #expect(violation(.rows(by: O3().standard, axis: 1), O3(), [2, 3, 5]) < 1e-14)
    #expect(violation(.rows(by: E3().homogeneous, axis: 0), E3(), [4, 5]) < 1e-14)
    #expect(violation(.rows(by: SymmetricGroup(5).standard, axis: 0), SymmetricGroup(5), [5, 2]) == 0)
    #expect(violation(.permutingRows, SymmetricGroup(5), [5, 2]) == 0)
    #expect(violation(.permuting(axes: 0, 1), SymmetricGroup(5), [5, 5, 2]) == 0)
    #expect(violation(.permuting(axes: 0, -1), SymmetricGroup(4), [4, 2, 4]) == 0)
  }

  @Test func knownValues() throws {
    let turn = Rotation3(axis: SIMD3(0, 0, 1), angle: .pi / 2)
    let motion = RigidMotion(rotation: turn, translation: SIMD3(10, 0, 0))
    let x = Tensor<Double>([1, 2, 3])
    let points = Action<RigidMotion, Tensor<Double>>.points(motion, x).elements
    for (a, b) in zip(points, [8.0, 1, 3]) { #expect(abs(a - b) < 1e-14) }
    let vectors = Action<RigidMotion, Tensor<Float>>.vectors(motion, x.converted(to: Float.self)).elements
    #expect(vectors == [-2, 1, 3])
    let pseudovectors = Action<OrthogonalElement, Tensor<Double>>.rows(by: O3().pseudovector).along(\RigidMotion.linear)
    let mirrored = RigidMotion(linear: .inversion, translation: SIMD3(1, 1, 1))
    #expect(pseudovectors(mirrored, x) == x)
    // 0 → 1 → 2 → 0: the row at place 0 moves to place 1.
    let cycle = try Permutation(cycles: [[0, 1, 2]], count: 3)
    #expect(Action<Permutation, Tensor<Double>>.permutingRows(cycle, x).elements == [3, 1, 2])
    let matrix = Tensor<Double>(rows: [[0, 1, 2], [3, 4, 5], [6, 7, 8]])
    let moved = Action<Permutation, Tensor<Double>>.permuting(axes: 0, 1)(cycle, matrix)
    for i in 0..<3 { for j in 0..<3 { #expect(moved[cycle[i], cycle[j]] == matrix[i, j]) } }
  }

  @Test func fieldsOfStructsAndTuples() {
    struct Body {
      var place: Tensor<Double>
      var spin: (direction: Tensor<Double>, rate: Tensor<Double>)
      var label = "a"
    }
    let action = Action<RigidMotion, Body>.on(\.place, by: .points)
      .on(\.spin, by: .on(\.direction, by: .vectors, named: "direction"), named: "spin")
    let body = Body(place: Tensor([1, 0, 0]), spin: (Tensor([0, 1, 0]), Tensor([2])))
    let moved = action(RigidMotion(linear: .inversion, translation: SIMD3(0, 0, 5)), body)
    #expect(moved.place.elements == [-1, 0, 5])
    #expect(moved.spin.direction.elements == [0, -1, 0])
    #expect(moved.spin.rate == body.spin.rate && moved.label == "a")
    var generator = RandomSource(seed: 1)
    let report = measureEquivariance(of: { $0 }, under: E3(), input: action, output: action, at: [body], using: &generator)
    #expect(report.outputs.map(\.name) == ["place", "spin.direction"])
    #expect(report.relativeError == 0)
  }

  /// A computed property has no name at run time, and an address is none either.
  @Test func computedProperties() {
    struct Body {
      var place: Tensor<Double>
      var mirrored: Tensor<Double> {
        get { -place }
        set { place = -newValue }
      }
      var inner: [Tensor<Double>] { [place] }
    }
    let action = Action<RigidMotion, Body>.on(\.mirrored, by: .vectors)
    #expect(action.fields.map(\.name) == ["Tensor<Double> of Body"])
    #expect(Action<RigidMotion, Body>.on(\.self.place, by: .points).fields.map(\.name) == ["place"])
    #expect(Action<RigidMotion, Tensor<Double>>.on(\.self, by: .points).fields.map(\.name) == [""])
    let irreps = Action<OrthogonalElement, IrrepsTensor<Double>>.on(\.tensor, by: .rows(by: O3().standard))
    #expect(irreps.fields.map(\.name) == ["Tensor<Double> of IrrepsTensor<Double>"])
    let named = Action<OrthogonalElement, IrrepsTensor<Double>>.on(\.tensor, by: .rows(by: O3().standard), named: "features")
    #expect(named.fields.map(\.name) == ["features"])
  }
}
