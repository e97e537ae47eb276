import Equivariant

/// Inputs of the tests of PONITA, and how motions and permutations act on them.
enum PONITAClouds {
  /// Clouds of random points of the given sizes, complete graphs.
  static func random<S: TensorScalar>(
    _: S.Type = S.self, sizes: [Int] = [5, 7, 5], vectors: Int = 2, dimension d: Int = 3, seed: UInt64 = 3
  )
    -> GeometricBatch<S>
  {
    var generator = RandomSource(seed: seed)
    let n = sizes.reduce(0, +)
    return GeometricBatch(
      positions: .normal([n, d], using: &generator), scalars: .normal([n, 2], using: &generator),
      vectors: .normal([n, vectors, d], using: &generator), graph: .batch(sizes.map { .complete(nodes: $0) }))
  }

  /// Symmetric clouds, whose principal axes are not determined: a tetrahedron with its centre, a square, points on a line, one point. Their
  /// vectors are 0, or where the points are moving as random as those of other clouds.
  static func degenerate<S: TensorScalar>(_: S.Type = S.self, moving: Bool = false) -> GeometricBatch<S> {
    let clouds: [[[S]]] = [
      [[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1], [0, 0, 0]],
      [[1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]],
      [[0, 0, -1], [0, 0, 0.5], [0, 0, 2]],
      [[1, 2, 3]],
    ]
    let n = clouds.reduce(0) { $0 + $1.count }
    var generator = RandomSource(seed: 4)
    return GeometricBatch(
      positions: Tensor(rows: clouds.flatMap { $0 }), scalars: .ones([n, 2]),
      vectors: moving ? .normal([n, 2, 3], using: &generator) : .zeros([n, 2, 3]),
      graph: .batch(clouds.map { .complete(nodes: $0.count) }))
  }

  static func configuration() -> PONITAConfiguration {
    var configuration = PONITAConfiguration()
    (configuration.scalars, configuration.vectors) = (2, 2)
    (configuration.scalarOutputs, configuration.vectorOutputs, configuration.tensorOutputs) = (2, 1, 1)
    (configuration.hidden, configuration.basis, configuration.layers, configuration.widening) = (8, 8, 2, 2)
    return configuration
  }

  static func model<S: TensorScalar>(
    _: S.Type = S.self, seed: UInt64 = 5, _ change: (inout PONITAConfiguration) -> Void = { _ in }
  ) -> PONITA<S> {
    var configuration = configuration()
    change(&configuration)
    var generator = RandomSource(seed: seed)
    return PONITA(configuration, using: &generator)
  }

  static func input<S>() -> Action<RigidMotion, GeometricBatch<S>> { .on(\.positions, by: .points).on(\.vectors, by: .vectors) }

  /// R T Rᵀ.
  static func tensors<S>() -> Action<RigidMotion, Tensor<S>> {
    Action(on: [TensorField("tensors", \.self)]) { g, x in
      let vectors: Action<RigidMotion, Tensor<S>> = .vectors
      return vectors(g, vectors(g, x).transposed(-1, -2)).transposed(-1, -2)
    }
  }

  static func output<S>() -> Action<RigidMotion, GeometricOutput<S>> {
    .on(\.scalars, by: .invariant).on(\.vectors, by: .vectors).on(\.tensors, by: tensors())
  }
}
