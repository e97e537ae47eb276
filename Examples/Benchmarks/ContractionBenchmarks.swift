import Equivariant

/// Benchmarks of products that are carried out by bilinear programs.
struct ContractionBenchmarks {
  var bench: Bench

  func run() {
    for threads in bench.threadCounts {
      Threads.count = threads
      symmetricContraction()
      matrixProduct()
      rotatedFrame()
    }
  }

  /// The symmetric contraction of MACE for 500 atoms of 10 elements, with 128 channels.
  private func symmetricContraction() {
    var generator = RandomSource(seed: 1)
    for (input, output, order) in [
      ("128x0e+128x1o+128x2e+128x3o", "128x0e+128x1o", 2), ("128x0e+128x1o+128x2e+128x3o", "128x0e+128x1o", 3),
      ("128x0e+128x1o+128x2e", "128x0e+128x1o", 4),
    ] as [(Irreps<O3>, Irreps<O3>, Int)] {
      let layer = SymmetricContraction<Float>(input, to: output, order: order, elements: 10, using: &generator)
      let x = Tensor<Float>.normal([500, input.dimension], using: &generator)
      let elements = RowIndex((0..<500).map { $0 * 7 % 10 }, rowCount: 10)
      let params: [String: Any] = ["rows": 500, "input": "\(input)", "output": "\(output)", "order": order, "paths": layer.paths.count]
      bench.time("contraction/forward", params) { _ = layer(IrrepsTensor(x, irreps: input), elements: elements) }
      let v = x.asVariable()
      var trained = layer
      trained.weights = layer.weights.asVariable()
      bench.time("contraction/fwdbwd", params) {
        let z = trained(IrrepsTensor(v, irreps: input), elements: elements)
        _ = gradient(of: z.tensor.sum(), withRespectTo: [v, trained.weights])
      }
    }
  }

  private func matrixProduct() {
    var generator = RandomSource(seed: 2)
    for degree in [1, 2, 4, 6] {
      let irreps = features(degree, 64)
      let layer = MatrixTensorProduct<Float>(irreps, irreps, to: irreps, using: &generator)
      let x = IrrepsTensor<Float>(.normal([1024, irreps.dimension], using: &generator), irreps: irreps)
      bench.time("matrix/forward", ["batch": 1024, "channels": 64, "lmax": degree]) { _ = layer(x, x) }
    }
  }

  /// All paths of features with the harmonics of an edge, summed for each irrep, with a weight for every edge, path and channel.
  private func rotatedFrame() {
    var generator = RandomSource(seed: 3)
    for degree in 1...8 {
      let edges = 40_000 / ((degree + 1) * (degree + 1) * (degree + 1))
      let irreps = features(degree, 64)
      let harmonics = SphericalHarmonics(degrees: 0...degree, normalization: .component)
      let instructions = irreps.paths(harmonics.irreps, to: irreps).map {
        TensorProduct<Float>.Instruction($0.first, $0.second, $0.output, .uvu)
      }
      let plain = TensorProduct<Float>(
        irreps, harmonics.irreps, to: irreps, instructions: instructions, ownsWeights: false, using: &generator)
      let rotated = RotatedFrameConvolution(plain, harmonics: harmonics)
      let nodes = max(2, edges / 20)
      let graph = Graph(
        nodeCount: nodes, receivers: (0..<edges).map { $0 % nodes }, senders: (0..<edges).map { ($0 * 7 + 1) % nodes })
      let vectors = Tensor<Float>.normal([edges, 3], using: &generator)
      let weights = Tensor<Float>.normal([edges, plain.weightCount], using: &generator)
      let x = IrrepsTensor<Float>(.normal([nodes, irreps.dimension], using: &generator), irreps: irreps)
      let params: [String: Any] = ["edges": edges, "channels": 64, "lmax": degree, "paths": instructions.count]
      bench.time("rotated/plain", params) {
        _ = plain.convolution(x, harmonics.features(at: vectors), over: graph, weights: .each(weights))
      }
      bench.time("rotated/rotated", params) { _ = rotated(x, edges: vectors, over: graph, weights: weights) }
      let (v, r, w) = (x.tensor.asVariable(), vectors.asVariable(), weights.asVariable())
      let moved = IrrepsTensor(v, irreps: irreps)
      bench.time("rotated/plain_fwdbwd", params) {
        let z = plain.convolution(moved, harmonics.features(at: r), over: graph, weights: .each(w))
        _ = gradient(of: z.tensor.sum(), withRespectTo: [v, r, w])
      }
      bench.time("rotated/rotated_fwdbwd", params) {
        let z = rotated(moved, edges: r, over: graph, weights: w)
        _ = gradient(of: z.tensor.sum(), withRespectTo: [v, r, w])
      }
    }
  }
}
