import Equivariant

/// A measurement of a model's equivariance for random elements of a group.
struct EquivarianceMeasurement {
  /// What is done to the input.
  enum Action: String, CaseIterable {
    case rotations, reflections, translations, permutations
    case all = "all together"
  }

  let action: Action
  /// The error max |f(g x) − g f(x)| / max |f(x)| over bodies and coordinates, for each element g.
  let errors: [Double]

  /// Measures a model on the first `count` samples of a split, for `elements` random elements of each kind.
  ///
  /// The transformed input is computed in double precision and rounded, so that the error of a model that is exactly equivariant in real
  /// arithmetic is that of rounding alone.
  static func measure(
    _ model: NBodyModel, on split: NBodySplit<Float>, samples count: Int = 25, elements: Int = 100
  ) -> [EquivarianceMeasurement] {
    let graph = Graph.complete(graphs: min(count, split.count), nodes: split.bodies)
    let identity = Element(motion: .identity, permutation: .identity(split.bodies))
    let plain = predict(model, split, identity, graph)
    let scale = max(plain.reduce(0) { max($0, $1.magnitude) }, .leastNormalMagnitude)
    var generator = RandomSource(seed: 2021)
    return Action.allCases.map { action in
      let errors = (0..<elements).map { _ in
        let g = Element.random(action, bodies: split.bodies, using: &generator)
        let (moved, expected) = (predict(model, split, g, graph), g.applied(to: plain, isPosition: true))
        return zip(moved, expected).reduce(0) { max($0, ($1.0 - $1.1).magnitude) } / scale
      }
      return EquivarianceMeasurement(action: action, errors: errors)
    }
  }

  /// A motion of space together with a permutation of the bodies of each sample.
  private struct Element {
    let motion: RigidMotion
    let permutation: Permutation

    static func random(_ action: Action, bodies: Int, using generator: inout RandomSource) -> Element {
      let still = Permutation.identity(bodies)
      func rotation() -> OrthogonalElement { OrthogonalElement(SO3().randomElement(using: &generator)) }
      switch action {
      case .rotations: return Element(motion: RigidMotion(linear: rotation(), translation: .zero), permutation: still)
      case .reflections:
        let normal = rotation() * SIMD3(0, 0, 1)
        return Element(motion: RigidMotion(linear: .reflection(normal: normal), translation: .zero), permutation: still)
      case .translations:
        let shift = E3().randomElement(using: &generator).translation
        return Element(motion: RigidMotion(linear: .identity, translation: shift), permutation: still)
      case .permutations: return Element(motion: .identity, permutation: SymmetricGroup(bodies).randomElement(using: &generator))
      case .all:
        return Element(
          motion: E3().randomElement(using: &generator), permutation: SymmetricGroup(bodies).randomElement(using: &generator))
      }
    }

    /// Applies the element to positions (which are shifted) or velocities (which are not), [sample][body][3]. Body i moves to place σ(i).
    func applied(to rows: [Double], isPosition: Bool) -> [Double] {
      var result = rows
      let bodies = permutation.count
      for row in 0..<(rows.count / 3) {
        let x = vector(rows, row)
        let image = isPosition ? motion * x : motion.linear * x
        let target = row / bodies * bodies + permutation[row % bodies]
        for axis in 0..<3 { result[3 * target + axis] = image[axis] }
      }
      return result
    }
  }

  /// The model's positions for the transformed samples of the graph.
  private static func predict(_ model: NBodyModel, _ split: NBodySplit<Float>, _ g: Element, _ graph: Graph) -> [Double] {
    let (nodes, bodies) = (graph.nodeCount, split.bodies)
    func moved(_ values: [Float], isPosition: Bool) -> Tensor<Float> {
      Tensor(g.applied(to: values.prefix(3 * nodes).map { Double($0) }, isPosition: isPosition).map { Float($0) }, shape: [nodes, 3])
    }
    let velocities = moved(split.velocities0, isPosition: false)
    let back = g.permutation.inverse
    let couplings = zip(graph.receivers.rows, graph.senders.rows).map { receiver, sender in
      let (i, j) = (Int(receiver), Int(sender))
      return split.edges[(i / bodies * bodies + back[i % bodies]) * bodies + back[j % bodies]]
    }
    let charges = (0..<nodes).map { split.charges[$0 / bodies * bodies + back[$0 % bodies]] }
    let batch = ParticleBatch(
      positions: moved(split.positions0, isPosition: true), velocities: velocities,
      features: NBodySamples.features(velocities, charges: Tensor(charges)),
      edgeFeatures: Tensor(couplings, shape: [graph.edgeCount, 1]), graph: graph)
    return withoutRecording { model(batch) }.elements.map { Double($0) }
  }
}
