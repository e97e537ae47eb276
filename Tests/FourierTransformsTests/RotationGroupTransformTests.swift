import Equivariant
import Testing

@Suite struct RotationGroupTransformTests {
  private func random(_ shape: Shape, _ seed: UInt64 = 31) -> Tensor<Double> {
    var generator = RandomSource(seed: seed)
    return .normal(shape, using: &generator)
  }
  private func distance(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Double { (a - b).absolute().max().item / b.absolute().max().item }

  /// Σ √(2l + 1) c^l_mn D^l_mn(R), by the definition.
  private func value(_ c: [Double], degree: Int, at rotation: Rotation3) -> Double {
    var (sum, place) = (0.0, 0)
    for (l, d) in WignerD.real(degrees: 0...degree, of: rotation).enumerated() {
      for element in d.elements {
        sum += Double(2 * l + 1).squareRoot() * c[place] * element
        place += 1
      }
    }
    return sum
  }

  @Test func synthesisIsTheSum() {
    for (degree, latitudes, turns) in [(0, 1, 1), (2, 4, 6), (4, 5, 9)] {
      let grid = RotationGroupGrid(latitudes: latitudes, turns: turns)
      for method in [AzimuthalMethod.matrix, .fft] {
        let transform = RotationGroupTransform<Double>(degree: degree, grid: grid, method: method)
        let c = random([3, transform.coefficientCount])
        let f = transform.synthesis(c)
        #expect(f.shape == [3, turns, latitudes, turns])
        let expected = grid.rotations.map { value(c.sliced(axis: 0, 1..<2).elements, degree: degree, at: $0) }
        #expect(distance(f.sliced(axis: 0, 1..<2).reshaped(expected.count), Tensor(expected)) < 1e-13)
        #expect(distance(transform.analysis(f), c) < 1e-13)
      }
    }
  }

  @Test func adjointsAndDerivatives() {
    let transform = RotationGroupTransform<Double>(degree: 2, grid: RotationGroupGrid(latitudes: 4, turns: 6))
    let (c, f) = (random([35]), random([6, 4, 6], 32))
    #expect(abs((transform.synthesis(c) * f).sum().item - (c * transform.adjointSynthesis(f)).sum().item) < 1e-11)
    #expect(abs((transform.analysis(f) * c).sum().item - (f * transform.adjointAnalysis(c)).sum().item) < 1e-11)
    var generator = RandomSource(seed: 33)
    let report = checkDerivatives(
      of: { transform.analysis((transform.synthesis($0[0], axis: -2) * 0.2).tanh(), axis: -2) }, at: [random([35, 2])], order: 2,
      elements: 5,
      using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
  }

  /// (f ⋆ h)(R) = ∫ f(r) h(R⁻¹ r) dr, by quadrature at some rotations.
  @Test func correlation() {
    let degree = 3
    let transform = RotationGroupTransform<Double>(degree: degree)
    let sphere = SphereTransform<Double>(degree: degree, grid: SphereGrid(productsOfDegree: degree))
    let harmonics = SphericalHarmonics(degrees: 0...degree)
    let (f, h) = (random([16], 34), random([16], 35))
    let result = transform.correlation(of: f, with: h).elements
    let signal = sphere.synthesis(f).elements
    var generator = RandomSource(seed: 36)
    for rotation in SO3().randomElements(4, using: &generator) {
      var integral = 0.0
      for (k, r) in sphere.grid.points.enumerated() {
        let filter = zip(harmonics(rotation.inverse * r), h.elements).reduce(0) { $0 + $1.0 * $1.1 }
        integral +=
          signal[k] * filter * sphere.grid.latitudes.weights[k / sphere.grid.longitudes] * 2 * .pi / Double(sphere.grid.longitudes)
      }
      #expect(abs(value(result, degree: degree, at: rotation) - integral) < 1e-12)
    }
  }

  /// Convolution against the Haar integral, and its equivariance: rotating the first factor rotates the result.
  @Test func convolution() {
    let degree = 2
    let transform = RotationGroupTransform<Double>(degree: degree, grid: RotationGroupGrid(latitudes: 5, turns: 9))
    let (f, h) = (random([35], 37), random([35], 38))
    let result = transform.convolution(f, h)
    let signal = transform.synthesis(f).elements
    let rotations = transform.grid.rotations
    let target = Rotation3(alpha: 0.3, beta: 1, gamma: -2)
    var integral = 0.0
    for (k, q) in rotations.enumerated() {
      let weight = transform.grid.latitudes.weights[k / 9 % 5] / 2 / 81
      integral += signal[k] * value(h.elements, degree: degree, at: q.inverse * target) * weight
    }
    #expect(abs(value(result.elements, degree: degree, at: target) - integral) < 1e-12)
    let q = random([4], 39)
    #expect(distance(transform.convolution(transform.rotate(f, by: q), h), transform.rotate(result, by: q)) < 1e-13)
    #expect(distance(transform.convolution(f, transform.rotate(h, by: q)), transform.rotate(result, by: q)) > 0.1)
  }

  @Test func rotationMovesTheSignal() {
    let transform = RotationGroupTransform<Double>(degree: 2)
    let (f, q) = (random([35], 40), random([4], 41))
    let rotation = try! Rotation3(w: q[0], x: q[1], y: q[2], z: q[3])
    let moved = transform.rotate(f, by: q).elements
    let at = Rotation3(alpha: -1, beta: 0.7, gamma: 2)
    #expect(abs(value(moved, degree: 2, at: at) - value(f.elements, degree: 2, at: rotation.inverse * at)) < 1e-12)
  }

  @Test func coefficientsOfAnotherDegreeTrap() async {
    await #expect(processExitsWith: .failure) { _ = RotationGroupTransform<Double>(degree: 1).matrices(.zeros([11])) }
    await #expect(processExitsWith: .failure) { _ = RotationGroupTransform<Double>(degree: 1).convolution(.zeros([10]), .zeros([35])) }
    await #expect(processExitsWith: .failure) {
      _ = RotationGroupTransform<Double>(degree: 1).correlation(of: .zeros([4]), with: .zeros([9]))
    }
    await #expect(processExitsWith: .failure) { _ = RotationGroupTransform<Double>(degree: 1).index(degree: 2, 0, 0) }
  }
}
