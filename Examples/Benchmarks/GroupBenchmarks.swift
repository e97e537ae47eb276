import Equivariant

/// Harmonics, Wigner matrices and transforms at the sizes of the peers' scripts.
struct GroupBenchmarks {
  var bench: Bench

  func run() {
    for threads in bench.threadCounts {
      Threads.count = threads
      harmonics(Float.self)
      harmonics(Double.self)
      wigner(Float.self)
      wigner(Double.self)
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
