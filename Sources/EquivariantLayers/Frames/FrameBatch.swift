import DifferentiableTensors
import GroupTheory
import Requirements

/// The frames of a batch of clouds: for each cloud a finite, weighted set of motions g = (R, t) of ℝᵈ.
///
/// A motion is a coordinate system: the columns of R are its axes, and t is its origin. Seen in it, a vector v is Rᵀ v, a point x is Rᵀ (x
/// − t), and a tensor is multiplied by Rᵀ on each index. All motions of a cloud share the origin.
public struct FrameBatch<Scalar: TensorScalar>: Sendable {
  /// The axes R as columns, [frames, d, d], ordered by cloud.
  public let rotations: Tensor<Scalar>
  /// The weights, [frames]; those of a cloud sum to 1. Nil where all frames of a cloud weigh the same.
  public let weights: Tensor<Scalar>?
  /// t, [clouds, d]; nil for the origin.
  public let centers: Tensor<Scalar>?
  /// The cloud of each frame, not decreasing.
  public let clouds: RowIndex

  /// The number of clouds.
  public var cloudCount: Int { clouds.rowCount }
  /// The number of frames in all.
  public var count: Int { clouds.count }
  /// d.
  public var dimension: Int { rotations.shape[-1] }

  /// Makes a batch from its parts; shapes and the order of the frames are checked.
  public init(rotations: Tensor<Scalar>, weights: Tensor<Scalar>? = nil, centers: Tensor<Scalar>? = nil, clouds: RowIndex) {
    let d = rotations.shape[-1]
    require(
      rotations.shape == [clouds.count, d, d], "rotations of shape [\(clouds.count), d, d] are expected, received \(rotations.shape)")
    require(
      zip(clouds.rows, clouds.rows.dropFirst()).allSatisfy { $0 <= $1 } && clouds.multiplicities.allSatisfy { $0 > 0 },
      "frames in the order of their clouds are expected, at least one for each")
    if let weights { require(weights.shape == [clouds.count], "weights [\(clouds.count)] are expected, received \(weights.shape)") }
    if let centers {
      require(centers.shape == [clouds.rowCount, d], "centers [\(clouds.rowCount), \(d)] are expected, received \(centers.shape)")
    }
    (self.rotations, self.weights, self.centers, self.clouds) = (rotations, weights, centers, clouds)
  }

  /// The features of every cloud in the coordinates of each of its frames.
  ///
  /// - Parameters:
  ///   - x: [clouds, ..., width]
  ///   - features: what the innermost axis is made of.
  /// - Returns: [frames, ..., width]
  public func framed(_ x: Tensor<Scalar>, as features: [FrameFeature]) -> Tensor<Scalar> {
    require(x.shape[0] == cloudCount, "\(cloudCount) clouds are expected, received \(x.shape)")
    let blocks = features.split(x, dimension).map { feature, block -> Tensor<Scalar> in
      switch feature {
      case .scalars: return block.gathered(clouds)
      case .vectors: return rotated(block, rank: 1, toFrames: true)
      case .points: return rotated(shifted(block, by: -1), rank: 1, toFrames: true)
      case .tensors(_, let rank): return rotated(block, rank: rank, toFrames: true)
      }
    }
    return blocks.count == 1 ? blocks[0] : .concatenated(blocks)
  }

  /// The average over the frames of each cloud of features that were computed in their coordinates, taken back to the world.
  ///
  /// - Parameters:
  ///   - y: [frames, ..., width]
  ///   - features: what the innermost axis is made of.
  /// - Returns: [clouds, ..., width]
  public func averaged(_ y: Tensor<Scalar>, as features: [FrameFeature]) -> Tensor<Scalar> {
    require(y.shape[0] == count, "\(count) frames are expected, received \(y.shape)")
    let weighted = y * effectiveWeights.reshaped(to: Shape([count] + Array(repeating: 1, count: y.rank - 1)))
    let blocks = features.split(weighted, dimension).map { feature, block -> Tensor<Scalar> in
      switch feature {
      case .scalars: return block.scatterAdded(clouds)
      case .vectors: return rotated(block, rank: 1, toFrames: false)
      case .points: return shifted(rotated(block, rank: 1, toFrames: false), by: 1)
      case .tensors(_, let rank): return rotated(block, rank: rank, toFrames: false)
      }
    }
    return blocks.count == 1 ? blocks[0] : .concatenated(blocks)
  }

  /// The weight of every frame, [frames].
  public var effectiveWeights: Tensor<Scalar> {
    if let weights { return weights }
    let numbers = clouds.multiplicities
    return Tensor(clouds.rows.map { 1 / Scalar(numbers[Int($0)]) })
  }

  /// x ± t for every point of the innermost axis.
  private func shifted(_ x: Tensor<Scalar>, by sign: Scalar) -> Tensor<Scalar> {
    guard let centers else { return x }
    let d = dimension
    let points = x.reshaped(cloudCount, x.count / Swift.max(1, cloudCount * d), d)
    let shift = centers.reshaped(cloudCount, 1, d) * sign
    return (points + shift).reshaped(to: x.shape)
  }

  /// Applies Rᵀ, or R and the sum over the frames of a cloud, to each of the last `rank` indices of every tensor.
  private func rotated(_ x: Tensor<Scalar>, rank: Int, toFrames: Bool) -> Tensor<Scalar> {
    if rank == 0 { return toFrames ? x.gathered(clouds) : x.scatterAdded(clouds) }
    let d = dimension
    let outer = Shape([toFrames ? count : cloudCount] + x.shape.dimensions.dropFirst())
    var result = x.reshaped(x.count / d, d)
    // One index after the other: the first step goes from clouds to frames, or the last one back; the others stay at the frames.
    for index in 0..<rank {
      let each = result.shape[0] / Swift.max(1, toFrames && index == 0 ? cloudCount : count)
      let changes = index == (toFrames ? 0 : rank - 1)
      let owners = changes ? clouds.multiplicities : Array(repeating: 1, count: count)
      let form = FrameForm(frames: owners, vectors: Array(repeating: each, count: owners.count), dimension: d)
      result = toFrames ? form.coordinates(rotations, result) : form.vectors(rotations, result)
      guard rank > 1 else { break }
      // The next index of each tensor becomes the innermost; after `rank` steps the order is the first one again.
      let rest = (0..<rank - 1).reduce(1) { size, _ in size * d }
      result = result.reshaped(result.count / (rest * d), rest, d).transposed().reshaped(result.count / d, d)
    }
    return result.reshaped(to: outer)
  }
}
