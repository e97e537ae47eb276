import Equivariant
import Testing

@Suite struct WignerMatricesTests {
  private func rotations() -> [Rotation3] {
    var generator = RandomSource(seed: 11)
    return SO3().randomElements(21, using: &generator) + [
      .identity, Rotation3(axis: SIMD3(1, 0, 0), angle: .pi), Rotation3(axis: SIMD3(0, 1, 0), angle: .pi),
      Rotation3(axis: SIMD3(0, 0, 1), angle: .pi), Rotation3(axis: SIMD3(1, 1, 0), angle: 1e-9),
      Rotation3(axis: SIMD3(1, 1, 0), angle: .pi - 1e-9),
    ]
  }
  private func tensor<S: TensorScalar>(_ rotations: [Rotation3], _ type: S.Type) -> Tensor<S> {
    Tensor(rows: rotations.map { [S($0.w), S($0.x), S($0.y), S($0.z)] })
  }

  @Test(arguments: [(0, 0), (0, 3), (2, 5), (12, 12), (0, 20)]) func kernelEqualsScalarCode(lo: Int, hi: Int) {
    let (rotations, matrices) = (rotations(), WignerMatrices(degrees: lo...hi))
    let (double, single) = (matrices(tensor(rotations, Double.self)), matrices(tensor(rotations, Float.self)))
    #expect(double.count == hi - lo + 1)
    for (i, l) in (lo...hi).enumerated() {
      #expect(double[i].shape == [27, 2 * l + 1, 2 * l + 1])
      let expected = rotations.flatMap { WignerD.real(degree: l, of: $0).elements }
      let exact = zip(double[i].elements, expected).map { abs($0 - $1) }.max()!
      #expect(exact < 1e-15 * Double(l + 2))
      // Here the quaternion itself is rounded to Float.
      let rounded = zip(single[i].elements, expected).map { abs(Double($0) - $1) }.max()!
      #expect(rounded < 2e-7 * Double(l + 1))
    }
  }

  /// Quaternions of any length, to the ends of the range of Double.
  @Test func lengthsOfQuaternions() {
    let matrices = WignerMatrices(degrees: 0...4)
    let unit = matrices(Tensor<Double>(rows: [[1, 1, 0, 0], [0, 1, 0, 2]]))
    for length in [Double.leastNormalMagnitude, 1e-200, 1e200, 1e307] {
      let scaled = matrices(Tensor<Double>(rows: [[length, length, 0, 0], [0, length, 0, 2 * length]]))
      for (a, b) in zip(scaled, unit) { #expect((a - b).absolute().max().item < 1e-14) }
    }
  }

  @Test func derivativesOfThreeOrders() {
    var generator = RandomSource(seed: 12)
    // Beside random rotations the identity and a half turn; quaternions of any length.
    let q = Tensor<Double>(rows: [[0.3, -1, 0.5, 0.8], [1, 0, 0, 0], [0, 0, 0.5, 0]])
    let matrices = WignerMatrices(degrees: 1...3)
    let report = checkDerivatives(
      of: { inputs in .concatenated(matrices(inputs[0]).map { $0.reshaped(3, $0.count / 3) }) }, at: [q], order: 3, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
  }

  /// From rotation matrices: the same values, and the same derivative along every turn, at any angle.
  @Test func fromRotationMatrices() {
    let rotations = rotations()
    let q = tensor(rotations, Double.self)
    let r = Tensor<Double>(rotations.flatMap(\.matrix.elements), shape: [27, 3, 3])
    let matrices = WignerMatrices(degrees: 1...6)
    for (a, b) in zip(matrices(q), matrices(ofRotations: r)) { #expect((a - b).absolute().max().item < 1e-14) }
    var generator = RandomSource(seed: 13)
    let x = r.asVariable()
    let weights = Tensor<Double>.normal([27, 7, 7], using: &generator)
    let slope = gradient(of: (WignerMatrices(degrees: 3...3)(ofRotations: x)[0] * weights).sum(), withRespectTo: x)
    let finite = slope.elements.allSatisfy { $0.isFinite }
    #expect(finite)
    for (i, rotation) in rotations.enumerated() {
      for axis in 0..<3 {
        // d/dθ R exp(θ n) = R [n]×, and of D the product with the generator.
        let turn = rotation.matrix * WignerD.generators(degree: 1)[axis]
        let along = zip(slope.sliced(axis: 0, i..<(i + 1)).elements, turn.elements).reduce(0) { $0 + $1.0 * $1.1 }
        let change = WignerD.real(degree: 3, of: rotation) * WignerD.generators(degree: 3)[axis]
        let expected = zip(weights.sliced(axis: 0, i..<(i + 1)).elements, change.elements).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(along - expected) < 1e-11)
      }
    }
  }

  /// Generators: commutators, Casimir, and the derivative of the matrices at the identity.
  @Test func generators() {
    for l in [0, 1, 2, 5] {
      let x = WignerD.generators(degree: l)
      for a in 0..<3 {
        let (b, c) = ((a + 1) % 3, (a + 2) % 3)
        #expect((x[a] * x[b] - x[b] * x[a]).distance(to: x[c]) < 1e-13)
        var axis = SIMD3(0.0, 0, 0)
        axis[a] = 1
        let small = WignerD.real(degree: l, of: Rotation3(axis: axis, angle: 1e-7))
        #expect((1e7 * (small - .identity(2 * l + 1))).distance(to: x[a]) < 1e-5)
      }
      let casimir = x[0] * x[0] + x[1] * x[1] + x[2] * x[2]
      #expect(casimir.distance(to: Double(-l * (l + 1)) * .identity(2 * l + 1)) < 1e-13)
    }
  }

  @Test func coefficientsOfOtherDegreesTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = WignerMatrices(degrees: 0...1).rotate(.zeros([9]), by: Tensor<Double>([1, 0, 0, 0], shape: [4]))
    }
  }
}
