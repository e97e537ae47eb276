import DifferentiableTensors
import EquivariantLayers
import Testing

/// Lifting and reading out.
struct OrientationAxesTests {
  /// On a grid that is exact to degree 2, three times the mean of (v·o) o is v; on frames the mean of R (Rᵀ v).
  @Test(arguments: [(OrientationRule.polyhedron(.octahedron), 3.0), (.rotations(.t), 1)])
  func vectorsComeBack(rule: OrientationRule, factor: Double) {
    var generator = RandomSource(seed: 1)
    let axes = OrientationAxes(OrientationGrid<Double>(rule, using: &generator))
    let (scalars, vectors) = (Tensor<Double>.normal([4, 2], using: &generator), Tensor<Double>.normal([4, 2, 3], using: &generator))
    let read = axes.readOut(axes.lifted(scalars: scalars, vectors: vectors), scalars: 2, vectors: 2, tensors: 0)
    #expect((read.scalars - scalars).absolute().max().item < 1e-14)
    #expect((read.vectors * factor - vectors).absolute().max().item < 1e-14)
    #expect(read.tensors.shape == [4, 0, 3, 3])
  }

  /// The tensor of f(o) = (v·o)² is (2/15)(v ⊗ v − |v|²/3) where the rule is exact to degree 4.
  @Test func tensors() {
    var generator = RandomSource(seed: 2)
    let axes = OrientationAxes(OrientationGrid<Double>(.polyhedron(.icosahedron), using: &generator))
    let v = Tensor<Double>.normal([1, 1, 3], using: &generator)
    let f = axes.lifted(scalars: .zeros([1, 0]), vectors: v).squared()
    let received = axes.readOut(f, scalars: 0, vectors: 0, tensors: 1).tensors.reshaped(3, 3)
    let outer = v.reshaped(3, 1) * v.reshaped(1, 3)
    let expected = (outer - Tensor.identity(3) * v.squared().sum() * (1 / 3.0)) * (2 / 15.0)
    #expect((received - expected).absolute().max().item < 1e-14)
    #expect(received.absolute().max().item > 0.01)
  }
}
