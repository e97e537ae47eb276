import Equivariant
import ExampleSupport
import Foundation

/// A drawing of one shape for each of several models, with its points coloured by the errors of their normals. It is a single file that
/// needs no style sheet.
struct ErrorFigure {
  /// The upper ends of ranges of angles in degrees, and their colours.
  private static let steps: [(Double, String)] = [
    (5, "#2b5c8a"), (10, "#5b9bc0"), (20, "#b8c4c9"), (40, "#eda457"), (90, "#c2362b"),
  ]
  private let side = 230.0
  /// The points, [point][3], of a size of about 1, and the normals that tell which points face the viewer.
  let points: [Float]
  let normals: [Float]
  var panels: [(title: String, caption: String, angles: [Double])] = []

  init(points: [Float], normals: [Float]) { (self.points, self.normals) = (points, normals) }

  /// The drawing as SVG. Points that face the viewer are drawn as one path for each colour.
  var svg: String {
    let columns = min(3, max(1, panels.count))
    let rows = (panels.count + columns - 1) / columns
    let (width, height) = (Int(side) * columns, (Int(side) + 36) * rows + 34)
    var text =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\""
      + " font-family=\"sans-serif\" font-size=\"13\">\n"
      + "<rect width=\"\(width)\" height=\"\(height)\" fill=\"#ffffff\"/>\n"
    let view = Rotation3(axis: SIMD3(1, 0, 0), angle: 0.35) * Rotation3(axis: SIMD3(0, 1, 0), angle: 0.6)
    let seen = stride(from: 0, to: points.count, by: 3).map { i in
      (at: view * vector(points, i), facing: (view * vector(normals, i)).z > 0)
    }
    let extent = seen.map { max($0.at.x.magnitude, $0.at.y.magnitude) }.max() ?? 1
    for (number, panel) in panels.enumerated() {
      let (left, top) = (side * Double(number % columns), (side + 36) * Double(number / columns))
      let middle = left + side / 2
      text += "<text x=\"\(Int(middle))\" y=\"\(Int(top) + 18)\" text-anchor=\"middle\" font-weight=\"bold\">\(panel.title)</text>\n"
      text += "<text x=\"\(Int(middle))\" y=\"\(Int(top) + 34)\" text-anchor=\"middle\" fill=\"#555555\">\(panel.caption)</text>\n"
      for (step, (limit, color)) in Self.steps.enumerated() {
        let lower = step == 0 ? -1 : Self.steps[step - 1].0
        var path = ""
        for (i, angle) in panel.angles.enumerated() where seen[i].facing && angle > lower && angle <= limit {
          let x = middle + seen[i].at.x / extent * side * 0.46
          let y = top + 40 + side / 2 - seen[i].at.y / extent * side * 0.46
          path += String(format: "M%.0f %.0fh0", x * 2, y * 2)
        }
        guard !path.isEmpty else { continue }
        text += "<path transform=\"scale(.5)\" stroke=\"\(color)\" stroke-width=\"8\" stroke-linecap=\"round\" d=\"\(path)\"/>\n"
      }
    }
    var x = 12
    for (step, (limit, color)) in Self.steps.enumerated() {
      let name = step == 0 ? "under \(Int(limit))°" : "\(Int(Self.steps[step - 1].0))–\(Int(limit))°"
      text +=
        "<circle cx=\"\(x)\" cy=\"\(height - 16)\" r=\"5\" fill=\"\(color)\"/><text x=\"\(x + 10)\" y=\"\(height - 11)\">\(name)</text>\n"
      x += 90
    }
    return text + "</svg>\n"
  }

  private func vector(_ values: [Float], _ i: Int) -> SIMD3<Double> {
    SIMD3(Double(values[i]), Double(values[i + 1]), Double(values[i + 2]))
  }
}
