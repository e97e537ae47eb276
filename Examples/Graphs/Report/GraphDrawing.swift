import Equivariant
import ExampleSupport

/// A graph with one of its ego networks highlighted.
struct GraphDrawing {
  let title: String
  let caption: String
  let graph: SimpleGraph
  /// The colour of each node.
  let labels: [Int]

  /// The largest ego network of at most half the graph, of two hops if there is one, or else of one hop. If there is none, it is the
  /// smallest.
  private var highlighted: (root: Int, nodes: [Int], hops: Int)? {
    let bags = [2, 1].map { ($0, SubgraphBag(graph.graph, policy: .ego(hops: $0))) }
    for (hops, bag) in bags {
      let sizes = bag.subgraphs.graphSizes
      let most = sizes.filter { 2 * $0 <= graph.nodeCount }.max() ?? (hops == 1 ? sizes.min() : nil)
      guard let root = sizes.firstIndex(where: { $0 == most }) else { continue }
      return (root, zip(bag.nodes.rows, bag.membership.rows).filter { $1 == root }.map { Int($0.0) }, hops)
    }
    return nil
  }

  var markup: String {
    let ego = highlighted
    let hops = ego.map { ", highlighted: the \(counted($0.nodes.count, "node")) within \(counted($0.hops, "hop")) of the ringed one" } ?? ""
    return """
      <div class="card">
      <h3>\(escaped(title))</h3>
      <p class="small">\(escaped(caption + hops))</p>
      \(drawing(ego).markup())</div>
      """
  }

  private func drawing(_ ego: (root: Int, nodes: [Int], hops: Int)?) -> SVG {
    let (width, height, margin) = (340.0, 280.0, 22.0)
    var svg = SVG(width: width, height: height, title: "\(title): \(graph.nodeCount) nodes, \(graph.edgeCount) edges")
    let layout = GraphLayout(graph).places
    let extent = layout.reduce((x: 1.0, y: 1.0)) { (max($0.x, $1.x.magnitude), max($0.y, $1.y.magnitude)) }
    let scale = min((width / 2 - margin) / extent.x, (height / 2 - margin) / extent.y, 80)
    let places = layout.map { Point(width / 2 + scale * $0.x, height / 2 + scale * $0.y) }
    let inside = Set(ego?.nodes ?? [])
    for (i, j) in graph.edges where inside.contains(i) && inside.contains(j) { svg.line(from: places[i], to: places[j], "halo") }
    for i in ego?.nodes ?? [] { svg.circle(places[i], radius: 10, "halo") }
    for (i, j) in graph.edges { svg.line(from: places[i], to: places[j], "edge") }
    let radius = max(2.5, min(6.5, 0.2 * scale))
    for (i, place) in places.enumerated() {
      svg.circle(place, radius: radius, "node n\(labels[i] % categoryColors.count)", tooltip: "node \(i), label \(labels[i])")
    }
    if let root = ego?.root { svg.circle(places[root], radius: radius + 3.5, "mark root") }
    return svg
  }

  /// The style that drawings add to a page.
  static var style: String {
    let colors = categoryColors.enumerated().map { ".n\($0) { --c: \($1); }" }.joined(separator: " ")
    return """
      \(colors)
      .node { fill: var(--c); stroke: var(--paper); stroke-width: 1; } .edge { stroke: var(--axis); stroke-width: 1.4; }
      .halo { --h: color-mix(in srgb, var(--first) 22%, var(--card)); stroke: var(--h); fill: var(--h); stroke-width: 15;
        stroke-linecap: round; }
      circle.halo { stroke: none; } .root { fill: none; } .cards + .note { margin-top: 12px; }
      """
  }
}
