import Equivariant

/// Benchmarks of harmonics, Wigner matrices and transforms, at the sizes of the scripts for other libraries.
struct GroupBenchmarks {
  var bench: Bench

  func run() {
    coefficients()
    for threads in bench.threadCounts {
      Threads.count = threads
      harmonics(Float.self)
      harmonics(Double.self)
      wigner(Float.self)
      wigner(Double.self)
      sphere(Float.self)
      sphere(Double.self)
      rotationGroup()
    }
  }

  /// Transforms of 1,000 signals on the grids of those scripts, and to the grid and back through a nonlinearity, with gradients.
  private func sphere<S: TensorScalar>(_ type: S.Type) {
    var generator = RandomSource(seed: 3)
    for degree in [4, 8, 16] {
      let grid = SphereGrid(latitudes: 2 * (degree + 1), longitudes: 2 * degree + 1)
      let c = Tensor<S>.normal([1000, (degree + 1) * (degree + 1)], using: &generator)
      for (name, method) in [("matrix", AzimuthalMethod.matrix), ("fft", .fft)] {
        let transform = SphereTransform<S>(degree: degree, grid: grid, method: method)
        let params: [String: Any] = ["batch": 1000, "lmax": degree, "dtype": S.typeName, "azimuth": name]
        let signal = transform.synthesis(c)
        bench.time("s2/to_grid", params) { _ = transform.synthesis(c) }
        bench.time("s2/from_grid", params) { _ = transform.analysis(signal) }
        let x = c.asVariable()
        bench.time("s2/roundtrip_relu_fwdbwd", params) {
          let out = transform.analysis(transform.synthesis(x).relu())
          _ = gradient(of: out.squared().sum(), withRespectTo: x)
        }
      }
    }
    // Where FFTW takes over about the axis.
    for degree in [31, 63, 127] {
      let c = Tensor<S>.normal([32, (degree + 1) * (degree + 1)], using: &generator)
      for (name, method) in [("matrix", AzimuthalMethod.matrix), ("fft", .fft)] {
        let grid = SphereGrid(latitudes: degree + 1, longitudes: 2 * degree + 2)
        let transform = SphereTransform<S>(degree: degree, grid: grid, method: method)
        bench.time("s2/azimuth", ["batch": 32, "lmax": degree, "dtype": S.typeName, "azimuth": name]) { _ = transform.synthesis(c) }
      }
    }
  }

  /// Exact coupling coefficients: whole tables of real coefficients, and single ones.
  private func coefficients() {
    Threads.count = 1
    for degree in [10, 20] {
      bench.time("coupling/table", ["lmax": degree]) { _ = ClebschGordanTable(maximumDegree: degree) }
    }
    for degree in [10, 60, 200] {
      bench.time("coupling/wigner3j", ["l": degree], inner: 1000) {
        for m in 0..<1000 { _ = Wigner3j(degree, degree, degree, m % degree, 0, -(m % degree)).value }
      }
    }
  }

  private func rotationGroup() {
    var generator = RandomSource(seed: 4)
    for degree in [2, 4, 6] {
      let transform = RotationGroupTransform<Float>(
        degree: degree, grid: RotationGroupGrid(latitudes: 2 * degree + 2, turns: 2 * degree + 2))
      let c = Tensor<Float>.normal([100, transform.coefficientCount], using: &generator)
      let signal = transform.synthesis(c)
      let params: [String: Any] = ["batch": 100, "lmax": degree, "dtype": "float32"]
      bench.time("so3grid/to", params) { _ = transform.synthesis(c) }
      bench.time("so3grid/from", params) { _ = transform.analysis(signal) }
    }
  }

  private func harmonics<S: TensorScalar>(_ type: S.Type) {
    var generator = RandomSource(seed: 1)
    for points in [10_000, 100_000] {
      let x = Tensor<S>.normal([points, 3], using: &generator)
      for degree in [4, 8, 16, 32] where type == Float.self || points == 10_000 {
        let harmonics = SphericalHarmonics(degrees: 0...degree)
        let params: [String: Any] = ["N": points, "lmax": degree, "dtype": S.typeName]
        bench.time("sh_value", params) { _ = harmonics(x) }
        bench.time("sh_value+jacobian", params) { _ = harmonics.valuesAndJacobian(x) }
        let (w, v) = (Tensor<S>.normal([points, harmonics.count], using: &generator), x.asVariable())
        bench.time("sh_value+vjp", params) { _ = gradient(of: harmonics(v), withRespectTo: v, seed: w) }
      }
    }
  }

  private func wigner<S: TensorScalar>(_ type: S.Type) {
    var generator = RandomSource(seed: 2)
    let q = Tensor<S>.normal([10_000, 4], using: &generator)
    for degree in [2, 4, 8] {
      let matrices = WignerMatrices(degrees: 0...degree)
      bench.time("wignerD", ["N": 10_000, "lmax": degree, "dtype": S.typeName]) { _ = matrices(q) }
    }
  }
}
