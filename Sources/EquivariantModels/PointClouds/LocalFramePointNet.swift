import DifferentiableTensors
import EquivariantLayers
import GroupTheory
import NeuralModules
import Requirements

/// PointNet on neighbourhoods, made equivariant by two averages over frames (FA-Local-PointNet of Puny et al. 2022).
///
/// Each point gives k vectors: its place relative to the mean of the cloud, and the places of its k - 1 nearest neighbours relative to it,
/// nearest first. They are seen in the frames of the principal axes of the neighbourhood; a network of their 3 k coordinates gives vectors,
/// which averaged over those frames are equivariant features of each point. A PointNet sees the vectors of all points in the frames of
/// their common principal axes, and is averaged over these. The network is equivariant under rotations (and reflections), invariant under
/// translations, and equivariant (or invariant) under permutations of the points. The choice of neighbours and the axes are not
/// differentiated.
public struct LocalFramePointNet<Scalar: TensorScalar>: ForwardPassLayer {
  /// Hyperparameters.
  public typealias Configuration = LocalFramePointNetConfiguration

  /// Hyperparameters.
  public let configuration: Configuration
  var layers: [NormalizedLinear<Scalar>]
  var network: FrameAveraging<PointNet<Scalar>, PCAFrame>
  private let localFrames: PCAFrame

  /// A network with the initial weights of PyTorch's linear layers.
  public init(_ configuration: Configuration = Configuration(), using generator: inout some RandomNumberGenerator) {
    let (c, width) = (configuration, configuration.network.output.width)
    require(
      c.network.input > 0 && c.network.input % 3 == 0 && c.network.input == c.widths.last,
      "layers of a neighbourhood that end with a multiple of 3, the input of the network, are expected, received \(c.widths)")
    require(!c.predictsVectors || width % 3 == 0, "a width of vectors is a multiple of 3, received \(width)")
    self.configuration = c
    layers = NormalizedLinear.chain([3 * c.neighbors] + c.widths, using: &generator)
    network = FrameAveraging(
      PointNet(c.network, using: &generator), over: PCAFrame(c.reflections ? .o(3) : .so(3)), input: [.vectors(c.network.input / 3)],
      output: [c.predictsVectors ? .vectors(width / 3) : .scalars(width)])
    localFrames = PCAFrame(c.reflections ? .e(3) : .se(3))
  }

  /// The number of elements of the frame of each cloud that a training pass draws; nil for whole frames. The frames of neighbourhoods stay
  /// whole: their averages go through a normalisation, which must see in training what it sees in evaluation.
  public var trainingElements: Int? {
    get { network.trainingElements }
    set { network.trainingElements = newValue }
  }

  /// The prediction for points [clouds, n, 3], [clouds, n, c] or [clouds, c].
  public func callAsFunction(_ x: Tensor<Scalar>, _ pass: inout ForwardPass<Scalar>) -> Tensor<Scalar> {
    network(vectors(of: x, &pass), &pass)
  }

  /// Equivariant vectors of every point, [clouds, n, 3 vectors].
  private func vectors(of x: Tensor<Scalar>, _ pass: inout ForwardPass<Scalar>) -> Tensor<Scalar> {
    let k = configuration.neighbors
    require(
      x.rank == 3 && x.shape[2] == 3 && x.shape[1] >= k,
      "points [clouds, n, 3] with n at least \(k) are expected, received shape \(x.shape)")
    let rows = x.shape[0] * x.shape[1]
    let patches = x.reshaped(rows, 3).gathered(x.nearestRows(k)).reshaped(rows, k, 3)
    let places = (x - x.mean(axis: 1, keepingDimensions: true)).reshaped(rows, 1, 3)
    let neighbors = patches.sliced(axis: 1, 1..<k) - x.reshaped(rows, 1, 3)
    let frames = localFrames(patches)
    var h = frames.framed(.concatenated([places, neighbors], axis: 1), as: [.vectors()])
    h = h.reshaped(h.shape[0], 3 * k)
    for (i, layer) in layers.enumerated() {
      h = layer(h, &pass)
      if i < layers.count - 1 { h = h.relu() }
    }
    let width = h.shape[1]
    return frames.averaged(h, as: [.vectors(width / 3)]).reshaped(x.shape[0], x.shape[1], width)
  }

  /// Visits local and network.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("local", &layers)
    visitor("network", &network)
  }
}

/// Hyperparameters of ``LocalFramePointNet``, the same for both element types.
public struct LocalFramePointNetConfiguration: Sendable, Codable, Equatable {
  /// The number of points of a neighbourhood, including its own point; a cloud must have at least as many.
  public var neighbors: Int
  /// The widths of the layers of a neighbourhood; the last one is a multiple of 3, the components of vectors.
  public var widths: [Int]
  /// The network of the vectors; its input is the last of the widths.
  public var network: PointNetConfiguration
  /// Whether frames have reflections: O(3) if so, otherwise SO(3).
  public var reflections: Bool
  /// Whether the output consists of vectors rather than scalars.
  public var predictsVectors: Bool

  /// A configuration, by default that of the published network for normals.
  public init(
    neighbors: Int = 20, widths: [Int] = [63, 126, 126], network: PointNetConfiguration = .init(), reflections: Bool = true,
    predictsVectors: Bool = true
  ) {
    (self.neighbors, self.widths, self.network) = (neighbors, widths, network)
    (self.reflections, self.predictsVectors) = (reflections, predictsVectors)
    self.network.input = widths.last ?? 0
  }
}
