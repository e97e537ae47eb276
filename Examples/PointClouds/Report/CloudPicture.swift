import Equivariant
import ExampleSupport
import Foundation

/// A picture of a cloud that can be turned, in one or several colourings.
struct CloudPicture {
  /// The meaning of the colour of a point.
  enum Coloring {
    /// The line of a normal, whose orientation does not matter.
    case normals([Double])
    /// Angles in degrees; nil for a point without one.
    case angles([Double?])
    /// The numbers of the parts, and their names.
    case parts([Int], names: [String])
  }

  /// The largest number of points that are shown. More would make a page large and the picture no clearer.
  static let pointLimit = 20_000
  /// The angle at which the scale of errors ends, in degrees.
  static let largestAngle = 45.0

  let title: String
  let caption: String
  private let points: [Double]
  private let colorings: [Coloring]
  /// The numbers of the points that are shown.
  private let shown: [Int]

  init(title: String, caption: String, points: [Double], colorings: [Coloring]) {
    (self.title, self.caption, self.points, self.colorings) = (title, caption, points, colorings)
    let count = points.count / 3
    // Evenly spread over the file's order, which is random or follows the surface.
    shown = count <= Self.pointLimit ? Array(0..<count) : (0..<Self.pointLimit).map { $0 * count / Self.pointLimit }
  }

  /// A card with the picture: a canvas that carries its points, with two bytes for each coordinate, and one or three bytes for each point
  /// and colouring.
  var markup: String {
    let note = shown.count < points.count / 3 ? " (\(grouped(shown.count)) of \(grouped(points.count / 3)) points are shown)" : ""
    let data = colorings.enumerated().map { "data-c\($0)=\"\(Data(bytes(of: $1)).base64EncodedString())\"" }
    let kinds = colorings.map(kind).joined(separator: " ")
    return """
      <div class="card cloud">
      <h3>\(escaped(title))</h3>
      <p class="small">\(escaped(caption))\(note)</p>
      <canvas width="640" height="640" tabindex="0" role="img" aria-label="\(escaped(title)): a cloud of points; drag, or use the arrow keys, to turn it" \
      data-kinds="\(kinds)" data-points="\(Data(quantized).base64EncodedString())" \(data.joined(separator: " "))></canvas>
      \(buttons)\(colorings.map(legend).enumerated().map { "<div class=\"legend\" data-for=\"\($0)\"\($0 == 0 ? "" : " hidden")>\($1)</div>" }.joined())
      </div>
      """
  }

  private var buttons: String {
    guard colorings.count > 1 else { return "" }
    let names = colorings.map { coloring in
      switch coloring {
      case .normals: "normals"
      case .angles: "errors"
      case .parts: "parts"
      }
    }
    return "<div class=\"choices\">"
      + names.enumerated().map { "<button type=\"button\" data-to=\"\($0)\" aria-pressed=\"\($0 == 0)\">\($1)</button>" }.joined()
      + "</div>"
  }

  /// Coordinates in the unit ball as signed 16-bit integers, little endian.
  private var quantized: [UInt8] {
    let cloud = PointCloud(name: "", GeometryFile(points: points))
    return shown.flatMap { point in
      (0..<3).flatMap { axis in
        let integer = UInt16(bitPattern: Int16((32767 * cloud.points[3 * point + axis]).rounded()))
        return [UInt8(integer & 0xFF), UInt8(integer >> 8)]
      }
    }
  }

  private func bytes(of coloring: Coloring) -> [UInt8] {
    switch coloring {
    case .normals(let normals):
      shown.flatMap { point in (0..<3).map { UInt8((255 * min(1, normals[3 * point + $0].magnitude)).rounded()) } }
    case .angles(let angles): shown.map { UInt8((255 * min(1, (angles[$0] ?? .infinity) / Self.largestAngle)).rounded()) }
    case .parts(let parts, _): shown.map { UInt8(clamping: parts[$0]) }
    }
  }

  private func kind(_ coloring: Coloring) -> String {
    switch coloring {
    case .normals: "normals"
    case .angles: "angles"
    case .parts: "parts"
    }
  }

  private func legend(_ coloring: Coloring) -> String {
    switch coloring {
    case .normals:
      return "<span>normal along x red, along y green, along z blue</span>"
    case .angles:
      return "<span>error 0°<i class=\"ramp\"></i>\(Int(Self.largestAngle))° and more</span>"
    case .parts(let parts, let names):
      return Set(parts).sorted().map { part in
        let name = part < names.count ? names[part] : "part \(part)"
        return "<span><i class=\"swatch dot\" style=\"--c: \(categoryColors[part % categoryColors.count])\"></i>\(escaped(name))</span>"
      }.joined()
    }
  }
}
