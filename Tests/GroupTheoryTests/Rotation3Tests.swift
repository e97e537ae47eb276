import RealModule
import Testing

@testable import GroupTheory

@Suite struct Rotation3Tests {
  @Test func axisAngleIsRightHanded() {
    let quarter = Rotation3(axis: SIMD3(0, 0, 2), angle: .pi / 2)
    #expect(quarter.matrix.distance(to: Matrix([[0, -1, 0], [1, 0, 0], [0, 0, 1]])) < 1e-15)
    let image = quarter * SIMD3(1, 0, 5)
    #expect(abs(image.x) < 1e-15 && abs(image.y - 1) < 1e-15 && image.z == 5)
    let rotation = Rotation3(axis: SIMD3(1, 2, -2), angle: 2.5)
    #expect(abs(rotation.angle - 2.5) < 1e-15)
    #expect(abs(rotation.axis.x - 1.0 / 3) < 1e-15 && abs(rotation.axis.z + 2.0 / 3) < 1e-15)
    #expect(Rotation3.identity.axis == SIMD3(0, 1, 0) && Rotation3.identity.angle == 0)
  }

  @Test func matrixRoundTrip() throws {
    var generator = SplitMix64(seed: 9)
    var rotations = SO3().randomElements(200, using: &generator)
    for axis in [SIMD3<Double>(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1), SIMD3(1, 1, 0), SIMD3(-1, 2, 3)] {
      for angle in [0, 1e-9, 1, .pi - 1e-9, .pi, 4] { rotations.append(Rotation3(axis: axis, angle: angle)) }
    }
    for rotation in rotations {
      #expect(try Rotation3(matrix: rotation.matrix).distance(to: rotation) < 1e-15)
      let image = rotation * SIMD3(0.3, -2, 1)
      let product = rotation.matrix * [0.3, -2, 1]
      for axis in 0..<3 { #expect(abs(image[axis] - product[axis]) < 2e-15) }
    }
    let (a, b) = (rotations[0], rotations[1])
    #expect((a * b).matrix.distance(to: a.matrix * b.matrix) < 1e-15)
  }

  @Test func eulerAnglesAreYXY() {
    func about(_ axis: SIMD3<Double>, _ angle: Double) -> Rotation3 { Rotation3(axis: axis, angle: angle) }
    let (x, y) = (SIMD3<Double>(1, 0, 0), SIMD3<Double>(0, 1, 0))
    let rotation = Rotation3(alpha: 0.1, beta: 0.2, gamma: 0.3)
    #expect(rotation.distance(to: about(y, 0.1) * about(x, 0.2) * about(y, 0.3)) < 1e-15)
    // R e_y = (sin β sin α, cos β, sin β cos α)
    let pole = rotation * y
    #expect(abs(pole.x - Double.sin(0.2) * Double.sin(0.1)) < 1e-15)
    #expect(abs(pole.y - Double.cos(0.2)) < 1e-15)
    #expect(abs(pole.z - Double.sin(0.2) * Double.cos(0.1)) < 1e-15)
    var generator = SplitMix64(seed: 10)
    let locked = [Rotation3.identity, about(x, .pi), about(y, 3), about(x, 1e-9) * about(y, 1)]
    for rotation in SO3().randomElements(100, using: &generator) + locked {
      let (alpha, beta, gamma) = rotation.eulerAngles
      #expect(beta >= 0 && beta <= .pi)
      #expect(Rotation3(alpha: alpha, beta: beta, gamma: gamma).distance(to: rotation) < 2e-15)
    }
  }

  @Test func rejectsWhatIsNotARotation() {
    #expect(throws: GroupElementError.wrongShape(rows: 2, columns: 2)) { try Rotation3(matrix: .identity(2)) }
    #expect(throws: GroupElementError.improper(determinant: -1)) { try Rotation3(matrix: -1 * .identity(3)) }
    #expect(throws: GroupElementError.notOrthogonal(deviation: 3, tolerance: 1e-6)) { try Rotation3(matrix: 2 * .identity(3)) }
    #expect(throws: GroupElementError.self) { try Rotation3(matrix: Matrix([[1, 0, 0], [0, .nan, 0], [0, 0, 1]])) }
    #expect(throws: GroupElementError.degenerateQuaternion(norm: 0)) { try Rotation3(w: 0, x: 0, y: 0, z: 0) }
    #expect(throws: GroupElementError.self) { try Rotation3(w: .infinity, x: 0, y: 0, z: 0) }
    #expect("\(GroupElementError.notOrthogonal(deviation: 3, tolerance: 0.5))".contains("|MᵀM − 1| = 3.0"))
    #expect((try? OrthogonalElement(matrix: -1 * .identity(3)))?.isImproper == true)
  }

  @Test func extremeQuaternionsAreNormalised() throws {
    let rotation = try Rotation3(w: 1e-300, x: 0, y: 1e-300, z: 0)
    #expect(abs(rotation.angle - .pi / 2) < 1e-15)
    #expect(try Rotation3(w: -1e200, x: 0, y: 0, z: 0).distance(to: .identity) == 0)
  }

  @Test func longProductsStayRotations() {
    var generator = SplitMix64(seed: 11)
    let step = SO3().randomElement(using: &generator)
    var product = Rotation3.identity
    for _ in 0..<100_000 { product = product * step }
    let m = product.matrix
    #expect((m.transposed * m).distance(to: .identity(3)) < 1e-15)
    #expect(product.distance(to: SO3().power(step, 100_000)) < 1e-10)
  }

  @Test func vectorsOfAnySize() {
    let expected = Rotation3(axis: SIMD3(1, 2, 3), angle: 0.7)
    for size in [Double.leastNormalMagnitude / 1024, 1e-200, 1e200, 1e307] {
      let rotation = Rotation3(axis: SIMD3(size, 2 * size, 3 * size), angle: 0.7)
      let tolerance = size < 1e-300 ? 1e-3 : 1e-15
      #expect(rotation.distance(to: expected) < tolerance)
    }
    // sin(10²⁰⁰/2) by mpmath.
    let x = Rotation3(rotationVector: SIMD3(1e200, 0, 0)).x
    #expect(abs(abs(x) - 0.34274493324100153) < 1e-15)
  }
}
