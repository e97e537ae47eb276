import Equivariant
import Foundation

/// A model's errors on test shapes that are turned by one protocol.
struct CloudReport {
  /// The errors of normals, for that task.
  var normals: (all: NormalErrors, shapes: [ProtocolResult.Shape])?
  /// The share of right answers, for classes and parts.
  var accuracy: Double?

  init(_ model: CloudModel, _ c: CloudConfiguration, _ test: [PointCloud], _ rotations: RotationProtocol) {
    let clouds = TestClouds(test, c.task.sampling, rotations: rotations)
    if c.task.kind == .normals {
      self.init(angles: clouds.angles { model($0) }, test)
    } else {
      self.init(accuracy: clouds.accuracy(of: { model($0) }, perCloud: c.task.kind == .classify))
    }
  }

  private init(accuracy: Double) { self.accuracy = accuracy }

  init(angles: [[Double]], _ test: [PointCloud]) {
    normals = (
      NormalErrors(angles: angles.flatMap { $0 }),
      zip(test, angles).map { ProtocolResult.Shape(name: $0.name, errors: NormalErrors(angles: $1)) }
    )
  }

  var text: String {
    if let accuracy { return String(format: "accuracy %.2f %%", 100 * accuracy) }
    return normals.map { $0.all.text } ?? ""
  }

  /// The object that `--json` prints.
  var json: JSONObject {
    var object = JSONObject()
    if let accuracy { object["accuracy"] = .number(accuracy) }
    if let normals {
      object["error"] = .number(normals.all.error)
      object["medianAngle"] = .number(normals.all.medianAngle)
      object["angle90"] = .number(normals.all.angle90)
    }
    return object
  }
}

extension NormalErrors {
  var text: String { String(format: "1 - (n·n̂)² %.4f, angle median %.2f°, 90 %% below %.2f°", error, medianAngle, angle90) }
}
