import DifferentiableTensors
import EquivarianceTesting
import EquivariantLayers
import GroupTheory
import NeuralModules
import Testing

/// The symmetries of orientation grids.
struct OrientationGridTests {
  static func grid<S: TensorScalar>(_ rule: OrientationRule, _: S.Type = S.self) -> OrientationGrid<S> {
    var generator = RandomSource(seed: 1)
    return OrientationGrid(rule, using: &generator)
  }

  @Test(arguments: [
    (OrientationRule.repulsion(16), 16, false, false), (.signSymmetric(8), 8, true, true), (.signSymmetric(24), 24, true, true),
    (.antipodal(10), 10, true, false), (.orbits(24, of: .o), 24, false, false), (.orbits(24, of: .th), 24, true, true),
    (.polyhedron(.tetrahedron), 4, false, false), (.polyhedron(.octahedron), 6, true, true), (.polyhedron(.cube), 8, true, true),
    (.polyhedron(.icosahedron), 12, true, true), (.polyhedron(.dodecahedron), 20, true, true), (.design(degree: 7), 32, true, false),
    (.lebedev(degree: 5), 14, true, true), (.fibonacci(9), 9, false, false), (.circle(6), 6, true, true), (.circle(5), 5, false, false),
    (.rotations(.t), 12, false, true), (.rotations(.o), 24, false, true), (.gaussLegendre(degree: 3), 8, true, true),
  ])
  func symmetries(rule: OrientationRule, count: Int, antipodal: Bool, signSymmetric: Bool) {
    func check<S: TensorScalar>(_ grid: OrientationGrid<S>) {
      #expect(grid.count == count && grid.isAntipodal == antipodal && grid.isSignSymmetric == signSymmetric, "\(rule)")
      #expect(abs(grid.weights.sum().item - 1) < 8 * S.ulpOfOne)
      #expect((grid.axes.squaredNorm() - 1).absolute().max().item < 8 * S.ulpOfOne)
    }
    check(Self.grid(rule, Double.self))
    check(Self.grid(rule, Float.self))
  }

  /// Antipodes stand n/2 apart, whatever the order that they come in.
  @Test func orderOfAntipodes() {
    let grid = Self.grid(.lebedev(degree: 9), Double.self)
    let n = grid.count
    let opposite = grid.axes.gathered(RowIndex((0..<n).map { ($0 + n / 2) % n }, rowCount: n))
    #expect((grid.axes + opposite).absolute().max().item == 0)
    var broken = grid
    broken.axes = grid.axes.gathered(RowIndex([1, 0] + Array(2..<n), rowCount: n))
    #expect(!broken.isAntipodal)
  }

  /// The mean of a polynomial: weights go with the points.
  @Test func weights() {
    let grid = Self.grid(.lebedev(degree: 7), Double.self)
    let x = grid.axes.reshaped(grid.count, 3).sliced(axis: 1, 0..<1).reshaped(grid.count)
    #expect(abs((x.power(4) * grid.weights).sum().item - 0.2) < 1e-14)
  }

  @Test func parameters() {
    let grid = Self.grid(.signSymmetric(16), Float.self)
    #expect(ParameterAudit(of: grid).isClean)
    #expect(grid.namedTensors.map(\.path) == ["axes", "weights"] && grid.parameterCount == 0)
  }
}
