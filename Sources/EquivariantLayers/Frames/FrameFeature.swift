import DifferentiableTensors
import Requirements

/// What a block of the innermost axis of a tensor is under motions x ↦ R x + t of ℝᵈ.
///
/// A list of them describes the axis: `[.points(), .vectors(2), .scalars(4)]` has 3 + 6 + 4 components in space, in this order; the
/// components of one vector lie next to each other, and a tensor of rank r is stored row-major.
public enum FrameFeature: Sendable, Hashable {
  /// Numbers that do not change.
  case scalars(_ count: Int = 1)
  /// Vectors, v ↦ R v: velocities, normals, differences of points.
  case vectors(_ count: Int = 1)
  /// Points, x ↦ R x + t.
  case points(_ count: Int = 1)
  /// Tensors, on which R acts by each of `rank` indices.
  case tensors(_ count: Int = 1, rank: Int)

  /// The number of components in dimension d.
  public func width(_ d: Int) -> Int {
    switch self {
    case .scalars(let n): n
    case .vectors(let n), .points(let n): n * d
    case .tensors(let n, let rank): (0..<rank).reduce(n) { width, _ in width * d }
    }
  }

  /// The number of indices that R acts on.
  public var rank: Int {
    switch self {
    case .scalars: 0
    case .vectors, .points: 1
    case .tensors(_, let rank): rank
    }
  }
}

extension [FrameFeature] {
  /// The number of components of the axis in dimension d.
  public func width(_ d: Int) -> Int { reduce(0) { $0 + $1.width(d) } }

  /// The largest rank of a block, 0 for none.
  public var maximumRank: Int { map(\.rank).max() ?? 0 }

  /// Calls `body` with each block of the innermost axis, [..., width].
  func split<Scalar: TensorScalar>(_ x: Tensor<Scalar>, _ d: Int) -> [(feature: FrameFeature, block: Tensor<Scalar>)] {
    require(
      x.rank >= 2 && x.shape[-1] == width(d), "an innermost axis of size \(width(d)) for \(self) is expected, received \(x.shape)")
    if count == 1 { return [(self[0], x)] }
    var start = 0
    return map { feature in
      defer { start += feature.width(d) }
      return (feature, x.sliced(axis: -1, start..<start + feature.width(d)))
    }
  }
}
