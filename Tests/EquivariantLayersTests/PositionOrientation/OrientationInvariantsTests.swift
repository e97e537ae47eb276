import DifferentiableTensors
import EquivarianceTesting
import EquivariantLayers
import GroupTheory
import Testing

/// The invariants of tensors against those of `GroupTheory` (which `GroupTheoryTests` compares with the authors' code), and derivatives.
struct OrientationInvariantsTests {
  @Test func directionsInSpace() throws {
    var generator = RandomSource(seed: 1)
    let grid = OrientationGrid<Double>(.antipodal(8), using: &generator)
    let space = PositionOrientationSpace3()
    var r = Tensor<Double>.normal([6, 3], using: &generator).elements
    // Parallel to an orientation, and nothing.
    let o = grid.axes.elements
    r += o[3..<6].map { -2.5 * $0 } + [0, 0, 0]
    let spatial = grid.spatialInvariants(Tensor(r, shape: [8, 3]))
    let fiber = grid.fiberInvariants
    for k in 0..<8 {
      for a in 0..<8 {
        let receiver = try OrientedPoint3(position: .zero, orientation: SIMD3(o[3 * a], o[3 * a + 1], o[3 * a + 2]))
        for b in 0..<8 {
          let sender = try OrientedPoint3(
            position: SIMD3(r[3 * k], r[3 * k + 1], r[3 * k + 2]), orientation: SIMD3(o[3 * b], o[3 * b + 1], o[3 * b + 2]))
          let expected = space.ponitaInvariants(receiver, sender)
          let received = [spatial[k, a, 0], spatial[k, a, 1], fiber[a, b, 0]]
          #expect(zip(expected, received).allSatisfy { abs($0 - $1) < 1e-14 }, "\(expected) \(received)")
          let pair = Tensor.orientedPairInvariants(
            Tensor(Array(r[3 * k..<3 * k + 3]), shape: [1, 3]), receivers: Tensor(Array(o[3 * a..<3 * a + 3]), shape: [1, 3]),
            senders: Tensor(Array(o[3 * b..<3 * b + 3]), shape: [1, 3]))
          #expect(zip(expected, pair.elements).allSatisfy { abs($0 - $1) < 1e-14 })
        }
      }
    }
  }

  @Test func directionsInThePlane() {
    var generator = RandomSource(seed: 2)
    let grid = OrientationGrid<Double>(.circle(6), using: &generator)
    let space = PositionOrientationSpace2()
    let r = Tensor<Double>.normal([5, 2], using: &generator)
    let (spatial, fiber) = (grid.spatialInvariants(r), grid.fiberInvariants)
    for k in 0..<5 {
      for a in 0..<6 {
        for b in 0..<6 {
          func point(_ position: SIMD2<Double>, _ o: Int) -> OrientedPoint2 {
            OrientedPoint2(position: position, direction: try! Rotation2(x: grid.axes[o, 0, 0], y: grid.axes[o, 0, 1]))
          }
          let expected = space.ponitaInvariants(point(.zero, a), point(SIMD2(r[k, 0], r[k, 1]), b))
          let received = [spatial[k, a, 0], spatial[k, a, 1], fiber[a, b, 0]]
          #expect(zip(expected, received).allSatisfy { abs($0 - $1) < 1e-14 })
        }
      }
    }
  }

  @Test func frames() {
    var generator = RandomSource(seed: 3)
    let grid = OrientationGrid<Double>(.rotations(.t), using: &generator)
    let rotations = PointGroup.t.elements.map { PointGroup.t.orthogonalElement(of: $0).rotation }
    let space = SE3().asSpace
    let r = Tensor<Double>.normal([3, 3], using: &generator)
    let (spatial, fiber) = (grid.spatialInvariants(r), grid.fiberInvariants)
    for k in 0..<3 {
      for a in 0..<12 {
        for b in 0..<12 {
          // The homogeneous matrix of receiver⁻¹ sender, row by row.
          let matrix = space.pairInvariants(
            RigidMotion(rotation: rotations[a], translation: .zero),
            RigidMotion(rotation: rotations[b], translation: SIMD3(r[k, 0], r[k, 1], r[k, 2])))
          for i in 0..<3 {
            #expect(abs(spatial[k, a, i] - matrix[4 * i + 3]) < 1e-14)
            for j in 0..<3 { #expect(abs(fiber[a, b, 3 * i + j] - matrix[4 * i + j]) < 1e-14) }
          }
        }
      }
    }
  }

  @Test func derivatives() {
    var generator = RandomSource(seed: 4)
    let grid = OrientationGrid<Double>(.signSymmetric(8), using: &generator)
    let r = Tensor<Double>.normal([4, 3], using: &generator)
    let report = checkDerivatives(of: { grid.spatialInvariants($0[0]) }, at: [r], using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
    let o = Tensor<Double>.normal([4, 3], using: &generator)
    let pairs = checkDerivatives(
      of: { Tensor.orientedPairInvariants($0[0], receivers: $0[1].normalized(), senders: $0[2].normalized()) },
      at: [r, o, Tensor<Double>.normal([4, 3], using: &generator)], order: 2, using: &generator)
    #expect(pairs.relativeError < 1e-6, "\(pairs)")
  }

  /// At r = 0 and r ∥ o the second derivatives are finite too; without the guard they would be of order 1/10⁻¹⁶.
  @Test func derivativesAtKinks() {
    var generator = RandomSource(seed: 5)
    let grid = OrientationGrid<Double>(.antipodal(16), using: &generator)
    let along = grid.axes.reshaped(16, 3) * 1.7
    for start in [Tensor<Double>.zeros([16, 3]), along] {
      let r = start.asVariable()
      let first = gradient(
        of: grid.spatialInvariants(r).squared().sum() + grid.spatialInvariants(r).sum(), withRespectTo: [r], keepingGraph: true)
      let second = gradient(of: first[0].squared().sum(), withRespectTo: [r])
      #expect(first[0].absolute().max().item < 1e3)
      #expect(second[0].absolute().max().item < 1e6)
    }
  }
}
