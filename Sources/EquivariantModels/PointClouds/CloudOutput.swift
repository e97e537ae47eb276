/// What a network on clouds of points [clouds, n, w] predicts, and how many numbers of it.
public enum CloudOutput: Sendable, Hashable, Codable {
  /// For every point: [clouds, n, c], equivariant under permutations of the points.
  case perPoint(Int)
  /// For every cloud: [clouds, c], invariant under permutations of the points.
  case perCloud(Int)

  /// c.
  public var width: Int {
    switch self {
    case .perPoint(let c), .perCloud(let c): c
    }
  }
}
