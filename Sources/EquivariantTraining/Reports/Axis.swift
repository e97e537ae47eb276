import Foundation
import Requirements

/// The map from values to places along one direction of a drawing.
package struct Axis {
  /// A mark on the axis; those between the labelled ones have no label.
  package struct Tick {
    package let value: Double
    package let label: String?
  }

  /// Values that a logarithmic axis can show, with room around them.
  package static let logarithmicRange = 1e-300...1e300

  package let domain: ClosedRange<Double>
  /// Where the ends of the domain lie; the second may be the smaller one, as for a vertical axis.
  package let places: (Double, Double)
  package let isLogarithmic: Bool

  package init(_ domain: ClosedRange<Double>, from start: Double, to end: Double, logarithmic: Bool = false) {
    require(!logarithmic || domain.lowerBound > 0, "expected a positive domain of a logarithmic axis, received \(domain)")
    self.domain = domain
    places = (start, end)
    isLogarithmic = logarithmic
  }

  /// Where a value lies; values outside the domain are moved to its ends.
  package func place(_ value: Double) -> Double {
    let inside = min(max(value, domain.lowerBound), domain.upperBound)
    let (low, high) = (domain.lowerBound, domain.upperBound)
    guard high > low else { return places.0 }
    let share = isLogarithmic ? log(inside / low) / log(high / low) : (inside - low) / (high - low)
    return places.0 + share * (places.1 - places.0)
  }

  /// The value at a share (0 to 1) of the way.
  package func value(at share: Double) -> Double {
    let (low, high) = (domain.lowerBound, domain.upperBound)
    return isLogarithmic ? low * pow(high / low, share) : low + share * (high - low)
  }

  /// Round values with labels at least `spacing` apart.
  package func ticks(spacing: Double) -> [Tick] { isLogarithmic ? logarithmicTicks(spacing) : linearTicks(spacing) }

  private func linearTicks(_ spacing: Double) -> [Tick] {
    let span = domain.upperBound - domain.lowerBound
    guard span > 0 else { return [] }
    let step = roundStep(span * spacing / (places.1 - places.0).magnitude)
    let first = Int((domain.lowerBound / step - 1e-9).rounded(.up))
    let last = Int((domain.upperBound / step + 1e-9).rounded(.down))
    let decimals = max(0, Int((-log10(step)).rounded(.up)))
    return (first...max(first, last)).map { k in
      let value = Double(k) * step
      return Tick(
        value: value,
        label: decimals == 0 ? Int(exactly: value.rounded()).map(grouped) ?? significant(value) : String(format: "%.\(decimals)f", value))
    }
  }

  private func logarithmicTicks(_ spacing: Double) -> [Tick] {
    let (low, high) = (log10(domain.lowerBound), log10(domain.upperBound))
    guard high > low else { return [] }
    let decade = (places.1 - places.0).magnitude / (high - low)
    let every = max(1, Int((spacing / decade).rounded(.up)))
    let exponents = Int(low.rounded(.down))...Int(high.rounded(.up))
    // One notation for the whole axis.
    let plain = exponents.lowerBound >= -5 && exponents.upperBound <= 5
    let labelled = plain || high - low < 2 ? labelledDigits(spacing, decade) : [1]
    var ticks: [Tick] = []
    for exponent in exponents {
      for digit in 1...9 {
        let position = Double(exponent) + log10(Double(digit))
        guard position >= low - 1e-9, position <= high + 1e-9, digit == 1 || decade > 90 else { continue }
        let shown = labelled.contains(digit) && (digit > 1 || exponent.isMultiple(of: every))
        let prefix = digit == 1 ? "" : "\(digit)·"
        let label = plain ? decimal(digit, exponent) : "\(prefix)10\(superscript(exponent))"
        ticks.append(Tick(value: pow(10, position), label: shown ? label : nil))
      }
    }
    return ticks
  }

  /// Which multiples of powers of ten there is room to label.
  private func labelledDigits(_ spacing: Double, _ decade: Double) -> [Int] {
    if decade * 0.3 >= spacing { return [1, 2, 5] }
    return decade * 0.47 >= spacing ? [1, 3] : [1]
  }

  /// digit · 10^exponent written out.
  private func decimal(_ digit: Int, _ exponent: Int) -> String {
    if exponent >= 0 { return grouped(digit * Int(pow(10, Double(exponent)))) }
    return "0." + String(repeating: "0", count: -exponent - 1) + "\(digit)"
  }
}

/// The least of 1, 2, 5, 10, 20, ... (times any power of ten) that is not below `least`.
package func roundStep(_ least: Double) -> Double {
  let power = pow(10, log10(least).rounded(.down))
  return [1, 2, 5, 10].map { $0 * power }.first { $0 >= least * (1 - 1e-9) } ?? 10 * power
}

/// A rectangle with two axes and a grid.
package struct Plot {
  package let x: Axis
  package let y: Axis

  package init(x: Axis, y: Axis) { (self.x, self.y) = (x, y) }

  /// The grid, tick labels and titles of the axes: that of y above the axis, that of x below. The rectangle needs 44 units below it, 20
  /// above and 56 on its left.
  package func drawFrame(in svg: inout SVG, xTitle: String, yTitle: String) {
    let (left, right, bottom, top) = (x.places.0, x.places.1, y.places.0, y.places.1)
    for tick in y.ticks(spacing: 26) {
      let place = y.place(tick.value)
      svg.line(from: Point(left, place), to: Point(right, place), tick.label == nil ? "grid minor" : "grid")
      if let label = tick.label { svg.text(label, at: Point(left - 8, place + 4), anchor: .end) }
    }
    drawHorizontalAxis(in: &svg, top: top, bottom: bottom, title: xTitle)
    svg.text(yTitle, at: Point(4, top - 10), "title")
  }

  /// The grid lines, labels and title of x alone.
  package func drawHorizontalAxis(in svg: inout SVG, top: Double, bottom: Double, title: String) {
    for tick in x.ticks(spacing: 52) {
      let place = x.place(tick.value)
      svg.line(from: Point(place, top), to: Point(place, bottom), tick.label == nil ? "grid minor" : "grid")
      if let label = tick.label { svg.text(label, at: Point(place, bottom + 17), anchor: .middle) }
    }
    svg.line(from: Point(x.places.0, bottom), to: Point(x.places.1, bottom), "axis")
    svg.text(title, at: Point(x.places.1, bottom + 37), "title", anchor: .end)
  }
}

/// A drawing twice, for wide and for narrow windows: the style sheet shows one of them, so that text keeps its size.
package func responsive(_ draw: (_ width: Double) -> SVG) -> String { draw(760).markup("wide") + draw(380).markup("narrow") }
