import Equivariant
import Testing

@Suite struct SphericalHarmonicsTensorTests {
  /// Points that code gets wrong, then random ones; not a multiple of any block.
  private func points<S: TensorScalar>(_ type: S.Type) -> Tensor<S> {
    var generator = RandomSource(seed: 5)
    let special = Tensor<S>(rows: [[0, 1, 0], [0, -2, 0], [0, 0, 0], [1e-7, 1, 0], [0, 0, 3], [1, 1e-9, 0]])
    return .concatenated([special, .normal([37, 3], using: &generator)], axis: 0)
  }

  /// The kernel against the scalar code of GroupTheory: values and Jacobian, both inputs, all normalisations, ranges of degrees.
  @Test(arguments: [(0, 0), (0, 2), (0, 7), (1, 9), (3, 3), (8, 8), (0, 33), (9, 40)]) func kernelEqualsScalarCode(lo: Int, hi: Int) {
    for normalizing in [true, false] {
      for normalization in SphericalHarmonics.Normalization.allCases {
        let harmonics = SphericalHarmonics(degrees: lo...hi, normalization: normalization, normalizingInput: normalizing)
        // Rounding grows with the degree, most of all that of the radius to the power of the degree.
        check(harmonics, points(Double.self), tolerance: 3e-16 * Double(hi + 8))
        check(harmonics, points(Float.self), tolerance: 2e-7)
      }
    }
  }

  private func check<S: TensorScalar>(_ harmonics: SphericalHarmonics, _ points: Tensor<S>, tolerance: Double) {
    let (values, jacobian) = harmonics.valuesAndJacobian(points)
    #expect(values == harmonics(points))
    #expect(values.shape == [points.shape[0], harmonics.count] && jacobian.shape == [points.shape[0], 3, harmonics.count])
    var (worst, worstSlope) = (0.0, 0.0)
    let (y, d) = (values.elements, jacobian.elements)
    for i in 0..<points.shape[0] {
      let r = SIMD3(Double(points[i, 0]), Double(points[i, 1]), Double(points[i, 2]))
      let (expected, gradients) = (harmonics(r), harmonics.gradients(at: r))
      let scale = max(1, expected.map(\.magnitude).max()!)
      let slope = max(1, gradients.map { max($0.x.magnitude, $0.y.magnitude, $0.z.magnitude) }.max()!)
      for k in 0..<harmonics.count {
        worst = max(worst, abs(Double(y[i * harmonics.count + k]) - expected[k]) / scale)
        for a in 0..<3 {
          worstSlope = max(worstSlope, abs(Double(d[(3 * i + a) * harmonics.count + k]) - gradients[k][a]) / slope)
        }
      }
    }
    #expect(worst < tolerance && worstSlope < tolerance, "\(harmonics.degrees) \(harmonics.normalization) \(worst) \(worstSlope)")
  }

  @Test(arguments: [true, false]) func derivativesOfThreeOrders(normalizing: Bool) {
    let harmonics = SphericalHarmonics(degrees: 0...4, normalization: .component, normalizingInput: normalizing)
    var generator = RandomSource(seed: 6)
    let x = Tensor<Double>.normal([3, 3], using: &generator)
    let weights = Tensor<Double>.normal([3, 25], using: &generator)
    let report = checkDerivatives(of: { harmonics($0[0]) * weights }, at: [x], order: 3, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
  }

  /// The kernel's pullback equals that of the recorded operations, and the Jacobian contracted; finite at zero.
  @Test(arguments: [true, false]) func pullbacksAgree(normalizing: Bool) {
    for (lo, hi) in [(0, 3), (2, 5), (0, 12), (7, 9)] {
      let harmonics = SphericalHarmonics(degrees: lo...hi, normalizingInput: normalizing)
      var generator = RandomSource(seed: 7)
      let x = points(Double.self).asVariable()
      let g = Tensor<Double>.normal([43, harmonics.count], using: &generator)
      let fused = gradient(of: harmonics(x), withRespectTo: x, seed: g)
      let recorded = gradient(of: harmonics(x), withRespectTo: x, seed: g, keepingGraph: true)
      let jacobian = harmonics.valuesAndJacobian(x.detached).jacobian
      let contracted = Tensor.matmul(jacobian, g.reshaped(43, harmonics.count, 1)).reshaped(43, 3)
      let scale = Swift.max(1, contracted.absolute().max().item)
      #expect((fused - contracted).absolute().max().item < 1e-13 * scale)
      #expect((recorded - contracted).absolute().max().item < 1e-12 * scale)
      let again = gradient(of: recorded.squared().sum(), withRespectTo: x)
      let finite = again.elements.allSatisfy { $0.isFinite }
      #expect(finite)
    }
  }

  /// Vectors at both ends of the range of Double, denormal ones too, are directions like others.
  @Test func extremeLengths() {
    let harmonics = SphericalHarmonics(degrees: 0...5)
    let expected = harmonics(Tensor<Double>([1, 0, 1]))
    for length in [Double.leastNonzeroMagnitude, .leastNormalMagnitude / 64, 1e-200, 1e200, 1e308] {
      #expect((harmonics(Tensor<Double>([length, 0, length])) - expected).absolute().max().item < 1e-15)
    }
    let tiny = Float.leastNonzeroMagnitude
    let float = harmonics(Tensor<Float>([tiny, 0, tiny])) - harmonics(Tensor<Float>([1, 0, 1]))
    #expect(float.absolute().max().item < 1e-7)
    let notANumber = harmonics(Tensor<Double>([0, .nan, 0])).elements.dropFirst().allSatisfy { $0.isNaN }
    #expect(notANumber)
  }

  @Test func shapesAndThreads() {
    var generator = RandomSource(seed: 8)
    let harmonics = SphericalHarmonics(degrees: 0...6)
    let x = Tensor<Float>.normal([2, 5000, 3], using: &generator)
    #expect(harmonics(x).shape == [2, 5000, 49])
    #expect(harmonics(Tensor<Float>([1, 2, 3])).shape == [49])
    #expect(harmonics(Tensor<Float>.zeros([0, 3])).shape == [0, 49])
    #expect(threadCountsThatMatter([2]) { harmonics(x) } == [])
  }

  @Test func equivariance() {
    let harmonics = SphericalHarmonics(degrees: 1...8)
    #expect(harmonics.irreps == "1o + 2e + 3o + 4e + 5o + 6e + 7o + 8e")
    /// The error over O(3), inversion included, if the output were of the given irreps.
    func error(_ irreps: Irreps<O3>) -> Double {
      var generator = RandomSource(seed: 9)
      return measureEquivariance(
        of: { harmonics($0) }, under: O3(), input: .vectors, output: .rows(by: IrrepsRepresentation(irreps)),
        at: [Tensor<Double>.normal([10, 3], using: &generator)], using: &generator
      ).relativeError
    }
    #expect(error(harmonics.irreps) < 1e-14)
    #expect(error("1e + 2e + 3o + 4e + 5o + 6e + 7o + 8e") > 0.1)
    #expect(error("8e + 7o + 6e + 5o + 4e + 3o + 2e + 1o") > 0.1)
  }
}
