import ExampleSupport
import Foundation

/// The distribution of the errors of the test samples, above that of the best linear prediction.
struct ErrorHistogramFigure {
  let errors: [Double]
  let linearErrors: [Double]
  let mean: Double
  let median: Double
  let trimmed: Double

  init(_ analysis: RunAnalysis) {
    errors = analysis.evaluation.perSample
    linearErrors = analysis.linearPerSample
    (mean, median, trimmed) = (analysis.evaluation.mse, analysis.evaluation.quantile(0.5), analysis.evaluation.trimmed)
  }

  var markup: String {
    let sorted = errors.sorted(by: >)
    let total = max(errors.reduce(0, +), .leastNormalMagnitude)
    let share = sorted.prefix(max(1, errors.count / 20)).reduce(0, +) / total
    let linearMean = linearErrors.reduce(0, +) / Double(max(1, linearErrors.count))
    return """
      <figure>
      <div class="legend"><span><i class="swatch block first"></i>the model</span>\
      <span><i class="swatch block neutral"></i>best linear prediction, mean \(significant(linearMean))</span></div>
      \(responsive(drawing))
      <figcaption>Each of the \(grouped(errors.count)) test samples has one error, the mean square over its bodies and coordinates; \
      the bars count samples, and the error axis is logarithmic. The published figure is the mean, which a few hard samples dominate: the \
      worst 5\u{A0}% of the samples carry \(share.isFinite ? "\(Int((100 * share).rounded()))\u{A0}%" : "nearly all") of it here. The median, and the trimmed mean, which \
      leaves out those 5\u{A0}%, tell how the model does on ordinary samples.</figcaption>
      </figure>
      """
  }

  /// The counts in bins of equal width on the logarithmic axis. Values outside are counted at the ends.
  private func counts(_ values: [Double], _ domain: ClosedRange<Double>, bins: Int) -> [Int] {
    var result = [Int](repeating: 0, count: bins)
    let width = log(domain.upperBound / domain.lowerBound) / Double(bins)
    for value in values where !value.isNaN {
      let place = value > domain.lowerBound ? log(value / domain.lowerBound) / width : 0
      result[Int(min(Double(bins - 1), place))] += 1
    }
    return result
  }

  private func drawing(width: Double) -> SVG {
    let (left, right, top, bottom) = (56.0, width - 14, 90.0, 340.0)
    let positive = (errors + linearErrors).filter(Axis.logarithmicRange.contains)
    let low = max(positive.min() ?? 1e-6, (positive.max() ?? 1) * 1e-9)
    let domain = (low / 1.2)...max((positive.max() ?? 1) * 1.2, low * 10)
    let bins = width > 500 ? 48 : 30
    let (model, linear) = (counts(errors, domain, bins: bins), counts(linearErrors, domain, bins: bins))
    let x = Axis(domain, from: left, to: right, logarithmic: true)
    let y = Axis(0...(1.08 * Double(max(1, (model + linear).max() ?? 1))), from: bottom, to: top)
    let plot = Plot(x: x, y: y)
    var svg = SVG(width: width, height: 388, title: "Histogram of the errors of the test samples")
    plot.drawFrame(in: &svg, xTitle: "mean squared error of a sample", yTitle: "")
    svg.text("samples", at: Point(4, top - 10), "title")
    for (heights, style, name) in [(linear, "bar neutral", "linear prediction"), (model, "bar first", "model")] {
      for (bin, count) in heights.enumerated() where count > 0 {
        let edges = [bin, bin + 1].map { x.value(at: Double($0) / Double(bins)) }
        svg.rectangle(
          Point(x.place(edges[0]) + 0.5, y.place(Double(count))), width: (right - left) / Double(bins) - 1,
          height: bottom - y.place(Double(count)), style,
          tooltip: "\(name): \(count) samples with an error between \(significant(edges[0], 2)) and \(significant(edges[1], 2))")
      }
    }
    drawMarks(x, bottom, in: &svg)
    return svg
  }

  /// Draws vertical lines with their names, each in a row of its own. All names are on the side with more room, and a line that other names
  /// would cross begins in a lower row.
  private func drawMarks(_ x: Axis, _ bottom: Double, in svg: inout SVG) {
    let marks = [(median, "median"), (trimmed, "trimmed mean"), (mean, "mean")].filter { $0.0.isFinite && $0.0 > 0 }
    let places = marks.map { x.place($0.0) }
    guard let first = places.min(), let last = places.max() else { return }
    let toTheLeft = first > svg.width - last
    let ordered = marks.sorted { toTheLeft ? $0.0 > $1.0 : $0.0 < $1.0 }
    for (row, mark) in ordered.enumerated() {
      let (place, height) = (x.place(mark.0), 18 + 20 * Double(row))
      svg.line(from: Point(place, height - 10), to: Point(place, bottom), "mark")
      let label = Point(place + (toTheLeft ? -6 : 6), height)
      svg.text("\(mark.1) \(significant(mark.0))", at: label, "strong", anchor: toTheLeft ? .end : .start)
    }
  }
}
