import Equivariant

/// Clouds with what is to be predicted of them.
struct CloudBatch {
  /// [clouds, n, 3]: the mean at the origin, the root of the mean squared distance from it 1.
  let points: Tensor<Float>
  /// [clouds, n, 3], where the shapes have normals.
  let normals: Tensor<Float>?
  /// The class of each cloud.
  let labels: [Int]
  /// The part of each point of each cloud.
  let parts: [Int]

  /// One cloud of each shape, of the points of the given numbers, multiplied by its scale and turned by its rotation.
  ///
  /// - Parameter members: shapes with the numbers of their points, as many for each.
  init(_ members: [(shape: PointCloud, points: [Int], rotation: Rotation3, scale: Double)]) {
    let n = members.first?.points.count ?? 0
    var points: [Float] = []
    var normals: [Float] = []
    for (shape, numbers, rotation, scale) in members {
      let placed = Placement(shape.points, numbers)
      for i in numbers { points += Self.row(shape.points, i) { rotation * placed($0) * scale } }
      if !shape.normals.isEmpty { for i in numbers { normals += Self.row(shape.normals, i) { rotation * $0 } } }
    }
    self.points = Tensor(points, shape: [members.count, n, 3])
    self.normals = normals.isEmpty ? nil : Tensor(normals, shape: [members.count, n, 3])
    labels = members.map(\.shape.label)
    parts = members.flatMap { member in member.shape.parts.isEmpty ? [] : member.points.map { member.shape.parts[$0] } }
  }

  private static func row(_ values: [Float], _ i: Int, _ body: (SIMD3<Double>) -> SIMD3<Double>) -> [Float] {
    let v = body(SIMD3(Double(values[3 * i]), Double(values[3 * i + 1]), Double(values[3 * i + 2])))
    return [Float(v.x), Float(v.y), Float(v.z)]
  }

  /// The clouds of a step of training: random points of each shape, scaled by 0.8 to 1.25.
  static func random(
    _ shapes: [PointCloud], _ cut: CloudCut, rotations: RotationProtocol, using generator: inout RandomSource
  ) -> CloudBatch {
    CloudBatch(
      shapes.map { shape in
        let numbers = cut.members(of: shape, using: &generator)
        let scale = 0.8 + 0.45 * generator.uniform()
        return (shape, numbers, rotations.element(using: &generator), scale)
      })
  }
}

/// How a cloud is cut from a shape.
struct CloudCut: Equatable {
  let points: Int
  /// The points nearest to a random one, or else any.
  let patches: Bool

  func members(of shape: PointCloud, using generator: inout RandomSource) -> [Int] {
    guard patches else { return Array(generator.permutation(shape.count).prefix(points)) }
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

extension RotationProtocol {
  func element(using generator: inout RandomSource) -> Rotation3 {
    self == .identity ? .identity : SO3().randomElement(using: &generator)
  }
}

/// Shift and scale that put the mean of some points at the origin and make the root of their mean squared norm 1. (The published code divides
/// by the standard deviation of the norms, which would be 0 for a sphere.)
struct Placement {
  let center: SIMD3<Double>
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
