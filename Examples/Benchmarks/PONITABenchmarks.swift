import Equivariant

/// Training steps and forward passes of `PONITA` at three sizes, in Float: on a grid with opposite orientations, where an edge and its
/// reverse share their rows of basis functions, on a grid without them, and on the default grid in the frame of principal axes.
struct PONITABenchmarks {
  let bench: Bench

  /// One of the sizes.
  private struct Case {
    let name: String
    let graphs, nodes, hidden, basis: Int
    /// The number of pieces that the graphs of a training step are cut into, so that their values fit the caches and their work the
    /// threads.
    let pieces: Int
    var isMolecular = false
    static let all = [
      Case(name: "nbody", graphs: 100, nodes: 5, hidden: 64, basis: 64, pieces: 4),
      Case(name: "nbody_large", graphs: 100, nodes: 5, hidden: 128, basis: 256, pieces: 8),
      Case(name: "qm9like", graphs: 96, nodes: 18, hidden: 64, basis: 64, pieces: 8, isMolecular: true),
    ]
  }
  private static let grids: [(name: String, rule: OrientationRule, pose: PONITA<Float>.Configuration.Pose)] = [
    ("antipodal", .antipodal(16), .fixed), ("general", .repulsion(16), .fixed), ("default", .signSymmetric(16), .principalAxes),
  ]

  func run() {
    for threads in bench.threadCounts {
      Threads.count = threads
      let peak = MachineLimits().multiplyAdds
      for test in Case.all {
        for grid in Self.grids where bench.wants("ponita/\(test.name)/\(grid.name)") { measure(test, grid, peak: peak) }
      }
    }
  }

  /// Prints the peak memory after three training steps of each size, smallest first, so that it is that of the largest size so far.
  func memory() {
    for test in Case.all {
      let name = "ponita/\(test.name)/\(Self.grids[0].name)"
      guard bench.wants(name) else { continue }
      var training = Training(test, Self.grids[0])
      for _ in 0..<3 { training.step() }
      Bench.line(name + "/memory", [:], ["peak_mb": Bench.peakMemory])
    }
  }

  private func measure(_ test: Case, _ grid: (name: String, rule: OrientationRule, pose: PONITA<Float>.Configuration.Pose), peak: Double) {
    var training = Training(test, grid)
    let name = "ponita/\(test.name)/\(grid.name)"
    let params: [String: Any] = ["hidden": test.hidden, "basis": test.basis, "edges": test.graphs * test.nodes * test.nodes]
    bench.time(name + "/forward", params) { withoutRecording { for piece in training.pieces { _ = training.model(piece.batch) } } }
    guard let seconds = bench.time(name + "/train_step", params, { training.step() }) else { return }
    // Each product of the forward pass, and its gradients by both factors; what is computed again counts for nothing.
    let operations = 3 * Double(training.multiplyAdds) / seconds
    Bench.line(name + "/products", params, ["gflops": operations * 2e-9, "share": operations / peak, "threads": Threads.count])
  }

  /// A model, its optimizer and one batch.
  private struct Training {
    var model: PONITA<Float>
    var optimizer: Adam<Float>
    let pieces: [(batch: GeometricBatch<Float>, target: Tensor<Float>)]
    let isMolecular: Bool
    /// The multiply-adds of the matrix products in one forward pass.
    let multiplyAdds: Int

    init(_ test: Case, _ grid: (name: String, rule: OrientationRule, pose: PONITA<Float>.Configuration.Pose)) {
      var generator = RandomSource(seed: 5)
      var configuration = PONITA<Float>.Configuration()
      (configuration.hidden, configuration.basis) = (test.hidden, test.basis)
      (configuration.space, configuration.pose) = (.bundle(grid.rule), grid.pose)
      if test.isMolecular {
        (configuration.scalars, configuration.vectors, configuration.scalarOutputs, configuration.vectorOutputs) = (11, 0, 1, 0)
      } else {
        configuration.layerScale = 1e-6
      }
      pieces = (0..<test.pieces).map { k in
        let graphs = (k + 1) * test.graphs / test.pieces - k * test.graphs / test.pieces
        let count = graphs * test.nodes
        let batch = GeometricBatch<Float>(
          positions: .normal([count, 3], using: &generator), scalars: .normal([count, configuration.scalars], using: &generator),
          vectors: .normal([count, configuration.vectors, 3], using: &generator),
          graph: .complete(graphs: graphs, nodes: test.nodes, selfLoops: true))
        return (batch, .normal([count, test.isMolecular ? 1 : 3], using: &generator))
      }
      model = PONITA(configuration, using: &generator)
      optimizer = Adam(for: model, settings: .init(rate: 1e-3))
      isMolecular = test.isMolecular
      let (n, c, b) = (model.grid!.count, test.hidden, test.basis)
      let isAntipodal = model.grid!.isAntipodal
      let pairs = pieces.reduce(0) { $0 + $1.batch.graph.edgePairs(joiningReversed: isAntipodal).count }
      multiplyAdds =
        pairs * n * (14 * c + c * b + configuration.layers * c * b) + configuration.layers * test.graphs * test.nodes * n * 8 * c * c
    }

    mutating func step() {
      let (pieces, isMolecular) = (pieces, isMolecular)
      let values = Float(pieces.reduce(0) { $0 + $1.target.count })
      let (_, gradient) = valueWithGradient(at: model, pieces: pieces.count) { model, k in
        let output = model(pieces[k].batch)
        let errors = (isMolecular ? output.scalars : output.vectors.selected(axis: 1, 0)) - pieces[k].target
        return (errors * errors).sum() * (1 / values)
      }
      optimizer.update(&model, along: gradient)
    }
  }
}
