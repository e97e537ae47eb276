import Equivariant
import ExampleSupport

/// PONITA, with features at positions and orientations (Bekkers et al. 2024).
struct PONITAArchitecture: Architecture {
  var hidden = 64
  var layers = 5
  var basis = 64
  var orientations = 16
  var grid = OrientationGridKind.signSymmetric
  var pose = PONITA<Float>.Configuration.Pose.principalAxes
  var layerScale: Double?
  var bandLimit: Int?
  var turns = false

  static let name = "ponita"
  static let summary = "positions and orientations"
  static let settings: [Setting<Self>] = [
    .init("hidden", \.hidden, in: 1...16_384, "Channels."),
    .init("layers", \.layers, in: 1...1000, "Number of layers."),
    .init("basis", \.basis, in: 1...16_384, "Functions that the kernels are linear in."),
    .init("orientations", \.orientations, in: 1...1000, "Orientations of the grid."),
    .init("grid", \.grid, "Grid of orientations; repulsion is published."),
    .init("pose", \.pose, "How the grid lies: fixed (as published) or along principal axes (exactly equivariant)."),
    .init(
      "layer-scale", \.layerScale, "a number, or none", where: { $0?.isFinite ?? true },
      "First value of the factors of residual branches."),
    .init(
      "band-limit", \.bandLimit, in: 1...6,
      "Degree of functions of the orientation, for a band limit; where they are not given, the grid is a design then, fast if fixed, and the "
        + "basis fits it."),
    .init("turns", \.turns, "Turn the grid at random for each sample in training."),
  ]
  static let quick = ModelPreset<Self>(training: .init(epochs: 100, clipNorm: 0.5, average: 0.995))
  static let published: ModelPreset<Self>? = .init(
    model: .init(hidden: 128, basis: 256, grid: .repulsion, pose: .fixed, layerScale: 1e-6, turns: true),
    training: .init(epochs: 10_000, rate: 1e-3, l2: 1e-10, warmUpEpochs: 10, clipNorm: 0.5, average: 0))

  /// Chooses the basis and the grid that suit a band limit.
  mutating func complete(given names: Set<String>) {
    guard let bandLimit, let count = OrientationGridKind.designSize(forBandLimit: bandLimit) else { return }
    if !names.contains("basis") { basis = max(1, basis / (bandLimit + 1)) * (bandLimit + 1) }
    if !names.contains("grid") {
      grid = .design
      if !names.contains("orientations") { orientations = count }
    }
  }

  var objection: String? {
    if let objection = grid.objection(to: orientations) { return "--orientations \(orientations) of --grid \(grid.rawValue): \(objection)" }
    guard let bandLimit, let count = OrientationGridKind.designSize(forBandLimit: bandLimit) else { return nil }
    guard basis % (bandLimit + 1) == 0 else {
      return "--basis must be a multiple of \(bandLimit + 1) for --band-limit \(bandLimit), not \(basis)"
    }
    var generator = RandomSource(seed: 1)
    guard OrientationGrid<Float>(grid.rule(orientations), using: &generator).isExact(forProductsOfDegree: bandLimit) else {
      return "--orientations \(orientations) of --grid \(grid.rawValue) do not integrate what --band-limit \(bandLimit) takes: "
        + "give --grid design --orientations \(count)"
    }
    return nil
  }

  var size: String { "width \(hidden), \(counted(layers, "layer"))" }
  var introduction: String {
    let equivariance =
      switch pose {
      case .fixed: "The directions are the same in every input: turning the input turns the prediction along only nearly."
      case .principalAxes:
        "The directions turn with the principal axes of the bodies: turning the input turns the prediction along, exactly."
      }
    return """
      The network, PONITA, gives every body a little sphere of directions to look in, and each direction features of its own. \
      \(equivariance)
      """
  }

  func network(using generator: inout RandomSource) -> any NBodyNetwork {
    var c = PONITA<Float>.Configuration()
    (c.hidden, c.layers, c.basis, c.layerScale, c.pose) = (hidden, layers, basis, layerScale, pose)
    (c.space, c.bandLimit) = (.bundle(grid.rule(orientations)), bandLimit)
    return PONITANetwork(ponita: PONITA(c, using: &generator), turns: turns)
  }
}

extension PONITAConfiguration.Pose: SettingValue {}

/// PONITA, which predicts the motion of each body as a vector.
struct PONITANetwork: NBodyNetwork {
  var ponita: PONITA<Float>
  /// Whether the grid is turned at random in training.
  let turns: Bool
  /// The number of random poses of the grid that a prediction is averaged over; 0 for the model's own pose.
  var poses = 0
  static let pieces = 4

  func prediction(_ input: ParticleBatch<Float>) -> NBodyPrediction {
    var generator = RandomSource(seed: 1)
    return poses > 0 ? inPoses(input, poses, using: &generator) : ended(input, ponita(geometric(input)))
  }

  func prediction(_ input: ParticleBatch<Float>, _ pass: inout ForwardPass<Float>) -> NBodyPrediction {
    turns ? inPoses(input, 1, using: &pass.random) : prediction(input)
  }

  func calibrated(on input: ParticleBatch<Float>) -> Self {
    var result = self
    result.ponita = ponita.calibrated(on: geometric(input))
    return result
  }

  func averaged(overPoses count: Int) -> Self? {
    var result = self
    result.poses = count
    return result
  }

  mutating func visit(_ visitor: inout ParameterVisitor<Float>) { visitor("", &ponita) }

  /// The final state of bodies whose motion is given by a vector for each.
  private func ended(_ input: ParticleBatch<Float>, _ output: GeometricOutput<Float>) -> NBodyPrediction {
    .init(positions: input.positions + output.vectors.squeezed(axis: 1))
  }

  /// The prediction averaged over random poses of the grid, which are drawn for each sample.
  private func inPoses(_ input: ParticleBatch<Float>, _ count: Int, using generator: inout RandomSource) -> NBodyPrediction {
    let clouds = input.graph.graphSizes.count
    let poses = (0..<clouds * count).flatMap { _ in SO3().randomElement(using: &generator).matrix.elements.map { Float($0) } }
    let frames = FrameBatch<Float>(
      rotations: Tensor(poses, shape: [clouds * count, 3, 3]),
      clouds: RowIndex((0..<clouds * count).map { $0 / count }, rowCount: clouds))
    return ended(input, ponita(geometric(input), in: frames))
  }

  /// The bodies with their charges as scalars and their velocities as vectors.
  private func geometric(_ input: ParticleBatch<Float>) -> GeometricBatch<Float> {
    var input = input
    input.features = input.features.sliced(axis: 1, 1..<2)
    return GeometricBatch(input)
  }
}
