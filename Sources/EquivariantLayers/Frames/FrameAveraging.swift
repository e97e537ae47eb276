import DifferentiableTensors
import NeuralModules
import Requirements

/// Any network made invariant or equivariant under motions of ℝᵈ by averaging over the frames of its input:
/// ⟨Φ⟩(x) = Σ_{g ∈ F(x)} w_g ρ_out(g) Φ(ρ_in(g)⁻¹ x) (Puny et al. 2022, eqs. 2-3).
///
/// ```swift
/// let backbone = MLP<Float>(widths: [6, 64, 3], using: &generator)
/// let model = FrameAveraging(backbone, over: PCAFrame(.e(3)), input: [.points(), .vectors()], output: [.points()])
/// let moved = model(x)  // x [clouds, rows, 6], moved [clouds, rows, 3]
/// ```
/// All frames of all clouds are one batch of the backbone, which maps [frames, ..., input width] to [frames, ..., output width] and must
/// treat the entries of the leading axis alike.
public struct FrameAveraging<Backbone: Layer, Frames: PointFrames>: Layer
where Backbone.Input == Tensor<Backbone.Scalar>, Backbone.Output == Tensor<Backbone.Scalar> {
  /// The element type.
  public typealias Scalar = Backbone.Scalar
  /// The network that knows nothing of groups.
  public var backbone: Backbone
  /// What it is averaged over.
  public let frames: Frames
  /// What the innermost axis of the input consists of.
  public let input: [FrameFeature]
  /// What the innermost axis of the output consists of.
  public let output: [FrameFeature]
  /// The number of elements of each frame that a training pass draws at random. Training then takes a fraction of the cost, and the mean
  /// over the choice is the whole average (stochastic frame averaging, Duval et al. 2023). Nil stands for whole frames in training too. One
  /// fixed element of highest weight would be a canonicalisation: ``canonical(_:)``.
  public var trainingElements: Int?

  /// - Parameters:
  ///   - backbone: the network.
  ///   - frames: what it is averaged over.
  ///   - input: what the innermost axis of the input consists of, including points or vectors.
  ///   - output: what the innermost axis of the output consists of; scalars are invariant.
  ///   - trainingElements: the number of elements of each frame that a training pass draws; nil for all.
  public init(
    _ backbone: Backbone, over frames: Frames, input: [FrameFeature], output: [FrameFeature], trainingElements: Int? = nil
  ) {
    require(
      input.contains { $0.rank == 1 && $0.width(1) > 0 }, "expected points or vectors, which a frame is made of, received \(input)")
    require(trainingElements.map { $0 > 0 } ?? true, "at least 1 element of a frame is expected, received \(trainingElements ?? 0)")
    (self.backbone, self.frames, self.input, self.output) = (backbone, frames, input, output)
    self.trainingElements = trainingElements
  }

  /// The average over the whole frame of each cloud: x [clouds, ..., input width] to [clouds, ..., output width].
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { averaged(x, frameBatch(of: x)) }

  /// The same in evaluation; in a training pass, the average over ``trainingElements`` random elements of each frame, with the backbone in
  /// training. The batch of its normalisations is all frames of all clouds.
  public func callAsFunction(_ x: Tensor<Scalar>, _ pass: inout ForwardPass<Scalar>) -> Tensor<Scalar> {
    var frames = frameBatch(of: x)
    if pass.isTraining, let trainingElements { frames = frames.sampled(trainingElements, using: &pass.random) }
    return frames.averaged(backbone(frames.framed(x, as: input), &pass), as: output)
  }

  /// The network in one frame of each cloud, which is exactly equivariant only for clouds whose frame has one element up to symmetries of
  /// the backbone.
  public func canonical(_ x: Tensor<Scalar>) -> Tensor<Scalar> { averaged(x, frameBatch(of: x).canonical) }

  /// The frames of the input, exact for the output.
  package func frameBatch(of x: Tensor<Scalar>) -> FrameBatch<Scalar> { frames(x, as: input, rank: output.maximumRank) }

  private func averaged(_ x: Tensor<Scalar>, _ frames: FrameBatch<Scalar>) -> Tensor<Scalar> {
    frames.averaged(backbone(frames.framed(x, as: input)), as: output)
  }

  /// Visits the backbone under its own names.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("", &backbone) }
}
