import Equivariant

/// One of the models that `nbody` trains, as one type.
struct NBodyModel: Layer {
  var egnn: EGNN<Float>?
  var gnn: GNN<Float>?
  var faGNN: FAGNN<Float>?

  init(_ c: RunConfiguration, using generator: inout some RandomNumberGenerator) {
    switch c.model {
    case .egnn: egnn = EGNN(.init(hidden: c.hidden, layers: c.layers, predictsVelocities: c.predictsVelocities), using: &generator)
    case .gnn: gnn = GNN(.init(hidden: c.hidden, layers: c.layers), using: &generator)
    case .faGNN: faGNN = FAGNN(.init(hidden: c.hidden, layers: c.layers), using: &generator)
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
    return (faGNN?(input) ?? gnn!(input), nil)
  }

  mutating func visit(_ visitor: inout ParameterVisitor<Float>) {
    visitor("", &egnn)
    visitor("", &gnn)
    visitor("", &faGNN)
  }
}
