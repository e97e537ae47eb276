import Foundation

/// A point of a drawing: x to the right, y down, in units of the view box.
package typealias Point = SIMD2<Double>

/// A drawing as markup. Colours and line styles are those of the page's style sheet, named by CSS classes, so that a drawing follows the
/// light or dark scheme of the page.
package struct SVG {
  /// Where a text is anchored.
  package enum Anchor: String {
    case start, middle, end
  }

  package let width: Double
  package let height: Double
  /// What the drawing shows, for readers who cannot see it.
  package let title: String
  private var body = ""

  package init(width: Double, height: Double, title: String) {
    (self.width, self.height, self.title) = (width, height, title)
  }

  package mutating func line(from a: Point, to b: Point, _ style: String) {
    body +=
      "<line class=\"\(style)\" x1=\"\(coordinate(a.x))\" y1=\"\(coordinate(a.y))\" x2=\"\(coordinate(b.x))\" y2=\"\(coordinate(b.y))\"/>\n"
  }

  /// A line through the points, those closer than a pixel to the last one drawn left out; `closed` makes it an area.
  package mutating func path(_ points: [Point], _ style: String, closed: Bool = false) {
    guard var last = points.first else { return }
    var data = "M\(coordinate(last.x)) \(coordinate(last.y))"
    for (k, point) in points.enumerated().dropFirst() {
      let step = point - last
      guard k == points.count - 1 || (step * step).sum() >= 0.8 else { continue }
      data += "L\(coordinate(point.x)) \(coordinate(point.y))"
      last = point
    }
    body += "<path class=\"\(style)\" d=\"\(data)\(closed ? "Z" : "")\"/>\n"
  }

  package mutating func circle(_ center: Point, radius: Double, _ style: String, tooltip: String? = nil) {
    let place = "cx=\"\(coordinate(center.x))\" cy=\"\(coordinate(center.y))\" r=\"\(coordinate(radius))\""
    body += element("circle", "class=\"\(style)\" \(place)", tooltip)
  }

  package mutating func rectangle(_ corner: Point, width: Double, height: Double, _ style: String, tooltip: String? = nil) {
    let place =
      "x=\"\(coordinate(corner.x))\" y=\"\(coordinate(corner.y))\" width=\"\(coordinate(width))\" height=\"\(coordinate(height))\""
    body += element("rect", "class=\"\(style)\" \(place)", tooltip)
  }

  package mutating func text(_ string: String, at place: Point, _ style: String = "label", anchor: Anchor = .start) {
    body += "<text class=\"\(style)\" x=\"\(coordinate(place.x))\" y=\"\(coordinate(place.y))\" text-anchor=\"\(anchor.rawValue)\">"
    body += "\(escaped(string))</text>\n"
  }

  /// A line with a head at its end; nothing where it is too short to have a direction.
  package mutating func arrow(from a: Point, to b: Point, _ style: String) {
    let shaft = b - a
    let length = (shaft * shaft).sum().squareRoot()
    guard length > 3 else { return }
    let (along, across) = (shaft / length, Point(-shaft.y, shaft.x) / length)
    let head = min(6, 0.6 * length)
    line(from: a, to: b, style)
    path([b - head * along + 0.5 * head * across, b, b - head * along - 0.5 * head * across], style)
  }

  private func element(_ name: String, _ attributes: String, _ tooltip: String?) -> String {
    guard let tooltip else { return "<\(name) \(attributes)/>\n" }
    return "<\(name) \(attributes)><title>\(escaped(tooltip))</title></\(name)>\n"
  }

  /// The drawing as an element of a page; `style` is a class of the whole.
  package func markup(_ style: String = "") -> String {
    """
    <svg class="\(style)" viewBox="0 0 \(coordinate(width)) \(coordinate(height))" role="img" aria-label="\(escaped(title))">
    \(body)</svg>

    """
  }
}

/// A coordinate with one decimal at most; what is not a number becomes 0, since one such number makes a browser drop a whole path.
package func coordinate(_ x: Double) -> String {
  guard x.isFinite, x.magnitude < 1e9 else { return "0" }
  let tenths = Int((10 * x).rounded())
  let (whole, rest) = (tenths.magnitude / 10, tenths.magnitude % 10)
  return (tenths < 0 ? "-" : "") + (rest == 0 ? "\(whole)" : "\(whole).\(rest)")
}

/// Text as it may stand in HTML, between tags or in an attribute in double quotes.
package func escaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// A number with the given count of significant digits, without an exponent where that stays short.
package func significant(_ x: Double, _ digits: Int = 3) -> String {
  guard x.isFinite else { return "not a number" }
  guard x != 0 else { return "0" }
  let exponent = Int(log10(x.magnitude).rounded(.down))
  if exponent < -4 || exponent > 6 {
    let mantissa = String(format: "%.\(max(0, digits - 1))f", x / pow(10, Double(exponent)))
    return "\(mantissa)·10\(superscript(exponent))"
  }
  return String(format: "%.\(max(0, digits - 1 - exponent))f", x)
}

/// An integer in raised digits.
package func superscript(_ n: Int) -> String {
  let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
  return (n < 0 ? "⁻" : "") + String(n.magnitude.description.map { digits[$0.wholeNumberValue ?? 0] })
}

/// "1 epoch", "2 epochs".
package func counted(_ n: Int, _ noun: String) -> String { "\(grouped(n)) \(noun)\(n == 1 ? "" : "s")" }

/// An integer with its thousands set off.
package func grouped(_ n: Int) -> String {
  var result = ""
  for (k, digit) in n.magnitude.description.reversed().enumerated() {
    if k > 0 && k % 3 == 0 { result = "," + result }
    result = String(digit) + result
  }
  return (n < 0 ? "−" : "") + result
}
