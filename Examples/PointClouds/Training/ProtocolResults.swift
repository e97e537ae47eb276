import Equivariant
import ExampleSupport
import Foundation

extension RotationProtocol: SettingValue {}

/// The errors of one model on the test shapes, turned by one protocol.
struct ProtocolResult: Codable, Equatable {
  struct Shape: Codable, Equatable {
    var name: String
    var errors: NormalErrors
  }
  /// The name of the model as in `--model`, or "plane-fit".
  var model: String
  /// How the clouds of the training were turned; nil for a method without training.
  var trained: RotationProtocol?
  var tested: RotationProtocol
  var parameters: Int
  /// The folder of the run; nil for a method without training.
  var run: String?
  var errors: NormalErrors
  var shapes: [Shape]

  /// The protocol of training and test, such as "I/SO(3)".
  var protocolName: String { "\(trained?.label ?? "–")/\(tested.label)" }
}

/// The results of `pointclouds protocols`, which are its file `protocols.json`.
struct ProtocolResults: Codable, Equatable {
  /// The number of points of a cloud.
  var points: Int
  /// The number of clouds of each test shape.
  var clouds: Int
  var trainShapes: [String]
  var testShapes: [String]
  var results: [ProtocolResult]

  init(points: Int, clouds: Int, trainShapes: [String], testShapes: [String], results: [ProtocolResult] = []) {
    (self.points, self.clouds, self.trainShapes, self.testShapes, self.results) = (points, clouds, trainShapes, testShapes, results)
  }

  init(contentsOf path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileFormatError(.missing, path: path, cause: "there is no such file", cure: "make it with `pointclouds protocols`")
    }
    do { self = try JSONDecoder().decode(ProtocolResults.self, from: data) } catch {
      throw FileFormatError(
        .malformed, path: path, cause: "this is no file of protocols: \(error)", cure: "make it with `pointclouds protocols`")
    }
  }

  func write(to path: String) throws { try JSONValue(encoding: self).write(to: path) }

  /// A table in Markdown with the error and the angles for each model and protocol.
  var table: String {
    var lines = ["| model | parameters | train/test | mean 1 − (n·n̂)² | median angle | 90 % below |", "|---|---|---|---|---|---|"]
    for r in results {
      let e = r.errors
      lines.append(
        "| \(r.model) | \(r.parameters) | \(r.protocolName) | "
          + String(format: "%.4f | %.2f° | %.2f° |", e.error, e.medianAngle, e.angle90))
    }
    return lines.joined(separator: "\n")
  }
}
