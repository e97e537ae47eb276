import DifferentiableTensors
import GroupTheory
import Requirements

/// Clouds of equally many points as tensors, with what is to be predicted for them.
public struct PointCloudBatch: Sendable {
  /// The coordinates, [clouds, n, 3]. Before a cloud is scaled, its mean is the origin and the root mean square distance of its points from
  /// the origin is 1.
  public let points: Tensor<Float>
  /// The unit normals, [clouds, n, 3]; nil if a shape has none.
  public let normals: Tensor<Float>?
  /// The class of each cloud.
  public let labels: [Int]
  /// The part that each point belongs to, [clouds · n] in the order of the points; empty if a shape has no parts.
  public let parts: [Int]

  /// One cloud for each member: the shape's points of the given numbers, brought to mean 0 and root mean square 1, then multiplied by the
  /// scale and turned by the rotation. Normals turn with the points.
  ///
  /// Traps unless all members have equally many points.
  public init(_ members: [(shape: PointCloud, points: [Int], rotation: Rotation3, scale: Double)]) {
    let n = members.first?.points.count ?? 0
    var (points, normals): ([Float], [Float]) = ([], [])
    for (shape, numbers, rotation, scale) in members {
      require(numbers.count == n, "clouds of \(n) points are expected, received one of \(numbers.count)")
      let normalization = CloudNormalization(shape.points, numbers)
      for i in numbers { points += Self.row(shape.points, i) { rotation * normalization($0) * scale } }
      if !shape.normals.isEmpty { for i in numbers { normals += Self.row(shape.normals, i) { rotation * $0 } } }
    }
    let shape: Shape = [members.count, n, 3]
    self.points = Tensor(points, shape: shape)
    self.normals = members.contains { $0.shape.normals.isEmpty } ? nil : Tensor(normals, shape: shape)
    labels = members.map(\.shape.label)
    let haveParts = members.allSatisfy { !$0.shape.parts.isEmpty }
    parts = haveParts ? members.flatMap { member in member.points.map { member.shape.parts[$0] } } : []
  }

  /// A batch to train on: a random cloud of each shape, scaled by a factor uniform in [0.8, 1.25) and turned as the protocol says.
  ///
  /// Traps if a shape has fewer points than a cloud.
  public static func random(
    _ shapes: [PointCloud], _ sampling: PointCloudSampling, rotations: RotationProtocol, using generator: inout RandomSource
  ) -> PointCloudBatch {
    PointCloudBatch(
      shapes.map { shape in
        let numbers = sampling(shape, using: &generator)
        let scale = 0.8 + 0.45 * generator.uniform()
        return (shape, numbers, rotations.rotation(using: &generator), scale)
      })
  }

  private static func row(_ values: [Float], _ i: Int, _ body: (SIMD3<Double>) -> SIMD3<Double>) -> [Float] {
    let v = body(SIMD3(Double(values[3 * i]), Double(values[3 * i + 1]), Double(values[3 * i + 2])))
    return [Float(v.x), Float(v.y), Float(v.z)]
  }
}

/// The shift and scale that bring the mean of some points to the origin and their root mean square distance from it to 1. (The published code
/// divides by the standard deviation of the distances, which would be 0 for a sphere.)
private struct CloudNormalization {
  let center: SIMD3<Double>
  /// 1 where all points coincide.
  let inverseScale: Double

  init(_ points: [Float], _ numbers: [Int]) {
    func point(_ i: Int) -> SIMD3<Double> { SIMD3(Double(points[3 * i]), Double(points[3 * i + 1]), Double(points[3 * i + 2])) }
    let n = Double(max(1, numbers.count))
    let center = numbers.reduce(SIMD3<Double>()) { $0 + point($1) } / n
    let square = numbers.reduce(0) { sum, i in
      let d = point(i) - center
      return sum + (d * d).sum()
    }
    self.center = center
    inverseScale = square > 0 ? 1 / (square / n).squareRoot() : 1
  }

  func callAsFunction(_ x: SIMD3<Double>) -> SIMD3<Double> { (x - center) * inverseScale }
}
