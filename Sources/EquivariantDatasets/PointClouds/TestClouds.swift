import DifferentiableTensors
import GroupTheory
import Requirements

/// Clouds of some shapes to test models on. They depend on the shapes, the sampling and the seed alone: every model is tested on the same
/// clouds, and a rotation protocol changes nothing but their rotations.
public struct TestClouds: Sendable {
  /// One cloud.
  public struct Part: Sendable {
    /// The number of the shape that the cloud is drawn from.
    public let shape: Int
    /// The cloud, as a batch of one.
    public let batch: PointCloudBatch
  }

  /// The shapes that the clouds are drawn from.
  public let shapes: [PointCloud]
  /// The clouds, in the order of the shapes.
  public let parts: [Part]

  /// Divides the points of each shape, in random order, into clouds; if the sampling is local, draws as many clouds independently.
  ///
  /// - Parameters:
  ///   - shapes: the shapes.
  ///   - sampling: the size of the clouds, and whether they are local.
  ///   - most: the largest number of clouds of one shape. A shape with fewer points than a cloud gives none.
  ///   - rotations: how the clouds are turned.
  ///   - seed: the seed of the clouds and of their rotations.
  public init(
    _ shapes: [PointCloud], _ sampling: PointCloudSampling, most: Int = .max, rotations: RotationProtocol, seed: UInt64 = 2026
  ) {
    require(most >= 0, "a number of clouds of at least 0 is expected, received \(most)")
    self.shapes = shapes
    var source = RandomSource(seed: seed)
    var parts: [Part] = []
    for (number, shape) in shapes.enumerated() {
      let order = source.permutation(shape.count)
      for cloud in 0..<min(most, shape.count / sampling.points) {
        let members =
          sampling.isLocal
          ? sampling(shape, using: &source) : Array(order[cloud * sampling.points..<(cloud + 1) * sampling.points])
        // Drawn for either protocol, so that the clouds are the same.
        let rotation = RotationProtocol.so3.rotation(using: &source)
        let batch = PointCloudBatch([(shape, members, rotations == .so3 ? rotation : .identity, 1)])
        parts.append(Part(shape: number, batch: batch))
      }
    }
    self.parts = parts
  }

  /// The angles in degrees between the lines of predicted and true normals, for each shape in the order of ``parts`` and their points. A
  /// predicted vector of length 0 counts as 90 degrees off.
  ///
  /// Traps if a shape has no normals, or if the prediction for a cloud [1, n, 3] has another shape.
  public func angles(of normals: (Tensor<Float>) -> Tensor<Float>) -> [[Double]] {
    var angles = [[Double]](repeating: [], count: shapes.count)
    for part in parts {
      guard let expected = part.batch.normals else {
        fatalError("shapes with normals are expected, received \(shapes[part.shape].name) without")
      }
      let found = withoutRecording { normals(part.batch.points) }
      require(found.shape == expected.shape, "normals \(expected.shape) are expected, received \(found.shape)")
      angles[part.shape] += unorientedAngles(found.elements.map { Double($0) }, expected.elements.map { Double($0) }).map { $0 ?? 90 }
    }
    return angles
  }

  /// The share of right answers, where an answer is the label of the largest logit; 0 if there are no clouds.
  ///
  /// - Parameters:
  ///   - logits: from a cloud [1, n, 3] to [1, labels], or to [1, n, labels] for parts.
  ///   - perCloud: whether the class of each cloud is asked for, instead of the part of each point.
  public func accuracy(of logits: (Tensor<Float>) -> Tensor<Float>, perCloud: Bool) -> Double {
    var (right, all) = (0, 0)
    for part in parts {
      let answers = withoutRecording { logits(part.batch.points) }.argmax()
      let labels = perCloud ? part.batch.labels : part.batch.parts
      require(answers.count == labels.count, "\(labels.count) rows of logits are expected, received \(answers.count)")
      right += zip(answers, labels).count { $0 == $1 }
      all += labels.count
    }
    return Double(right) / Double(max(1, all))
  }
}
