import ExampleSupport

/// A page about normals, classes and parts of clouds, with tables and pictures in a single file that needs nothing else.
struct CloudReportPage {
  let protocols: ProtocolResults?
  let pictures: [CloudPicture]

  var html: String {
    let content = """
      <style>
      \(cloudViewerStyle)
      </style>
      <p>The normal of a surface at a point is the direction straight away from it. Given points alone, a normal can be estimated from the points \
      around; which of the two sides is the outer one the points do not tell, so that errors are angles between lines, of 0° to 90°.</p>
      \(protocols.map(table) ?? "")
      \(gallery)
      <noscript><p class="warning">The pictures are drawn by a script within this page, which your browser does not run.</p></noscript>
      <footer>Written by <code>pointclouds report</code>. The page is one file: it loads nothing from a network.</footer>
      <script>
      \(cloudViewerScript)
      </script>
      """
    return page(title: "Normals and parts of clouds of points", content)
  }

  private var gallery: String {
    guard !pictures.isEmpty else { return "" }
    return """
      <h2>Pictures</h2>
      <p class="note">Drag a picture to turn it, or use the arrow keys.</p>
      <div class="cards">
      \(pictures.map(\.markup).joined(separator: "\n"))
      </div>
      """
  }

  private func table(_ results: ProtocolResults) -> String {
    let rows = results.results.map { result in
      let e = result.errors
      let cells = [significant(e.error), significant(e.medianAngle) + "°", significant(e.angle90) + "°"]
      return "<tr><td>\(escaped(result.model))</td><td>\(escaped(result.protocolName))</td>"
        + "<td class=\"number\">\(result.trained == nil ? "–" : grouped(result.parameters))</td>"
        + cells.map { "<td class=\"number\">\(escaped($0))</td>" }.joined() + "</tr>"
    }
    return """
      <h2>Estimators compared</h2>
      <div class="scroll"><table>
      <thead><tr><th>Model</th><th>Trained/tested</th><th class="number">Parameters</th><th class="number">Mean 1 − (n·n̂)²</th>\
      <th class="number">Median angle</th><th class="number">90 % below</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div>
      <p class="note">Learnt from \(counted(results.trainShapes.count, "shape")) and tested on \(grouped(results.testShapes.count)) others \
      (\(escaped(results.testShapes.joined(separator: ", ")))), on clouds of \(grouped(results.points)) points. I: shapes as the files have \
      them; SO(3): each turned at random. A frame-averaged model (fa-) cannot tell a turned cloud from one that is not; a plain one that has \
      learnt from upright shapes can. The plane fit learns nothing.</p>
      """
  }
}
