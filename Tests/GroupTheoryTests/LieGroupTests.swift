import RealModule
import Testing

@testable import GroupTheory

@Suite struct LieGroupTests {
  /// exp of twists (ω, v) by mpmath's Taylor series of the 4×4 matrix at 40 digits: ω, v, and the translation t.
  private let twists: [(twist: [Double], translation: [Double], corner: Double)] = [
    ([0.3, -0.4, 0.5, 1, 2, -3], [0.917097974873998534, 2.63880527613446294, -2.43921456401682874], 0.803400569602016716),
    ([1e-5, 2e-5, -1e-5, 1, -2, 0.5], [0.999994999841666917, -2.00000749991666629, 0.499980000008334333], 0.99999999975),
    ([1e-9, 0, 0, 3, 1, 2], [3, 0.999999999, 2.0000000005], 1),
    ([2, -1.5, 1.8, 0.1, 0.2, 0.3], [-0.0776741217314135208, -0.152643948874926946, 0.203545733416909223], -0.15593111127364472),
    ([0, 3.14159265, 0, 1, 0, 0], [1.14266661205793551e-9, 0, -0.636619773095025499], -0.999999999999999994),
    ([0.5, 0.6, -0.6, -1, 4, 2], [0.868697018562728137, 3.26631725913904558, 2.82356477460798575], 0.668175223362741689),
  ]

  @Test func twistsAgreeWithTheMatrixExponential() {
    for (twist, translation, corner) in twists {
      let motion = SE3().exponential(twist)
      for axis in 0..<3 { #expect(abs(motion.translation[axis] - translation[axis]) < 2e-15) }
      #expect(abs(motion.linear.matrix[0, 0] - corner) < 4e-16)
      let back = SE3().logarithm(of: motion)!
      for (a, b) in zip(back, twist) { #expect(abs(a - b) < 1e-14) }
    }
    // Without the V matrix the translation would be the velocity.
    #expect(abs(twists[0].translation[0] - 1) > 0.05)
  }

  /// Every size of rotation from 10⁻³⁰⁰ over the change of series to π.
  @Test func rotationVectorsRoundTrip() {
    let direction = SIMD3<Double>(2, -1, 2) / 3
    for angle in [1e-300, 1e-170, 1e-20, 1e-9, 1e-8, 1e-3, 0.999, 1.001, 1.999, 2.001, 3, .pi - 1e-6, .pi - 1e-12, .pi] as [Double] {
      let rotation = Rotation3(rotationVector: angle * direction)
      let back = rotation.rotationVector
      for axis in 0..<3 { #expect(abs(back[axis] - angle * direction[axis]) <= 4e-16 * angle) }
      let twist = [back.x, back.y, back.z, 1, -2, 3]
      let again = SE3().logarithm(of: SE3().exponential(twist))!
      for (a, b) in zip(again, twist) { #expect(abs(a - b) < 4e-15) }
    }
    #expect(Rotation3(rotationVector: .zero).rotationVector == .zero)
    // One branch at π, whichever sign the quaternion has.
    for sign in [1.0, -1] {
      let half = Rotation3(normalizing: 0, sign * 0.6, 0, sign * -0.8).rotationVector
      #expect(abs(half.x - 0.6 * .pi) < 1e-15 && abs(half.z + 0.8 * .pi) < 1e-15)
    }
  }

  @Test func motionsOfThePlane() {
    // A quarter of a circle of radius 2: from the origin heading along x to (2, 2).
    let motion = SE2().exponential([.pi / 2, .pi, 0])
    #expect(abs(motion.translation.x - 2) < 1e-15 && abs(motion.translation.y - 2) < 1e-15)
    for twist in [[0.0, 1, 2], [1e-9, 1, 2], [1e-300, 3, -1], [.pi, 1, 0], [-3, 0.5, 2], [2, -1, 4]] {
      let back = SE2().logarithm(of: SE2().exponential(twist))!
      for (a, b) in zip(back, twist) { #expect(abs(a - b) < 4e-15) }
    }
    #expect(Rotation2(angle: -.pi).inverse.angle.magnitude <= .pi && (try! Rotation2(x: -1, y: -0.0)).angle == .pi)
  }

  @Test func elementsWithoutALogarithm() {
    #expect(O3().logarithm(of: .inversion) == nil && O2().logarithm(of: .reflection) == nil)
    #expect(E3().logarithm(of: RigidMotion(linear: .inversion, translation: .zero)) == nil)
    #expect(DirectProduct(O2(), SO3()).logarithm(of: ProductElement(.reflection, .identity)) == nil)
  }

  /// scipy.spatial.transform.Rotation.from_euler("ZYZ", (0.1, 0.2, 0.3)).
  @Test func zyzEulerAngles() {
    let expected = Matrix<Double>([
      [0.902113, -0.38355704, 0.19767681], [0.3875172, 0.92164909, 0.01983384], [-0.18979606, 0.0587108, 0.98006658],
    ])
    let rotation = Rotation3(zyzAlpha: 0.1, beta: 0.2, gamma: 0.3)
    #expect(rotation.matrix.distance(to: expected) < 1e-8)
    let (y, z) = (SIMD3<Double>(0, 1, 0), SIMD3<Double>(0, 0, 1))
    #expect(rotation.distance(to: Rotation3(axis: z, angle: 0.1) * Rotation3(axis: y, angle: 0.2) * Rotation3(axis: z, angle: 0.3)) < 1e-15)
    var generator = SplitMix64(seed: 61)
    let locked = [Rotation3.identity, Rotation3(axis: y, angle: .pi), Rotation3(axis: z, angle: 3)]
    for rotation in SO3().randomElements(50, using: &generator) + locked {
      let (alpha, beta, gamma) = rotation.zyzEulerAngles
      #expect(beta >= 0 && beta <= .pi)
      #expect(Rotation3(zyzAlpha: alpha, beta: beta, gamma: gamma).distance(to: rotation) < 2e-15)
    }
  }

  @Test func elementsOfThePlane() throws {
    let g = OrthogonalElement2(Rotation2(angle: 0.4), isReflection: true)
    #expect(try OrthogonalElement2(matrix: g.matrix).distance(to: g) < 1e-15)
    #expect(try Rotation2(matrix: Rotation2(angle: 2.5).matrix).angle == 2.5)
    let image = g * SIMD2(3.0, -2)
    #expect(zip(g.matrix * [3.0, -2], [image.x, image.y]).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(throws: GroupElementError.wrongShape(rows: 3, columns: 3, expected: 2)) { try Rotation2(matrix: .identity(3)) }
    #expect("\(GroupElementError.wrongShape(rows: 3, columns: 3, expected: 2))" == "expected a 2×2 matrix, received 3×3")
    #expect(throws: GroupElementError.improper(determinant: -1)) { try Rotation2(matrix: .diagonal([1, -1])) }
    #expect(throws: GroupElementError.notOrthogonal(deviation: 3, tolerance: 1e-6)) { try OrthogonalElement2(matrix: .diagonal([2, 2])) }
    #expect(throws: GroupElementError.degenerateDirection(norm: 0)) { try Rotation2(x: 0, y: 0) }
    #expect(throws: GroupElementError.self) { try Rotation2(x: .nan, y: 1) }
    // SO(2) in SO(3), C_n in SO(2), D_n in O(2): homomorphisms.
    let (a, b) = (Rotation2(angle: 2.2), Rotation2(angle: 1.9))
    let axis = SIMD3<Double>(1, 2, 3)
    #expect((a * b).about(axis: axis).distance(to: a.about(axis: axis) * b.about(axis: axis)) < 1e-15)
    let (c12, d12) = (CyclicGroup(12), DihedralGroup(12))
    for x in d12.elements {
      for y in d12.elements {
        let product = d12.orthogonalElement(of: x) * d12.orthogonalElement(of: y)
        #expect(product.distance(to: d12.orthogonalElement(of: d12.product(x, y))) < 2e-15)
      }
    }
    #expect(c12.rotation(of: 3).cosine == 0 && c12.rotation(of: 6).cosine == -1)
  }
}
