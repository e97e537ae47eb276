import DifferentiableTensors
import EquivarianceTesting
import EquivariantLayers
import GroupTheory
import Testing

/// Band-limited kernels.
struct OrientationGridLegendreTests {
  let grid = OrientationGridTests.grid(.lebedev(degree: 9), Double.self)

  @Test func values() {
    var generator = RandomSource(seed: 1)
    let r = Tensor<Double>.normal([3, 3], using: &generator)
    let received = grid.solidLegendre(r, degree: 4)
    for k in 0..<3 {
      let length = r.sliced(axis: 0, k..<k + 1).norm().item
      let s = length / (1 + length * length).squareRoot()
      for o in 0..<grid.count {
        let cosine = (0..<3).reduce(0) { $0 + r[k, $1] * grid.axes[o, 0, $1] } / length
        let expected = Legendre.polynomials(upTo: 4, at: cosine)
        var power = 1.0
        for l in 0...4 {
          #expect(abs(received[k, o, l] - power * expected[l]) < 1e-14)
          power *= s
        }
      }
    }
  }

  /// A rule of degree 9 is exact for the projection of degree 4: idempotent, and it keeps harmonics of degree 4 and no others.
  @Test func projection() {
    let projection = grid.harmonicProjection(degree: 4)
    #expect((Tensor.matmul(projection, projection) - projection).absolute().max().item < 1e-13)
    let z = grid.axes.reshaped(grid.count, 3).sliced(axis: 1, 2..<3)
    let quartic = z.squared().squared()
    #expect((Tensor.matmul(projection, quartic) - quartic).absolute().max().item < 1e-13)
    #expect((Tensor.matmul(projection, quartic * z) - quartic * z).absolute().max().item > 1e-3)
    let first = Tensor.matmul(grid.zonalBasis(degree: 1).selected(axis: 2, 1) * grid.weights, z)
    #expect((first - z).absolute().max().item < 1e-14)
    #expect(
      abs(
        grid.harmonicProjection(degree: 2).elements.enumerated().filter { $0.offset % (grid.count + 1) == 0 }.reduce(0) { $0 + $1.element }
          - 9) < 1e-12)
  }

  /// Products of harmonics are integrated to the degree of the rule and no further, in either precision.
  @Test func exactness() {
    #expect((1...6).map { grid.isExact(forProductsOfDegree: $0) } == [true, true, true, true, false, false])
    for (rule, degree) in [
      (OrientationRule.polyhedron(.tetrahedron), 1), (.polyhedron(.icosahedron), 2), (.design(degree: 7), 3), (.design(degree: 13), 6),
    ] {
      let single = OrientationGridTests.grid(rule, Float.self)
      #expect((1...7).allSatisfy { single.isExact(forProductsOfDegree: $0) == ($0 <= degree) }, "\(rule)")
    }
    for rule in [OrientationRule.repulsion(64), .signSymmetric(16), .fibonacci(100)] {
      #expect(!OrientationGridTests.grid(rule, Double.self).isExact(forProductsOfDegree: 2))
    }
  }

  /// Smooth at r = 0, to third order.
  @Test func derivatives() {
    var generator = RandomSource(seed: 2)
    let r = Tensor<Double>.concatenated([.zeros([1, 3]), .normal([1, 3], using: &generator)], axis: 0)
    let report = checkDerivatives(of: { grid.solidLegendre($0[0], degree: 3) }, at: [r], using: &generator)
    #expect(report.relativeError < 1e-7, "\(report)")
  }
}
