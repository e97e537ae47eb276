import Equivariant

/// One of the models that `nbody` trains, as one type.
struct NBodyModel: Layer {
  var egnn: EGNN<Float>?
  var gnn: GNN<Float>?
  var faGNN: FAGNN<Float>?
  var flow: GalileanFlow<Float>?

  init(_ c: RunConfiguration, using generator: inout some RandomNumberGenerator) {
    switch c.model {
    case .egnn: egnn = EGNN(.init(hidden: c.hidden, layers: c.layers, predictsVelocities: c.predictsVelocities), using: &generator)
    case .gnn: gnn = GNN(.init(hidden: c.hidden, layers: c.layers), using: &generator)
    case .faGNN:
      let configuration = FAGNN<Float>.Configuration(
        hidden: c.hidden, layers: c.layers, predictsDisplacement: c.predictsDisplacement ?? false)
      faGNN = FAGNN(configuration, using: &generator)
    case .flow:
      flow = GalileanFlow(
        .init(
          hidden: c.hidden, depth: c.depth ?? 3, nodeFeatures: c.nodeFeatures ?? 0, steps: c.steps ?? 10,
          sharesWeights: c.sharesWeights ?? true), using: &generator)
    }
  }

  /// Predicted positions.
  func callAsFunction(_ input: ParticleBatch<Float>) -> Tensor<Float> { prediction(input).positions }

  /// Predicted positions, and velocities where the model has them.
  func prediction(_ input: ParticleBatch<Float>) -> (positions: Tensor<Float>, velocities: Tensor<Float>?) {
    if let egnn {
      if egnn.configuration.predictsVelocities {
        let (x, v) = egnn.phaseSpace(input)
        return (x, v)
      }
      return (egnn(input), nil)
    }
    if let flow {
      return (flow(input), nil)
    }
    return (faGNN?(input) ?? gnn!(input), nil)
  }

  /// The prediction of a training step, from a few random elements of each frame where the model has frames and it is asked for.
  func sampled(_ input: ParticleBatch<Float>, elements: Int, seed: UInt64) -> (positions: Tensor<Float>, velocities: Tensor<Float>?) {
    guard elements > 0, let faGNN else { return prediction(input) }
    var generator = RandomSource(seed: seed)
    return (faGNN.sampled(input, elements: elements, using: &generator), nil)
  }

  mutating func visit(_ visitor: inout ParameterVisitor<Float>) {
    visitor("", &egnn)
    visitor("", &gnn)
    visitor("", &faGNN)
    visitor("", &flow)
  }
}
