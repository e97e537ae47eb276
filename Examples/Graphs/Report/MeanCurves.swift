import ExampleSupport

/// The mean of the curves of several folds, optionally with a band of one standard deviation.
struct MeanCurves {
  struct Series {
    let name: String
    /// The class in the style sheet: first or second.
    let style: String
    /// The values, [fold][epoch].
    let values: [[Double]]
    let hasBand: Bool

    /// The spread in each epoch that all folds have completed.
    var epochs: [Spread] {
      let count = values.map(\.count).min() ?? 0
      return (0..<count).map { epoch in Spread(values.map { $0[epoch] }) }
    }
  }

  let title: String
  let series: [Series]
  let caption: String
  /// Whether the curves are losses, which are drawn on a logarithmic axis. Accuracies are drawn on a linear axis that ends at 1.
  let isLoss: Bool

  var markup: String {
    let legend = series.map { "<span><i class=\"swatch line \($0.style)\"></i>\(escaped($0.name))</span>" }.joined()
    return """
      <figure>
      <div class="legend">\(legend)</div>
      \(responsive(drawing))
      <figcaption>\(caption)</figcaption>
      </figure>
      """
  }

  private func drawing(width: Double) -> SVG {
    let curves = series.map { ($0, $0.epochs) }
    let count = curves.map(\.1.count).max() ?? 0
    var svg = SVG(width: width, height: 300, title: title)
    let means = curves.flatMap { $0.1.map(\.mean) }.filter { $0.isFinite && (!isLoss || $0 > 0) }
    let low = means.min() ?? 0.5
    let domain = isLoss ? low / 1.2...max(low, means.max() ?? 1) * 1.2 : max(0, low - 0.08)...1
    let plot = Plot(
      x: Axis(1...Double(max(2, count)), from: 56, to: width - 14),
      y: Axis(domain, from: 250, to: 28, logarithmic: isLoss))
    plot.drawFrame(in: &svg, xTitle: "epoch", yTitle: title)
    func points(_ epochs: [Spread], _ value: (Spread) -> Double) -> [Point] {
      epochs.enumerated().filter { $1.mean.isFinite }.map { Point(plot.x.place(Double($0 + 1)), plot.y.place(value($1))) }
    }
    for (series, epochs) in curves where series.hasBand {
      let (upper, lower) = (points(epochs) { $0.mean + $0.deviation }, points(epochs) { $0.mean - $0.deviation })
      svg.path(upper + lower.reversed(), "band \(series.style)", closed: true)
    }
    for (series, epochs) in curves { svg.path(points(epochs) { $0.mean }, "curve \(series.style)") }
    return svg
  }
}
