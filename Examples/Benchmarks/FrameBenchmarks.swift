import Equivariant

/// Benchmarks of the frames of many clouds and of large clouds, and of a training step of the frame-averaged graph network.
struct FrameBenchmarks {
  var bench: Bench

  func run() {
    for threads in bench.threadCounts {
      Threads.count = threads
      training()
      if ["construction", "application", "degenerate", "weighted"].contains(where: { bench.wants("frames/" + $0) }) { construction() }
    }
  }

  /// A training step in the authors' n-body setting: 100 systems of 5 particles, 60 features, 4 layers, 8 frames.
  func training() {
    var generator = RandomSource(seed: 3)
    let (batch, _) = randomParticles(Float.self, graphs: 100)
    let params: [String: Any] = ["graphs": 100, "hidden": 60, "layers": 4, "frames": 8]
    var model = FAGNN<Float>(using: &generator)
    var optimizer = Adam(for: model, settings: .init(rate: 1e-3))
    bench.time("fa_gnn/forward", params) { withoutRecording { _ = model(batch) } }
    for count in [1, 4, 10, 20] {
      let pieces = (0..<count).map { _ in randomParticles(Float.self, graphs: 100 / count) }
      bench.time("fa_gnn/train_step", params.merging(["pieces": count]) { $1 }) { step(&model, &optimizer, pieces: pieces) }
    }
    let pieces = (0..<10).map { _ in randomParticles(Float.self, graphs: 10) }
    var exact = FAGNN<Float>(differentiableFrames: true, using: &generator)
    var exactOptimizer = Adam(for: exact, settings: .init(rate: 1e-3))
    bench.time("fa_gnn_exact/train_step", params.merging(["pieces": 10]) { $1 }) { step(&exact, &exactOptimizer, pieces: pieces) }
  }

  func construction() {
    var generator = RandomSource(seed: 4)
    for (clouds, points) in [(100_000, 5), (1, 1_000_000)] {
      let x = Tensor<Float>.normal([clouds, points, 3], using: &generator)
      let frame = PCAFrame(.e(3))
      bench.time("frames/construction", ["clouds": clouds, "points": points]) { _ = frame(x) }
      let frames = frame(x)
      bench.time("frames/application", ["clouds": clouds, "points": points]) { _ = frames.framed(x, as: [.points()]) }
    }
    // Every one of them degenerate: the eight corners of a cube.
    let corners: [Float] = (0..<8).flatMap { k in (0..<3).map { k >> $0 & 1 == 0 ? 1 : -1 } }
    let cubes = Tensor<Float>(corners, shape: [1, 8, 3]).broadcast(to: [1000, 8, 3])
    bench.time("frames/degenerate", ["clouds": 1000, "points": 8, "elements": 48]) { _ = PCAFrame(.e(3))(cubes) }
    let small = Tensor<Float>.normal([1000, 5, 3], using: &generator)
    let weighted = PCAFrame(.e(3), degeneracy: .weighted(gap: 0.1))
    bench.time("frames/weighted", ["clouds": 1000, "points": 5]) { _ = weighted(small) }
  }
}
