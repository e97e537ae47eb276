import Equivariant

/// One of the models that `nbody` trains, as one type.
struct NBodyModel: Layer {
  var egnn: EGNN<Float>?
  var gnn: GNN<Float>?
  var faGNN: FAGNN<Float>?
  var ponita: PONITA<Float>?
  var flow: GalileanFlow<Float>?
  /// Whether the grid of ponita is turned at random in training.
  let turns: Bool
  /// Random poses of the grid of ponita that a prediction is averaged over; 0 for the model's own.
  var poses = 0

  init(_ c: RunConfiguration, using generator: inout some RandomNumberGenerator) {
    turns = c.ponita?.turns ?? false
    switch c.model {
    case .egnn:
      let configuration = EGNN<Float>.Configuration(
        hidden: c.hidden, layers: c.layers, predictsVelocities: c.predictsVelocities, clamp: c.clamp ?? .component)
      egnn = EGNN(configuration, using: &generator)
    case .gnn: gnn = GNN(.init(hidden: c.hidden, layers: c.layers), using: &generator)
    case .faGNN:
      let configuration = FAGNN<Float>.Configuration(
        hidden: c.hidden, layers: c.layers, predictsDisplacement: c.predictsDisplacement ?? false)
      faGNN = FAGNN(configuration, using: &generator)
    case .ponita: ponita = PONITA((c.ponita ?? PonitaOptions()).network(hidden: c.hidden, layers: c.layers), using: &generator)
    case .flow: flow = GalileanFlow((c.flow ?? FlowOptions()).network(hidden: c.hidden, steps: c.layers), using: &generator)
    }
  }

  /// Predicted positions; features are speeds and charges.
  func callAsFunction(_ input: ParticleBatch<Float>) -> Tensor<Float> { prediction(input).positions }

  /// Predicted positions, and velocities where the model has them.
  func prediction(_ input: ParticleBatch<Float>) -> (positions: Tensor<Float>, velocities: Tensor<Float>?) {
    if let ponita {
      var generator = RandomSource(seed: 1)
      return (poses > 0 ? inPoses(input, poses, using: &generator) : ended(input, ponita(geometric(input))), nil)
    }
    var input = input
    input.features = input.features.sliced(axis: 1, 0..<1)
    guard let egnn else { return (flow?(input) ?? faGNN?(input) ?? gnn!(input), nil) }
    guard egnn.configuration.predictsVelocities else { return (egnn(input), nil) }
    let (x, v) = egnn.phaseSpace(input)
    return (x, v)
  }

  /// The prediction of a training step: from a few random elements of each frame where the model has frames and it is asked for, in a
  /// random pose of the grid where ponita is trained so.
  func sampled(_ input: ParticleBatch<Float>, elements: Int, seed: UInt64) -> (positions: Tensor<Float>, velocities: Tensor<Float>?) {
    var generator = RandomSource(seed: seed)
    if ponita != nil, turns { return (inPoses(input, 1, using: &generator), nil) }
    guard elements > 0, let faGNN else { return prediction(input) }
    return (faGNN.sampled(input, elements: elements, using: &generator), nil)
  }

  /// Where the bodies end whose motion ponita gives as a vector of each.
  private func ended(_ input: ParticleBatch<Float>, _ output: GeometricOutput<Float>) -> Tensor<Float> {
    input.positions + output.vectors.squeezed(axis: 1)
  }

  /// The prediction of ponita, averaged over random poses of its grid, drawn for each sample.
  private func inPoses(
    _ input: ParticleBatch<Float>, _ count: Int, using generator: inout some RandomNumberGenerator
  ) -> Tensor<Float> {
    let clouds = input.graph.graphSizes.count
    let poses = (0..<clouds * count).flatMap { _ in SO3().randomElement(using: &generator).matrix.elements.map { Float($0) } }
    let frames = FrameBatch<Float>(
      rotations: Tensor(poses, shape: [clouds * count, 3, 3]),
      clouds: RowIndex((0..<clouds * count).map { $0 / count }, rowCount: clouds))
    return ended(input, ponita!(geometric(input), in: frames))
  }

  /// The model with its kernels scaled to data, where it has any.
  func calibrated(on input: ParticleBatch<Float>) -> NBodyModel {
    var result = self
    result.ponita = ponita?.calibrated(on: geometric(input))
    return result
  }

  /// The bodies with their charges for scalars and their velocities for vectors.
  private func geometric(_ input: ParticleBatch<Float>) -> GeometricBatch<Float> {
    var input = input
    input.features = input.features.sliced(axis: 1, 1..<2)
    return GeometricBatch(input)
  }

  mutating func visit(_ visitor: inout ParameterVisitor<Float>) {
    visitor("", &egnn)
    visitor("", &gnn)
    visitor("", &faGNN)
    visitor("", &ponita)
    visitor("", &flow)
  }
}
