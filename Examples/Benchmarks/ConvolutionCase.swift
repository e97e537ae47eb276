import Equivariant

/// A graph convolution of 64 channels with harmonics up to a degree. Its weights are the product of 8 features for each edge with a matrix.
struct ConvolutionCase {
  let product: TensorProduct<Float>
  let graph: Graph
  /// The features of nodes, the harmonics of edges, the features of edges, and the matrix.
  let inputs: [Tensor<Float>]

  init(degree: Int, nodes: Int, neighbours: Int) {
    var generator = RandomSource(seed: 1)
    product = TensorProduct.channelwise(
      features(degree, 64), features(degree, 1), keeping: { $0.degree <= degree && $0.isNatural }, using: &generator)
    let edges = nodes * neighbours
    graph = Graph(
      nodeCount: nodes, receivers: (0..<edges).map { $0 / neighbours },
      senders: (0..<edges).map { _ in Int.random(in: 0..<nodes, using: &generator) })
    inputs = [
      [nodes, product.first.dimension], [edges, product.second.dimension], [edges, 8], [8, product.weightCount],
    ].map { .normal(Shape($0), using: &generator) }
  }

  /// The gradient with respect to the result.
  var seed: Tensor<Float> { .ones([graph.nodeCount, product.output.dimension]) }

  func fused(_ all: [Tensor<Float>]) -> Tensor<Float> {
    product.convolution(
      IrrepsTensor(all[0], irreps: product.first), IrrepsTensor(all[1], irreps: product.second), over: graph,
      weights: .factored(all[2], all[3])
    ).tensor
  }

  func separate(_ all: [Tensor<Float>]) -> Tensor<Float> {
    product(
      IrrepsTensor(all[0].gathered(graph.senders), irreps: product.first), IrrepsTensor(all[1], irreps: product.second),
      weights: .each(.matmul(all[2], all[3]))
    ).tensor.scatterAdded(graph.receivers)
  }

  /// Prints the time of a forward and a backward pass for a million edges, and the peak memory of the process in MB before and after.
  static func million() {
    let large = ConvolutionCase(degree: 2, nodes: 25_000, neighbours: 40)
    let variables = large.inputs.map { $0.asVariable() }
    let seed = large.seed
    let held = (large.inputs + [seed]).reduce(0) { $0 + 4 * $1.count }
    let clock = ContinuousClock()
    let t = clock.measure { _ = gradient(of: large.fused(variables), withRespectTo: variables, seed: seed) }
    let results = 4 * (seed.count + large.inputs.reduce(0) { $0 + $1.count })
    Bench.line(
      "convolution/memory", ["edges": 1_000_000, "nodes": 25_000, "C": 64, "lmax": 2],
      [
        "seconds": t / .seconds(1), "peak_mb": Bench.peakMemory,
        "inputs_mb": Double(held) * 1e-6, "results_mb": Double(results) * 1e-6,
        "messages_mb": 4e-6 * Double(large.graph.edgeCount * large.product.output.dimension), "threads": Threads.count,
      ])
  }
}
