import DifferentiableTensors
import GroupTheory
import Requirements

/// The rows of a batch of clouds as frames see them: anchors, from which the covariance is computed, and whatever else can tell directions
/// apart.
struct CloudRows<Scalar: TensorScalar> {
  /// The number of clouds.
  let clouds: Int
  /// The mean of the points of each cloud, [clouds, d]; nil where nothing is translated.
  let centers: Tensor<Scalar>?
  /// Centred points, or vectors where there are no points, [clouds, rows, d]; in units of a power of two for each cloud, which leaves
  /// directions as they are, where their squares would leave the range of the element type.
  let anchors: Tensor<Scalar>
  /// The vectors besides points, in the same units, [clouds, rows, d]; nil for none.
  let vectors: Tensor<Scalar>?
  /// The scalars, [clouds, rows, scalars]; nil for none.
  let scalars: Tensor<Scalar>?
  /// How many anchors and vectors each row of a cloud has.
  let (anchorsPerRow, vectorsPerRow): (Int, Int)

  init(_ x: Tensor<Scalar>, _ features: [FrameFeature], _ group: EuclideanGroup) {
    let d = group.dimension
    let blocks = features.split(x, d)
    let clouds = x.shape[0]
    let rows = x.shape.dimensions.dropFirst().dropLast().reduce(1, *)
    /// The blocks of one kind, [clouds, rows, all components].
    func gather(_ wanted: (FrameFeature) -> Bool) -> Tensor<Scalar>? {
      let parts = blocks.filter { wanted($0.feature) && $0.block.shape[-1] > 0 }.map { $0.block.reshaped(clouds, rows, $0.block.shape[-1]) }
      guard let first = parts.first else { return nil }
      return parts.count == 1 ? first : Tensor.concatenated(parts)
    }
    func ofVectors(_ all: Tensor<Scalar>?) -> Tensor<Scalar>? { all.map { $0.reshaped(clouds, rows * $0.shape[-1] / d, d) } }
    let points = ofVectors(gather { if case .points = $0 { true } else { false } })
    let free = ofVectors(gather { if case .vectors = $0 { true } else { false } })
    scalars = gather { if case .scalars = $0 { true } else { false } }
    self.clouds = clouds
    guard let main = points ?? free else {
      fatalError("expected points or vectors, which a frame is made of, received \(features)")
    }
    require(main.shape[1] > 0, "expected clouds of at least one row, received \(x.shape)")
    let others = points == nil ? nil : free
    anchorsPerRow = rows == 0 ? 0 : main.shape[1] / rows
    vectorsPerRow = rows == 0 ? 0 : (others?.shape[1] ?? 0) / rows
    var anchors = main
    if group.hasTranslations, points != nil {
      let mean = main.mean(axis: 1)
      centers = mean
      let centred = main - mean.expandingAxis(1)
      // What a cloud of coincident points keeps is rounding, which points nowhere.
      let largest = main.detached.absolute().max(axis: 2).max(axis: 1)
      let spread = centred.detached.absolute().max(axis: 2).max(axis: 1)
      let isSpread = spread .> largest * (16 * Scalar.ulpOfOne)
      anchors = isSpread.withElements { $0.allSatisfy { $0 == 1 } } ? centred : centred * isSpread.reshaped(clouds, 1, 1)
    } else {
      centers = nil
    }
    let all = [anchors, others].compactMap { $0?.detached.reshaped(clouds, $0!.count / Swift.max(1, clouds)) }
    let units = Tensor.concatenated(all).powersOfTwoByRow
    let limit = Scalar(sign: .plus, exponent: Scalar.self == Float.self ? 30 : 300, significand: 1)
    if units.withElements({ $0.allSatisfy { $0 >= 1 / limit && $0 <= limit } }) {
      (self.anchors, vectors) = (anchors, others)
    } else {
      let scale = units.reshaped(clouds, 1, 1)
      (self.anchors, vectors) = (anchors / scale, others.map { $0 / scale })
    }
  }

  /// The same rows in double precision, outside the graph.
  private init(converting other: CloudRows<some TensorScalar>) {
    func double<S>(_ t: Tensor<S>) -> Tensor<Scalar> { t.detached.converted(to: Scalar.self) }
    (clouds, centers, anchors) = (other.clouds, nil, double(other.anchors))
    (vectors, scalars) = (other.vectors.map(double), other.scalars.map(double))
    (anchorsPerRow, vectorsPerRow) = (other.anchorsPerRow, other.vectorsPerRow)
  }
  var detachedDoubles: CloudRows<Double> { CloudRows<Double>(converting: self) }

  /// The candidates that axes of one cloud may point to.
  func candidates(of cloud: Int) -> AxisCandidates {
    func values(_ t: Tensor<Scalar>) -> [Double] {
      t.detached.sliced(axis: 0, cloud..<cloud + 1).converted(to: Double.self).elements
    }
    let blocks = [(anchors, anchorsPerRow)] + (vectors.map { [($0, vectorsPerRow)] } ?? [])
    return AxisCandidates(
      dimension: anchors.shape[-1], blocks: blocks.map { (values($0.0), $0.1) }, scalars: scalars.map(values) ?? [],
      scalarWidth: scalars?.shape[-1] ?? 0)
  }
}
