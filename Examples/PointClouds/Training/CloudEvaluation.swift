import Equivariant
import RealModule

/// The test clouds of shapes, the same for every model: each shape's points in random order, cut into clouds.
struct TestClouds {
  struct Part {
    let shape: Int
    let batch: CloudBatch
  }
  let shapes: [PointCloud]
  let parts: [Part]

  /// Up to `most` clouds of each shape, together as many points as it has at most. Clouds, and their rotations, depend on the seed alone.
  init(_ shapes: [PointCloud], _ cut: CloudCut, most: Int = .max, rotations: RotationProtocol, seed: UInt64 = 2026) {
    self.shapes = shapes
    var source = RandomSource(seed: seed)
    var parts: [Part] = []
    for (number, shape) in shapes.enumerated() {
      let order = source.permutation(shape.count)
      for cloud in 0..<min(most, shape.count / cut.points) {
        let members =
          cut.patches ? cut.members(of: shape, using: &source) : Array(order[cloud * cut.points..<(cloud + 1) * cut.points])
        // Drawn for either protocol, so that the clouds are the same.
        let rotation = RotationProtocol.so3.element(using: &source)
        parts.append(
          Part(shape: number, batch: CloudBatch([(shape, members, rotations == .so3 ? rotation : .identity, 1)])))
      }
    }
    self.parts = parts
  }

  /// Angles between lines in degrees, by shape.
  func angles(of normals: (Tensor<Float>) -> Tensor<Float>) -> [[Double]] {
    var angles = [[Double]](repeating: [], count: shapes.count)
    for part in parts {
      let found = withoutRecording { normals(part.batch.points) }.elements
      let expected = part.batch.normals!.elements
      // A vector that is 0 is as far off as can be.
      angles[part.shape] += unorientedAngles(found.map { Double($0) }, expected.map { Double($0) }).map { $0 ?? 90 }
    }
    return angles
  }

  /// The share of right answers: of clouds where `perCloud`, else of points.
  func accuracy(of logits: (Tensor<Float>) -> Tensor<Float>, perCloud: Bool) -> Double {
    var (right, all) = (0, 0)
    for part in parts {
      let answers = withoutRecording { logits(part.batch.points) }.argmax()
      let labels = perCloud ? part.batch.labels : part.batch.parts
      right += zip(answers, labels).count { $0 == $1 }
      all += labels.count
    }
    return Double(right) / Double(max(1, all))
  }
}

extension NormalErrors {
  /// From angles in degrees.
  init(angles: [Double]) {
    let sorted = angles.sorted()
    func quantile(_ q: Double) -> Double { sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(q * Double(sorted.count)))] }
    let sum = angles.reduce(0.0) { sum, angle in
      let sine = Double.sin(angle * .pi / 180)
      return sum + sine * sine
    }
    self.init(error: sum / Double(max(1, angles.count)), medianAngle: quantile(0.5), angle90: quantile(0.9))
  }
}
