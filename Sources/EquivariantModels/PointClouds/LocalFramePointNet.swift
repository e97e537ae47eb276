import DifferentiableTensors
import EquivariantLayers
import GroupTheory
import NeuralModules

/// PointNet on neighbourhoods, made equivariant by two averages over frames (FA-Local-PointNet of Puny et al. 2022).
///
/// The k nearest points of each point, nearest first, are seen in the frames of their principal axes; a network of their 3 k coordinates gives
/// vectors, averaged over those frames: equivariant features of each point. A PointNet sees the vectors of all points in the frames of their
/// common principal axes, and is averaged over these. Equivariant under rotations (and reflections), invariant under translations; equivariant
/// (or invariant) under permutations of the points. The choice of neighbours and the axes are not differentiated.
public struct LocalFramePointNet<Scalar: TensorScalar>: BatchNormalized {
  /// Hyperparameters.
  public struct Configuration: Sendable, Codable, Equatable {
    /// Neighbours of a point, itself among them; all points of a cloud where there are fewer is an error.
    public var neighbors = 20
    /// Widths of the layers of a neighbourhood; the last is a multiple of 3, that many vectors' components.
    public var widths = [63, 126, 126]
    /// The network of the vectors; its input is the last of the widths.
    public var network = PointNet<Scalar>.Configuration()
    /// Whether frames have reflections: O(3) or SO(3).
    public var reflections = true
    /// Whether the output is vectors, or else scalars.
    public var predictsVectors = true

    /// The published network for normals, unless told otherwise.
    public init(
      neighbors: Int = 20, widths: [Int] = [63, 126, 126], network: PointNet<Scalar>.Configuration = .init(), reflections: Bool = true,
      predictsVectors: Bool = true
    ) {
      (self.neighbors, self.widths, self.network) = (neighbors, widths, network)
      (self.reflections, self.predictsVectors) = (reflections, predictsVectors)
      self.network.input = widths.last ?? 0
    }
  }

  /// Hyperparameters.
  public let configuration: Configuration
  var layers: [NormalizedLinear<Scalar>]
  var network: FrameAveraging<PointNet<Scalar>, PCAFrame>
  private let localFrames: PCAFrame

  /// With initial weights as PyTorch's linear layers.
  public init(_ configuration: Configuration = Configuration(), using generator: inout some RandomNumberGenerator) {
    let (c, width) = (configuration, configuration.network.output.width)
    precondition(
      c.network.input > 0 && c.network.input % 3 == 0 && c.network.input == c.widths.last,
      "layers of a neighbourhood that end with a multiple of 3, the input of the network, are expected, received \(c.widths)")
    precondition(!c.predictsVectors || width % 3 == 0, "a width of vectors is a multiple of 3, received \(width)")
    self.configuration = c
    layers = NormalizedLinear.chain([3 * c.neighbors] + c.widths, using: &generator)
    network = FrameAveraging(
      PointNet(c.network, using: &generator), over: PCAFrame(c.reflections ? .o(3) : .so(3)), input: [.vectors(c.network.input / 3)],
      output: [c.predictsVectors ? .vectors(width / 3) : .scalars(width)])
    localFrames = PCAFrame(c.reflections ? .e(3) : .se(3))
  }

  /// From points [clouds, n, 3] to [clouds, n, c] or [clouds, c], by whole frames.
  public func callAsFunction(_ x: Tensor<Scalar>, _ pass: inout BatchNormPass<Scalar>) -> Tensor<Scalar> {
    let patches = patches(of: x)
    return network(vectors(patches, localFrames(patches), of: x, &pass), &pass)
  }

  /// The same by a few random elements of each frame, of the neighbourhoods and of the clouds: for training.
  public func sampled(
    _ x: Tensor<Scalar>, elements: Int, _ pass: inout BatchNormPass<Scalar>, using generator: inout some RandomNumberGenerator
  ) -> Tensor<Scalar> {
    let patches = patches(of: x)
    let frames = localFrames(patches).sampled(elements, using: &generator)
    return network.sampled(vectors(patches, frames, of: x, &pass), elements: elements, &pass, using: &generator)
  }

  /// The neighbours of every point, [clouds n, k, 3].
  private func patches(of x: Tensor<Scalar>) -> Tensor<Scalar> {
    precondition(
      x.rank == 3 && x.shape[2] == 3 && x.shape[1] >= configuration.neighbors,
      "points [clouds, n, 3] with n at least \(configuration.neighbors) are expected, received shape \(x.shape)")
    let points = x.shape[0] * x.shape[1]
    let neighbors = x.nearestRows(configuration.neighbors)
    return x.reshaped(points, 3).gathered(neighbors).reshaped(points, configuration.neighbors, 3)
  }

  /// Equivariant vectors of every point, [clouds, n, 3 vectors].
  private func vectors(
    _ patches: Tensor<Scalar>, _ frames: FrameBatch<Scalar>, of x: Tensor<Scalar>, _ pass: inout BatchNormPass<Scalar>
  ) -> Tensor<Scalar> {
    var h = frames.framed(patches, as: [.points()])
    h = h.reshaped(h.shape[0], 3 * configuration.neighbors)
    for (i, layer) in layers.enumerated() {
      h = layer(h, &pass)
      if i < layers.count - 1 { h = h.relu() }
    }
    let width = h.shape[1]
    return frames.averaged(h, as: [.vectors(width / 3)]).reshaped(x.shape[0], x.shape[1], width)
  }

  /// local, network
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("local", &layers)
    visitor("network", &network)
  }
}
