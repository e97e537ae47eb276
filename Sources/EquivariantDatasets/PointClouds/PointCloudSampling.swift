import DifferentiableTensors
import Requirements

/// How clouds of one size are drawn from the points of a shape.
public struct PointCloudSampling: Sendable, Equatable {
  /// The number of points of a cloud.
  public var points: Int
  /// Whether a cloud consists of the points nearest to a random point of the shape, instead of random points all over it.
  public var isLocal: Bool

  /// Clouds of at least one point.
  public init(points: Int, isLocal: Bool = false) {
    require(points > 0, "clouds of at least 1 point are expected, received \(points)")
    (self.points, self.isLocal) = (points, isLocal)
  }

  /// The numbers of the shape's points that a random cloud consists of: in random order, or the nearest first if ``isLocal``.
  ///
  /// Traps if the shape has fewer points than the cloud.
  public func callAsFunction(_ shape: PointCloud, using generator: inout RandomSource) -> [Int] {
    require(shape.count >= points, "a shape of at least \(points) points is expected, received \(shape.count)")
    guard isLocal else { return Array(generator.permutation(shape.count).prefix(points)) }
    let center = 3 * Int.random(in: 0..<shape.count, using: &generator)
    let distances = (0..<shape.count).map { i in
      (0..<3).reduce(Float(0)) { sum, axis in
        let d = shape.points[3 * i + axis] - shape.points[center + axis]
        return sum + d * d
      }
    }
    return Array((0..<shape.count).sorted { (distances[$0], $0) < (distances[$1], $1) }.prefix(points))
  }
}
