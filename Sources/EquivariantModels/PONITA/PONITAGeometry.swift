import DifferentiableTensors
import EquivariantLayers
import MessagePassing

/// What ``PONITA`` computes from the positions of its input before the first block.
struct PONITAGeometry<Scalar: TensorScalar> {
  let axes: OrientationAxes<Scalar>
  let kernels: OrientationKernels<Scalar>
  /// The node of the input that each node of the network stands for; nil where they are the same.
  var base: RowIndex?
}

extension PONITA {
  /// Axes and kernels of an input.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func geometry(of input: GeometricBatch<Scalar>) -> PONITAGeometry<Scalar> {
    if let grid {
      let pairs = input.graph.edgePairs(joiningReversed: grid.isAntipodal)
      let r = input.positions.gathered(pairs.senders) - input.positions.gathered(pairs.receivers)
      if let limit = configuration.bandLimit { return bandLimitedGeometry(pairs, r, grid, limit) }
      let invariants = grid.spatialInvariants(r)
      let atRest = Tensor<Scalar>.zeros([invariants.shape[2]])
      return PONITAGeometry(
        axes: OrientationAxes(grid),
        kernels: kernels(pairs, invariants, atRest: atRest, distances: r.norm(), fiber: fiberBasis?(grid.fiberInvariants), grid.weights))
    }
    if configuration.space == .orientedPoints { return orientedGeometry(of: input) }
    let pairs = input.graph.edgePairs(joiningReversed: true)
    let r = (input.positions.gathered(pairs.senders) - input.positions.gathered(pairs.receivers)).norm()
    return PONITAGeometry(
      axes: OrientationAxes(axes: nil, weights: .ones([1])),
      kernels: kernels(pairs, r.reshaped(-1, 1, 1), atRest: .zeros([1]), distances: r, fiber: nil, .ones([1])))
  }

  /// Functions of the distance, each times one Legendre polynomial of the direction.
  private func bandLimitedGeometry(
    _ pairs: EdgePairs, _ r: Tensor<Scalar>, _ grid: OrientationGrid<Scalar>, _ limit: Int
  ) -> PONITAGeometry<Scalar> {
    func kernel(_ distances: Tensor<Scalar>, _ legendre: Tensor<Scalar>) -> Tensor<Scalar> {
      let values = basis(distances.expandingAxis(1))
      let functions = values.shape[-1] / (limit + 1)
      let radial = values.reshaped(distances.count, 1, functions, limit + 1)
      return (radial * legendre.expandingAxis(2)).reshaped(distances.count, legendre.shape[1], values.shape[-1])
    }
    let distances = r.norm()
    let atRest = Tensor([1] + [Scalar](repeating: 0, count: limit), shape: [1, 1, limit + 1])
    let spatial = windowed(kernel(distances, grid.solidLegendre(r, degree: limit)), distances)
    return PONITAGeometry(
      axes: OrientationAxes(grid),
      kernels: OrientationKernels(
        pairs: pairs, spatial: spatial, loop: configuration.selfLoops ? kernel(.zeros([1]), atRest).reshaped(-1) : nil,
        fiber: grid.zonalBasis(degree: limit), weights: grid.weights, projection: grid.harmonicProjection(degree: limit),
        keepsKernels: configuration.keepsKernels))
  }

  private func windowed(_ basis: Tensor<Scalar>, _ distances: Tensor<Scalar>) -> Tensor<Scalar> {
    configuration.radius.map { basis * CutoffFunction(radius: $0)(distances).reshaped(-1, 1, 1) } ?? basis
  }

  /// Each edge as a node: at its receiver, with the direction to its sender. Two of them are joined where their positions are the same or
  /// are joined by an edge.
  private func orientedGeometry(of input: GeometricBatch<Scalar>) -> PONITAGeometry<Scalar> {
    let edges = input.graph.edgePairs(joiningReversed: false)
    let lifted = OrientedNodes(edges, of: input.graph)
    let (x, base) = (input.positions, edges.receivers)
    let directions = (x.gathered(edges.senders) - x.gathered(base)).normalized()
    let pairs = lifted.graph.edgePairs(joiningReversed: false)
    let positions = x.gathered(base)
    let r = positions.gathered(pairs.senders) - positions.gathered(pairs.receivers)
    let invariants = Tensor.orientedPairInvariants(
      r, receivers: directions.gathered(pairs.receivers), senders: directions.gathered(pairs.senders))
    return PONITAGeometry(
      axes: OrientationAxes(axes: directions.reshaped(-1, 1, 1, 3), weights: .ones([1])),
      kernels: kernels(
        pairs, invariants.expandingAxis(1), atRest: Tensor([0, 0, 1]), distances: r.norm(), fiber: nil, .ones([1])),
      base: base)
  }

  /// The basis functions of pairs with invariants [pairs, n, ...] at distances [pairs].
  private func kernels(
    _ pairs: EdgePairs, _ invariants: Tensor<Scalar>, atRest: Tensor<Scalar>, distances: Tensor<Scalar>, fiber: Tensor<Scalar>?,
    _ weights: Tensor<Scalar>
  ) -> OrientationKernels<Scalar> {
    OrientationKernels(
      pairs: pairs, spatial: windowed(basis(invariants), distances), loop: configuration.selfLoops ? basis(atRest) : nil, fiber: fiber,
      weights: weights, keepsKernels: configuration.keepsKernels)
  }
}

/// The graph whose nodes are the edges of another.
private struct OrientedNodes {
  let graph: Graph

  /// - Parameters:
  ///   - edges: each a pair of its own.
  ///   - host: the graph of which they are edges; where it is several graphs side by side, the edges of each stay a graph of their own.
  init(_ edges: EdgePairs, of host: Graph) {
    var arriving = [[Int]](repeating: [], count: host.nodeCount)
    for (edge, node) in edges.receivers.rows.enumerated() { arriving[Int(node)].append(edge) }
    var (receivers, senders): ([Int], [Int]) = ([], [])
    func join(_ to: Int, _ from: Int) {
      for i in arriving[to] {
        for j in arriving[from] where i != j {
          receivers.append(i)
          senders.append(j)
        }
      }
    }
    for node in 0..<host.nodeCount { join(node, node) }
    for (to, from) in zip(edges.receivers.rows, edges.senders.rows) { join(Int(to), Int(from)) }
    var (sizes, start): ([Int], Int) = ([], 0)
    for size in host.graphSizes {
      sizes.append(arriving[start..<start + size].reduce(0) { $0 + $1.count })
      start += size
    }
    graph = Graph(nodeCount: edges.count, receivers: receivers, senders: senders, graphSizes: sizes)
  }
}
