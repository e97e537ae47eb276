import CKernels
import COpenBLAS
import Equivariant

/// A batch like those of the n-body task: complete graphs of random particles.
func randomParticles<S: TensorScalar>(_ type: S.Type, graphs: Int, nodes: Int = 5) -> (ParticleBatch<S>, Tensor<S>) {
  var generator = RandomSource(seed: 7)
  let n = graphs * nodes
  let graph = Graph.complete(graphs: graphs, nodes: nodes)
  let velocities = Tensor<S>.normal([n, 3], using: &generator)
  let batch = ParticleBatch(
    positions: .normal([n, 3], using: &generator), velocities: velocities, features: velocities.norm(keepingDimensions: true),
    edgeFeatures: Tensor<S>.normal([graph.edgeCount, 1], using: &generator), graph: graph)
  return (batch, .normal([n, 3], using: &generator))
}

/// One step of training a model of particles.
func step<M: Layer>(_ model: inout M, _ optimizer: inout Adam<M.Scalar>, _ batch: ParticleBatch<M.Scalar>, _ target: Tensor<M.Scalar>)
where M.Input == ParticleBatch<M.Scalar>, M.Output == Tensor<M.Scalar> {
  let (_, gradient) = valueWithGradient(at: model) { meanSquaredError($0(batch), target) }
  optimizer.update(&model, along: gradient)
}

/// One step of training in pieces of a batch, each with the same number of samples.
func step<M: Layer>(
  _ model: inout M, _ optimizer: inout Adam<M.Scalar>, pieces: [(batch: ParticleBatch<M.Scalar>, target: Tensor<M.Scalar>)]
) where M.Input == ParticleBatch<M.Scalar>, M.Output == Tensor<M.Scalar> {
  let share = 1 / M.Scalar(pieces.count)
  let (_, gradient) = valueWithGradient(at: model, pieces: pieces.count) { model, k in
    meanSquaredError(model(pieces[k].batch), pieces[k].target) * share
  }
  optimizer.update(&model, along: gradient)
}

struct EngineBenchmarks {
  var bench: Bench

  func run() {
    operations()
    products()
    wholeTensors()
    Threads.count = 1
    oneGraph()
    averages()
    for threads in bench.threadCounts {
      Threads.count = threads
      training()
    }
    Bench.line("engine/memory", [:], ["peak_mb": Bench.peakMemory])
  }

  /// The cost of one operation on one element, which is that of recording a graph.
  func operations() {
    Threads.count = 1
    for n in [1, 64, 4096] {
      let a = Tensor<Float>(repeating: 1.5, shape: [n])
      let b = Tensor<Float>(repeating: 0.5, shape: [n])
      let x = a.asVariable()
      let inner = n > 1000 ? 1000 : 10_000
      bench.time("engine/add", ["n": n, "graph": false], inner: inner) { for _ in 0..<inner { _ = a + b } }
      bench.time("engine/add", ["n": n, "graph": true], inner: inner) { for _ in 0..<inner { _ = x + b } }
      bench.time("engine/silu", ["n": n, "graph": true], inner: inner) { for _ in 0..<inner { _ = x.silu() } }
      bench.time("engine/3 mul and gradient", ["n": n], inner: inner / 10) {
        for _ in 0..<inner / 10 { _ = gradient(of: x * b * b * b, withRespectTo: x, seed: b) }
      }
    }
  }

  /// Matrix products of the sizes in the models, through the engine and directly through CBLAS.
  func products() {
    Threads.count = 1
    openblas_set_num_threads(1)
    for (m, n, k, ta, tb) in [
      (2000, 64, 131, false, true), (2000, 64, 64, false, true), (500, 64, 64, false, true), (500, 64, 128, false, true),
      (2000, 64, 64, false, false),
      (64, 64, 2000, true, false), (20, 64, 64, false, true), (512, 512, 512, false, false), (1024, 1024, 1024, false, false),
    ] {
      var generator = RandomSource(seed: 1)
      let a = Tensor<Float>.normal(ta ? [k, m] : [m, k], using: &generator)
      let b = Tensor<Float>.normal(tb ? [n, k] : [k, n], using: &generator)
      let params: [String: Any] = ["m": m, "n": n, "k": k, "transposed": "\(ta ? "T" : "N")\(tb ? "T" : "N")"]
      let inner = max(1, 20_000_000 / (m * n * k))
      let work = 2e-9 * Double(m * n * k)
      guard
        let ours = bench.time(
          "engine/matmul", params, inner: inner,
          { for _ in 0..<inner { _ = Tensor.matmul(a, b, transposingFirst: ta, transposingSecond: tb) } })
      else { continue }
      let c = UnsafeMutablePointer<Float>.allocate(capacity: m * n)
      let raw = a.withElements { a in
        b.withElements { b in
          bench.time("engine/cblas_sgemm", params, inner: inner) {
            for _ in 0..<inner {
              cblas_sgemm(
                CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, Int32(m), Int32(n), Int32(k), 1,
                a.baseAddress,
                Int32(ta ? m : k), b.baseAddress, Int32(tb ? k : n), 0, c, Int32(n))
            }
          }
        }
      }
      c.deallocate()
      if let raw {
        Bench.line("engine/matmul against cblas", params, ["ratio": ours / raw, "gflops": work / ours, "gflops_cblas": work / raw])
      }
    }
  }

  func oneGraph() {
    var generator = RandomSource(seed: 3)
    let (batch, target) = randomParticles(Float.self, graphs: 1)
    var model = EGNN<Float>(using: &generator)
    var optimizer = Adam(for: model, settings: .init(rate: 5e-4))
    bench.time("egnn_single/train_step", ["graphs": 1, "hidden": 64, "layers": 4], inner: 20) {
      for _ in 0..<20 { step(&model, &optimizer, batch, target) }
    }
  }

  /// What a trainer does in every step besides the optimizer's update: the running average of the parameters, and the norm of the gradient.
  func averages() {
    var generator = RandomSource(seed: 3)
    for hidden in [64, 128, 512] {
      let model = EGNN<Float>(.init(hidden: hidden), using: &generator)
      var average = ExponentialMovingAverage(of: model, decay: 0.999)
      bench.time("engine/average", ["hidden": hidden, "parameters": model.parameterCount], inner: 20) {
        for _ in 0..<20 { average.update(with: model) }
      }
      let gradient = ParameterGradient(model.namedTensors.map(\.tensor))
      bench.time("engine/gradient norm", ["hidden": hidden, "parameters": model.parameterCount], inner: 20) {
        for _ in 0..<20 { _ = gradient.norm }
      }
    }
  }

  func training() {
    var generator = RandomSource(seed: 3)
    let (batch, target) = randomParticles(Float.self, graphs: 100)
    for hidden in [64, 128] {
      var model = EGNN<Float>(.init(hidden: hidden), using: &generator)
      var optimizer = Adam(for: model, settings: .init(rate: 5e-4))
      let params: [String: Any] = ["graphs": 100, "hidden": hidden, "layers": 4]
      bench.time(hidden == 64 ? "egnn/forward" : "egnn_wide/forward", params) { withoutRecording { _ = model(batch) } }
      bench.time(hidden == 64 ? "egnn/train_step" : "egnn_wide/train_step", params) { step(&model, &optimizer, batch, target) }
    }
    var model = EGNN<Float>(using: &generator)
    var optimizer = Adam(for: model, settings: .init(rate: 5e-4))
    // Energy = sum of features and squared positions; the loss is on its gradient, as when forces are learnt.
    bench.time("egnn/force_matching", ["graphs": 100, "hidden": 64, "layers": 4]) {
      let (_, gradient) = valueWithGradient(at: model) { model in
        var tracked = batch
        tracked.positions = batch.positions.asVariable()
        let (x, h) = model.features(tracked)
        let energy = h.sum() + x.squared().sum()
        let forces = -DifferentiableTensors.gradient(of: energy, withRespectTo: tracked.positions, keepingGraph: true)
        return meanSquaredError(forces, target)
      }
      optimizer.update(&model, along: gradient)
    }
    let (wide, wideTarget) = randomParticles(Double.self, graphs: 100)
    var precise = EGNN<Double>(using: &generator)
    var preciseOptimizer = Adam(for: precise, settings: .init(rate: 5e-4))
    bench.time("egnn_double/train_step", ["graphs": 100, "hidden": 64, "layers": 4, "scalar": "float64"]) {
      step(&precise, &preciseOptimizer, wide, wideTarget)
    }
  }
}
