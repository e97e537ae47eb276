import ExampleSupport
import Foundation

/// The equivariance errors of two models as dots on a logarithmic axis.
struct EquivarianceFigure {
  /// A model with its measurements.
  struct Subject {
    let name: String
    let measurements: [EquivarianceMeasurement]
    var worst: Double { measurements.flatMap(\.errors).reduce(0, max) }
  }

  let subjects: [Subject]

  /// The distance from 1 to the next larger Float.
  private let precision = Double(Float.ulpOfOne)

  var markup: String {
    let styles = ["first", "second"]
    let keys = zip(subjects, styles).map { "<span><i class=\"swatch dot \($1)\"></i>\(escaped($0.name))</span>" }.joined()
    let vanishing = subjects.flatMap(\.measurements).flatMap(\.errors).contains(0)
    let zeroNote = vanishing ? " A dot on the left edge is a deviation of exactly 0." : ""
    let worst = subjects.map { "\(escaped($0.name)): at most \(significant($0.worst, 2))" }.joined(separator: "; ")
    return """
      <figure>
      <div class="legend">\(keys)<span><i class="swatch dashed"></i>precision of Float, 2⁻²³ ≈ \(significant(precision, 2))</span></div>
      \(responsive(drawing))
      <figcaption>If all bodies are turned, mirrored, shifted or renumbered, the prediction should turn, mirror, shift or be renumbered \
      with them. Each dot is one random transformation g: the largest deviation |f(g·x) − g·f(x)| over 25 test samples, relative to the \
      largest coordinate of f(x). A model that is equivariant by construction deviates by rounding errors only, near the precision of \
      Float, whether trained or not. One that is not (but for renumbering, under which every message-passing network is) deviates by \
      far more: untrained by as much as the prediction itself, trained by less, since it learns the symmetry in part. Measured over 100 \
      transformations of each kind: \(worst).\(zeroNote)</figcaption>
      </figure>
      """
  }

  private func drawing(width: Double) -> SVG {
    let (left, right, top) = (width > 500 ? 112.0 : 92.0, width - 18, 14.0)
    let actions = EquivarianceMeasurement.Action.allCases
    let rowHeight = Double(26 * subjects.count + 14)
    let bottom = top + rowHeight * Double(actions.count)
    let errors = subjects.flatMap(\.measurements).flatMap(\.errors).filter { $0 > 0 && $0.isFinite }
    let floor = precision / 30
    let domain = max(min(errors.min() ?? precision, precision) / 2, floor)...max((errors.max() ?? 1) * 3, precision * 100)
    let x = Axis(domain, from: left, to: right, logarithmic: true)
    var svg = SVG(width: width, height: bottom + 46, title: "Equivariance errors of random transformations")
    Plot(x: x, y: Axis(0...1, from: bottom, to: top)).drawHorizontalAxis(in: &svg, top: top, bottom: bottom, title: "relative error")
    svg.line(from: Point(x.place(precision), top), to: Point(x.place(precision), bottom), "reference dashed")
    for (row, action) in actions.enumerated() {
      let middle = top + rowHeight * (Double(row) + 0.5)
      if row > 0 { svg.line(from: Point(4, middle - rowHeight / 2), to: Point(right, middle - rowHeight / 2), "grid") }
      svg.text(action.rawValue, at: Point(left - 12, middle + 4), anchor: .end)
      for (place, subject) in subjects.enumerated() {
        let lane = middle + (Double(place) - Double(subjects.count - 1) / 2) * 26
        let style = place == 0 ? "dot first faint" : "dot second faint"
        for measurement in subject.measurements where measurement.action == action {
          for (k, error) in measurement.errors.enumerated() {
            // Spread evenly over the lane, in an order that leaves no pattern.
            let offset = (Double(k * 37 % 100) / 99 - 0.5) * 16
            svg.circle(Point(x.place(error), lane + offset), radius: 2.2, style)
          }
        }
      }
    }
    return svg
  }
}
