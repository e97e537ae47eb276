import ExampleSupport
import Foundation

/// The errors on the training and validation samples by epoch, with the learning rate below.
struct LearningCurveFigure {
  let metrics: [EpochRecord]
  /// The error of the best linear prediction.
  let linear: Double
  /// A published error to compare with, if there is one for this task.
  let published: Double?
  let predictsVelocities: Bool
  /// The epoch whose weights were kept, and its validation error.
  let best: (epoch: Int, mse: Double)?

  var markup: String {
    guard !metrics.isEmpty else {
      return "<p>There are no metrics of this run (no metrics.jsonl with a complete line), so there are no curves to draw.</p>"
    }
    let reference = published.map { "<span><i class=\"swatch dotted\"></i>EGNN as published, \(significant($0, 2))</span>" } ?? ""
    let kept = best.map { "<span><i class=\"swatch ring\"></i>least validation error, epoch \(grouped($0.epoch))</span>" } ?? ""
    return """
      <figure>
      <div class="legend"><span><i class="swatch line first"></i>training samples</span>\
      <span><i class="swatch dot second"></i>validation samples</span>\(kept)\
      <span><i class="swatch dashed"></i>best linear prediction, \(significant(linear))</span>\(reference)</div>
      \(responsive(drawing))
      <figcaption>Mean squared error against epoch (one epoch is one pass over the training samples); both axes are logarithmic. The \
      training error is the mean over an epoch while the weights change\(bandNote); the validation error is measured on samples that are \
      never trained on, and decides which weights are kept. \(velocityNote)The small graph shows the learning rate.</figcaption>
      </figure>
      """
  }

  private var bandNote: String {
    metrics.count > 150 ? " (where several epochs share a pixel: their mean, in a band from least to greatest)" : ""
  }
  private var velocityNote: String {
    predictsVelocities ? "The training error of this run includes that of the predicted velocities, the validation error does not. " : ""
  }

  /// The training or validation errors that a logarithmic axis can show.
  private func values(_ key: (EpochRecord) -> Double?) -> [(epoch: Double, value: Double)] {
    metrics.compactMap { m in
      guard let value = key(m), Axis.logarithmicRange.contains(value) else { return nil }
      return (Double(m.epoch), value)
    }
  }

  private func drawing(width: Double) -> SVG {
    let (left, right, top, bottom) = (56.0, width - 14, 28.0, 330.0)
    let (train, valid) = (values { $0.train }, values(\.valid))
    let shown = ((train + valid).map(\.value) + [linear] + (published.map { [$0] } ?? [])).filter(Axis.logarithmicRange.contains)
    let x = Axis(1...Double(max(metrics.last!.epoch, 10)), from: left, to: right, logarithmic: true)
    let domain = ((shown.min() ?? 0.01) / 1.3)...((shown.max() ?? 1) * 1.3)
    let plot = Plot(x: x, y: Axis(domain, from: bottom, to: top, logarithmic: true))
    var svg = SVG(width: width, height: 478, title: "Training and validation error against epoch")
    plot.drawFrame(in: &svg, xTitle: "epoch", yTitle: "mean squared error (squared units of length)")
    for (value, style) in [(linear, "reference dashed"), (published ?? linear, "reference dotted")]
    where (style.hasSuffix("dashed") || published != nil) && value > 0 {
      svg.line(from: Point(left, plot.y.place(value)), to: Point(right, plot.y.place(value)), style)
    }
    drawTraining(train, plot, in: &svg)
    for (epoch, value) in thinned(valid, x) {
      svg.circle(
        Point(x.place(epoch), plot.y.place(value)), radius: valid.count > 60 ? 1.8 : 3, "dot second",
        tooltip: "validation error \(significant(value)) after epoch \(Int(epoch))")
    }
    if let best, best.mse > 0 { svg.circle(Point(x.place(Double(best.epoch)), plot.y.place(best.mse)), radius: 6, "predicted") }
    drawRate(x, in: &svg)
    return svg
  }

  /// The epochs that fall on one pixel, joined to one point with the smallest and the largest value.
  private func buckets(_ series: [(epoch: Double, value: Double)], _ x: Axis) -> [(x: Double, low: Double, mean: Double, high: Double)] {
    let pixels = Dictionary(grouping: series) { Int(x.place($0.epoch).rounded()) }
    return pixels.keys.sorted().map { pixel in
      let group = pixels[pixel]!
      let values = group.map(\.value)
      let place = group.reduce(0) { $0 + x.place($1.epoch) } / Double(group.count)
      return (place, values.min()!, values.reduce(0, +) / Double(values.count), values.max()!)
    }
  }

  private func drawTraining(_ series: [(epoch: Double, value: Double)], _ plot: Plot, in svg: inout SVG) {
    let buckets = buckets(series, plot.x)
    let upper = buckets.map { Point($0.x, plot.y.place($0.high)) }
    let lower = buckets.map { Point($0.x, plot.y.place($0.low)) }
    if series.count > buckets.count { svg.path(upper + lower.reversed(), "band first", closed: true) }
    let line = buckets.map { Point($0.x, plot.y.place($0.mean)) }
    svg.path(line, "curve first")
    if series.count <= 20 {
      for (point, item) in zip(line, series) {
        svg.circle(point, radius: 2.5, "dot first", tooltip: "training error \(significant(item.value)) in epoch \(Int(item.epoch))")
      }
    }
  }

  /// The series with at most one point in a pixel and a half, and the last point.
  private func thinned(_ series: [(epoch: Double, value: Double)], _ x: Axis) -> [(epoch: Double, value: Double)] {
    var kept: [(epoch: Double, value: Double)] = []
    for item in series {
      if let last = kept.last, x.place(item.epoch) - x.place(last.epoch) < 1.5 { continue }
      kept.append(item)
    }
    if let last = series.last, let shown = kept.last, last.epoch > shown.epoch { kept.append(last) }
    return kept
  }

  private func drawRate(_ x: Axis, in svg: inout SVG) {
    let (top, bottom) = (396.0, 450.0)
    let rates = values(\.rate)
    guard let highest = rates.map(\.value).max() else { return }
    let y = Axis(0...(1.15 * highest), from: bottom, to: top)
    svg.text("learning rate", at: Point(4, top - 10), "title")
    svg.text(String(format: "%g", Float(highest)), at: Point(x.places.0 - 8, y.place(highest) + 4), anchor: .end)
    svg.text("0", at: Point(x.places.0 - 8, bottom + 4), anchor: .end)
    svg.line(from: Point(x.places.0, y.place(highest)), to: Point(x.places.1, y.place(highest)), "grid")
    svg.line(from: Point(x.places.0, bottom), to: Point(x.places.1, bottom), "axis")
    let points = buckets(rates, x).map { Point($0.x, y.place($0.mean)) }
    svg.path(points, "curve neutral")
    if points.count == 1 { svg.circle(points[0], radius: 2.5, "dot neutral") }
  }
}
