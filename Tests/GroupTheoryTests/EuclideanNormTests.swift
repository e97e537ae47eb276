import RealModule
import Testing

@testable import GroupTheory

/// Lengths, angles and distances of any size.
struct EuclideanNormTests {
  @Test(arguments: [.leastNonzeroMagnitude, Double(bitPattern: 1 << 40), 1e-300, 1e-170, 1e-155, 1e-10, 1, 1e155, 1e160, 1e300])
  func norms(size: Double) {
    let expected = Double.hypot(Double.hypot(1 * size, 2 * size), 2 * size)
    #expect((euclideanNorm([size, 2 * size, 2 * size]) - expected).magnitude <= 2 * expected.ulp)
    #expect((euclideanNorm(SIMD3(size, 2 * size, 2 * size)) - expected).magnitude <= 2 * expected.ulp)
  }
  @Test func special() {
    #expect(euclideanNorm([0, 0]) == 0 && euclideanNorm([]) == 0)
    #expect(euclideanNorm([.infinity, 1]) == .infinity && euclideanNorm([.nan, 1]).isNaN)
    #expect(euclideanNorm(SIMD4<Double>.zero) == 0)
  }

  /// Angle and axis of rotations by next to nothing.
  @Test(arguments: [1e-300, 1e-162, 1e-155, 1e-20, 1e-9])
  func smallRotations(angle: Double) {
    let axis = SIMD3(2.0, -1, 2) / 3
    let rotation = Rotation3(axis: axis, angle: angle)
    #expect((rotation.angle / angle - 1).magnitude < 1e-15, "angle \(rotation.angle)")
    #expect(((rotation.axis - axis) * (rotation.axis - axis)).sum() < 1e-30, "axis \(rotation.axis)")
    #expect((rotation.distance(to: .identity) / (angle / 2) - 1).magnitude < 1e-15)
    let back = rotation.rotationVector / angle
    #expect(((back - axis) * (back - axis)).sum() < 1e-30)
  }

  @Test(arguments: [1e-170, 1e160])
  func distances(size: Double) {
    let far = RigidMotion(rotation: .identity, translation: SIMD3(3, 0, 4) * size)
    let home = RigidMotion(rotation: .identity, translation: .zero)
    #expect((far.distance(to: home) / size - 5).magnitude < 1e-14)
    #expect((Translations(2).distance([3 * size, 0], [0, 4 * size]) / size - 5).magnitude < 1e-14)
    let unit = orthonormalized([size, size, 0], to: [[0, 1, 0]])
    #expect(unit == [1, 0, 0])
  }
}
