import Equivariant
import Testing

@Suite struct SphereTransformTests {
  private func random(_ shape: Shape, _ seed: UInt64 = 21) -> Tensor<Double> {
    var generator = RandomSource(seed: seed)
    return .normal(shape, using: &generator)
  }
  private func distance(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Double { (a - b).absolute().max().item / b.absolute().max().item }

  /// Synthesis is the sum over harmonics, by the definition, for every normalisation and both ways about the axis.
  @Test(arguments: SphericalHarmonics.Normalization.allCases) func synthesisIsTheSum(_ normalization: SphericalHarmonics.Normalization) {
    for (degree, latitudes, longitudes) in [(0, 1, 1), (3, 4, 7), (6, 9, 16), (11, 12, 23)] {
      let grid = SphereGrid(latitudes: latitudes, longitudes: longitudes)
      let harmonics = SphericalHarmonics(degrees: 0...degree, normalization: normalization)
      let values = harmonics(Tensor<Double>(rows: grid.points.map { [$0.x, $0.y, $0.z] }))
      let c = random([5, (degree + 1) * (degree + 1)])
      let expected = Tensor.matmul(c, values, transposingSecond: true).reshaped(5, latitudes, longitudes)
      for method in [AzimuthalMethod.matrix, .fft, .automatic] {
        let transform = SphereTransform<Double>(degree: degree, grid: grid, normalization: normalization, method: method)
        #expect(distance(transform.synthesis(c), expected) < 1e-13)
        #expect(distance(transform.analysis(transform.synthesis(c)), c) < 1e-13)
      }
    }
  }

  /// ⟨S c, f⟩ = ⟨c, Sᵀ f⟩ and ⟨A f, c⟩ = ⟨f, Aᵀ c⟩.
  @Test func adjoints() {
    for method in [AzimuthalMethod.matrix, .fft] {
      let transform = SphereTransform<Double>(
        degree: 5, grid: SphereGrid(latitudes: 7, longitudes: 12), normalization: .component, method: method)
      let (c, f) = (random([36]), random([7, 12], 22))
      #expect(abs((transform.synthesis(c) * f).sum().item - (c * transform.adjointSynthesis(f)).sum().item) < 1e-11)
      #expect(abs((transform.analysis(f) * c).sum().item - (f * transform.adjointAnalysis(c)).sum().item) < 1e-11)
    }
  }

  /// Channels innermost, and several leading axes, are the same signals in another order; so are cuts into blocks and threads.
  @Test func layouts() {
    let transform = SphereTransform<Double>(degree: 4)
    // More columns than one block holds, and rows that end inside a block.
    let c = random([4, 3, 25, 37])
    let byChannel = transform.synthesis(c, axis: -2)
    #expect(byChannel.shape == [4, 3, 5, 9, 37])
    let turned = transform.synthesis(c.permuted([0, 1, 3, 2]))
    #expect(turned.shape == [4, 3, 37, 5, 9])
    #expect(distance(turned.permuted([0, 1, 3, 4, 2]), byChannel) < 1e-15)
    #expect(distance(transform.analysis(byChannel, axis: -2), c) < 1e-13)
    let many = random([1000, 25])
    #expect(threadCountsThatMatter([2]) { transform.synthesis(many) } == [])
    let one = transform.synthesis(many)
    #expect(distance(one.sliced(axis: 0, 700..<701), transform.synthesis(many.sliced(axis: 0, 700..<701))) < 1e-15)
  }

  @Test func derivatives() {
    let transform = SphereTransform<Double>(degree: 3, grid: SphereGrid(productsOfDegree: 3))
    var generator = RandomSource(seed: 23)
    let report = checkDerivatives(
      of: { transform.analysis((transform.synthesis($0[0]) * 0.5).silu()) }, at: [random([2, 16])], order: 3, elements: 6, using: &generator
    )
    #expect(report.relativeError < 1e-6, "\(report)")
  }

  /// Products of signals on the grid have the coefficients that the Gaunt integrals give; on a smaller grid they have not.
  @Test func productsAreGaunt() {
    let degree = 3
    let (a, b) = (random([16], 24), random([16], 25))
    let small = SphereTransform<Double>(degree: degree, grid: SphereGrid(productsOfDegree: degree))
    let large = SphereTransform<Double>(degree: 2 * degree, grid: SphereGrid(productsOfDegree: degree))
    let product = large.analysis(small.synthesis(a) * small.synthesis(b))
    var expected = [Double](repeating: 0, count: 49)
    for l1 in 0...degree {
      for l2 in 0...degree {
        for l3 in abs(l1 - l2)...(l1 + l2) {
          for entry in CouplingCoefficients.gaunt(l1, l2, l3).entries {
            expected[l3 * l3 + l3 + entry.m3] += entry.value * a[l1 * l1 + l1 + entry.m1] * b[l2 * l2 + l2 + entry.m2]
          }
        }
      }
    }
    #expect(distance(product, Tensor(expected)) < 1e-14)
    // The grid that serves one signal aliases products.
    let coarse = SphereTransform<Double>(degree: degree)
    let aliased = coarse.analysis(coarse.synthesis(a) * coarse.synthesis(b))
    #expect(distance(aliased, Tensor(Array(expected[..<16]))) > 0.01)
  }

  /// f(R⁻¹ r) has the coefficients D(R) c.
  @Test func rotation() {
    let transform = SphereTransform<Double>(degree: 6)
    let c = random([49])
    let q = random([4], 26)
    let rotation = try! Rotation3(w: q[0], x: q[1], y: q[2], z: q[3])
    let rotated = WignerMatrices(degrees: 0...6).rotate(c, by: q)
    let harmonics = SphericalHarmonics(degrees: 0...6)
    let moved = Tensor<Double>(
      rows: transform.grid.points.map {
        let p = rotation.inverse * $0; return [p.x, p.y, p.z]
      })
    let expected = Tensor.matmul(harmonics(moved), c.reshaped(49, 1)).reshaped(7, 13)
    #expect(distance(transform.synthesis(rotated), expected) < 1e-13)
  }

  /// Convolution with a zonal filter against the integral over a fine grid, at one point.
  @Test func zonalConvolution() {
    let transform = SphereTransform<Double>(degree: 4, grid: SphereGrid(latitudes: 12, longitudes: 24))
    let (c, h) = (random([25]), random([5], 27))
    let harmonics = SphericalHarmonics(degrees: 0...4)
    let r = SIMD3(0.36, 0.48, 0.8)
    let out = transform.convolution(c, zonalFilter: h)
    let value = zip(harmonics(r), out.elements).reduce(0) { $0 + $1.0 * $1.1 }
    let f = transform.synthesis(c).elements
    var integral = 0.0
    for (k, s) in transform.grid.points.enumerated() {
      // h at the angle between s and r: only orders 0 count.
      let cosine = (s * r).sum()
      let p = Legendre.polynomials(upTo: 4, at: max(-1, min(1, cosine)))
      var filter = 0.0
      for l in 0...4 {
        let scale = (Double(2 * l + 1) / (4 * .pi)).squareRoot()
        filter += h[l] * scale * p[l]
      }
      integral += f[k] * filter * transform.grid.latitudes.weights[k / 24] * 2 * .pi / 24
    }
    #expect(abs(value - integral) < 1e-12)
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = SphereTransform<Double>(degree: 4, grid: SphereGrid(latitudes: 4, longitudes: 9))
    }
    await #expect(processExitsWith: .failure) {
      _ = SphereTransform<Double>(degree: 4, grid: SphereGrid(latitudes: 5, longitudes: 8))
    }
    await #expect(processExitsWith: .failure) { _ = SphereTransform<Double>(degree: 1).synthesis(.zeros([3, 5])) }
    await #expect(processExitsWith: .failure) { _ = SphereTransform<Double>(degree: 1).analysis(.zeros([3, 2])) }
  }

  @Test func aNegativeDegreeTraps() async {
    await #expect(processExitsWith: .failure) { _ = SphereTransform<Double>(degree: -1, grid: SphereGrid(latitudes: 1, longitudes: 1)) }
  }
}

/// In a process of its own: the number of threads is global.
@Suite struct TransformThreadsTests {
  @Test func sameBitsOnEveryNumberOfThreads() async {
    await #expect(processExitsWith: .success) {
      var generator = RandomSource(seed: 5)
      let transform = SphereTransform<Double>(degree: 38, method: .matrix)
      let c = Tensor<Double>.normal([23, 39 * 39], using: &generator)
      Threads.count = 1
      let alone = transform.synthesis(c)
      for threads in [2, 3, 7] {
        Threads.count = threads
        precondition(transform.synthesis(c) == alone, "other bits on \(threads) threads")
      }
    }
  }
}
