import DifferentiableTensors
import GroupTheory
import Requirements

/// A rule that gives every cloud of a batch its frames, F(g x) = g F(x).
public protocol PointFrames: Sendable {
  /// The group under which averages over the frames are equivariant.
  var group: EuclideanGroup { get }

  /// The frames of a batch.
  ///
  /// - Parameters:
  ///   - x: features of the rows of every cloud, [clouds, ..., width].
  ///   - features: what the innermost axis of x consists of.
  ///   - rank: the largest rank of the tensors that will be averaged (1 for vectors and points). It matters for clouds that are symmetric
  ///     under continuous rotations, whose averages must be exact to that rank.
  func callAsFunction<Scalar: TensorScalar>(_ x: Tensor<Scalar>, as features: [FrameFeature], rank: Int) -> FrameBatch<Scalar>
}

/// The same frame for every cloud: averages over a finite group, Haar quadratures and Monte-Carlo averages, for comparison with
/// ``PCAFrame``. Clouds are centred where the group has translations.
public struct ConstantFrame: PointFrames {
  /// The group that the elements come from.
  public let group: EuclideanGroup
  /// The elements, without translation.
  public let frame: Frame<EuclideanGroup>

  /// Elements of a Euclidean group; their translations must be 0.
  public init(_ frame: Frame<EuclideanGroup>, of group: EuclideanGroup) {
    require(
      frame.elements.allSatisfy { $0.element.translation.allSatisfy { $0 == 0 } && $0.element.linear.rows == group.dimension },
      "expected \(group.dimension)-dimensional elements without translation: the mean of a cloud is its origin")
    (self.group, self.frame) = (group, frame)
  }

  /// The average over a finite group of rotations and reflections of space, which is exact under its elements only.
  public init(_ points: PointGroup) {
    self.init(
      Frame(points.elements.map { EuclideanElement(RigidMotion(linear: points.orthogonalElement(of: $0), translation: .zero)) }), of: .o(3))
  }

  /// Haar-random elements: the Monte-Carlo average.
  public init(random count: Int, of group: EuclideanGroup, using generator: inout some RandomNumberGenerator) {
    let compact = EuclideanGroup(dimension: group.dimension, hasReflections: group.hasReflections, hasTranslations: false)
    self.init(.random(count, of: compact, using: &generator), of: group)
  }

  /// The frames of a batch.
  public func callAsFunction<Scalar: TensorScalar>(_ x: Tensor<Scalar>, as features: [FrameFeature], rank: Int) -> FrameBatch<Scalar> {
    let (d, k, n) = (group.dimension, frame.elements.count, x.shape[0])
    let matrices = Tensor<Double>(frame.elements.flatMap { $0.element.linear.elements }, shape: [1, k, d, d])
    let weights = Tensor<Double>(frame.elements.map(\.weight)).reshaped(1, k)
    return FrameBatch(
      rotations: matrices.broadcast(to: [n, k, d, d]).reshaped(n * k, d, d).converted(to: Scalar.self),
      weights: weights.broadcast(to: [n, k]).reshaped(n * k).converted(to: Scalar.self),
      centers: group.hasTranslations ? CloudRows(x, features, group).centers : nil,
      clouds: RowIndex((0..<n * k).map { $0 / k }, rowCount: n))
  }
}
