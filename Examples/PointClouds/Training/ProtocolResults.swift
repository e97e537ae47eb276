import Equivariant
import ExampleSupport
import Foundation

/// How clouds are turned: `identity` as the files have them, `so3` each by a random rotation, uniform on SO(3).
enum RotationProtocol: String, Codable, CaseIterable, SettingValue {
  case identity, so3

  /// As in "I/SO(3)".
  var label: String { self == .identity ? "I" : "SO(3)" }
}

/// Errors of normals that have no orientation.
struct NormalErrors: Codable, Equatable {
  /// The mean of 1 - (n · n̂)².
  var error: Double
  /// Angles between the lines of n and n̂ in degrees: the median, and what nine tenths lie below.
  var medianAngle: Double
  var angle90: Double
}

/// What one model makes of the test shapes, turned one way.
struct ProtocolResult: Codable, Equatable {
  struct Shape: Codable, Equatable {
    var name: String
    var errors: NormalErrors
  }
  /// The name of `--model`, or "plane-fit".
  var model: String
  /// How the clouds of the training were turned; nil for what is not trained.
  var trained: RotationProtocol?
  var tested: RotationProtocol
  var parameters: Int
  /// The folder of the run; nil for what is not trained.
  var run: String?
  var errors: NormalErrors
  var shapes: [Shape]

  /// "I/SO(3)".
  var protocolName: String { "\(trained?.label ?? "–")/\(tested.label)" }
}

/// The results of `pointclouds protocols`: its file `protocols.json`.
struct ProtocolResults: Codable, Equatable {
  /// Points of a cloud.
  var points: Int
  /// Clouds of each test shape.
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

  /// A table in Markdown: for each model and protocol the error and the angles.
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
