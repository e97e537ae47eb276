import Equivariant
import ExampleSupport

/// True and predicted trajectories of test samples, with a panel for each sample, from a well predicted one to the worst.
struct TrajectoryFigure {
  /// One panel.
  struct Panel {
    let name: String
    let sample: DenseTrajectory
    let predicted: [SIMD3<Double>]
    let error: Double
  }

  /// The time that arrows of velocities stand for, as the legend says: an arrow is as long as the distance travelled in it.
  private static let arrowTime = 0.4

  let panels: [Panel]
  let system: SystemKind

  init(_ analysis: RunAnalysis) {
    let choices = [
      ("Among the best tenth", 0.1), ("The median sample", 0.5), ("Three quarters are better", 0.75), ("90 % are better", 0.9),
      ("99 % are better", 0.99), ("The worst of all", 1),
    ]
    let numbers = choices.map { analysis.sample(atQuantile: $0.1) }
    let dense = DenseTrajectory.ofTestSamples(numbers, analysis.run.configuration)
    let bodies = analysis.run.configuration.data.bodies
    system = analysis.run.configuration.data.system
    panels = zip(choices, dense).map { choice, sample in
      Panel(
        name: choice.0, sample: sample,
        predicted: (0..<bodies).map { vector(analysis.evaluation.predictions, sample.number * bodies + $0) },
        error: analysis.evaluation.perSample[sample.number])
    }
  }

  var markup: String {
    let cards = panels.map { panel in
      let distance = significant((3 * panel.error).squareRoot(), 2)
      return """
        <div class="card">
        <h3>\(escaped(panel.name))</h3>
        <p class="small">error (MSE) <b>\(significant(panel.error))</b>: a body is off by \(distance) on average (r.m.s.); test sample \
        \(panel.sample.number)</p>
        \(drawing(panel).markup())</div>
        """
    }
    return """
      <figure>
      \(legend)
      <div class="cards">
      \(cards.joined(separator: "\n"))
      </div>
      <figcaption>Each panel shows one test sample from two sides, at one scale: the upper view along the direction in which the sample \
      extends least (its third principal axis), the lower one turned by a right angle, as if seen from above. The model is given the start \
      points and velocities only and must name the end points; it never sees the paths between them. A filled dot inside its ring is a \
      hit; a red line joins a true end point with the predicted one where they differ. Bodies that pass each other closely are thrown off \
      at angles that depend on tiny differences: there the errors are largest.</figcaption>
      </figure>
      """
  }

  private var legend: String {
    func key(_ label: String, _ draw: (inout SVG) -> Void) -> String {
      var svg = SVG(width: 30, height: 16, title: label)
      draw(&svg)
      return "<span>\(svg.markup("key"))\(escaped(label))</span>"
    }
    var keys: [String] = []
    let sorts = system == .charged ? [("positive charge", "plus"), ("negative charge", "minus")] : [("true path", "plus")]
    for (label, style) in sorts { keys.append(key(label) { $0.path([Point(2, 8), Point(28, 8)], "trace \(style)") }) }
    keys.append(key("start") { $0.circle(Point(15, 8), radius: 4, "start") })
    keys.append(key("velocity at the start (travel in 0.4 time units)") { $0.arrow(from: Point(3, 8), to: Point(27, 8), "velocity") })
    keys.append(key("true end") { $0.circle(Point(15, 8), radius: 4, "end") })
    keys.append(key("predicted end") { $0.circle(Point(15, 8), radius: 6, "predicted") })
    keys.append(key("error") { $0.line(from: Point(3, 8), to: Point(27, 8), "miss") })
    return "<div class=\"legend\">\(keys.joined())</div>"
  }

  /// The two views of a sample, over a bar that shows the scale.
  private func drawing(_ panel: Panel) -> SVG {
    let (width, height, pad, strip, footer) = (360.0, 404.0, 20.0, 20.0, 30.0)
    let tips = zip(panel.sample.paths, panel.sample.velocities).map { $0[0] + Self.arrowTime * $1 }
    let frame = PrincipalFrame(of: panel.sample.paths.flatMap { $0 } + panel.predicted + tips)
    let extent = frame.extent
    let room = height - footer - 2 * strip - 4 * pad
    let scale = min((width - 2 * pad) / extent.x, room / (extent.y + extent.z))
    // What the drawing does not fill is given to both views alike.
    let spare = (room - scale * (extent.y + extent.z)) / 2
    let (upper, lower) = (extent.y * scale + spare, extent.z * scale + spare)
    let secondTop = 2 * pad + strip + upper
    var svg = SVG(width: width, height: height, title: "\(panel.name): true and predicted positions in two views")
    svg.text("from the front", at: Point(0, 14))
    draw(panel, in: &svg) { p in
      let local = frame.local(p)
      return Point(width / 2 + scale * local.x, strip + pad + upper / 2 - scale * local.y)
    }
    svg.line(from: Point(0, secondTop), to: Point(width, secondTop), "grid")
    svg.text("from above", at: Point(0, secondTop + 18))
    draw(panel, in: &svg) { p in
      let local = frame.local(p)
      return Point(width / 2 + scale * local.x, secondTop + strip + pad + lower / 2 + scale * local.z)
    }
    drawScaleBar(in: &svg, scale: scale, y: height - 12)
    return svg
  }

  private func drawScaleBar(in svg: inout SVG, scale: Double, y: Double) {
    let length = roundStep(36 / scale)
    let (left, right) = (svg.width - 2 - length * scale, svg.width - 2)
    svg.line(from: Point(left, y), to: Point(right, y), "axis")
    for x in [left, right] { svg.line(from: Point(x, y - 4), to: Point(x, y + 4), "axis") }
    svg.text("\(significant(length, 1)) unit\(length == 1 ? "" : "s") of length", at: Point(left - 8, y + 4), anchor: .end)
  }

  /// Draws the bodies of one view. Later layers lie over earlier ones.
  private func draw(_ panel: Panel, in svg: inout SVG, project: (SIMD3<Double>) -> Point) {
    let sample = panel.sample
    let bodies = sample.paths.indices
    func style(_ body: Int) -> String { system == .charged && sample.charges[body] < 0 ? "minus" : "plus" }
    for body in bodies { svg.path(sample.paths[body].map(project), "trace \(style(body))") }
    for body in bodies {
      let start = sample.paths[body][0]
      svg.arrow(from: project(start), to: project(start + Self.arrowTime * sample.velocities[body]), "velocity \(style(body))")
    }
    for body in bodies {
      svg.circle(project(sample.paths[body][0]), radius: 3, "start \(style(body))", tooltip: "body \(body + 1), start")
    }
    for body in bodies {
      let (actual, predicted) = (project(sample.paths[body].last!), project(panel.predicted[body]))
      svg.line(from: actual, to: predicted, "miss")
      svg.circle(actual, radius: 3.5, "end \(style(body))", tooltip: "body \(body + 1), true end")
    }
    for body in bodies { svg.circle(project(panel.predicted[body]), radius: 6, "predicted", tooltip: "body \(body + 1), predicted end") }
  }
}
