import Equivariant
import Foundation
import Testing

@Suite struct TrainingReportTests {
  private func page(
    _ lines: [String], tail: String = "", configuration: String? = #"{"network":{"hidden":8},"name":"a<b"}"#
  ) throws -> String {
    let folder = RunFolder(FileManager.default.temporaryDirectory.appending(path: "TrainingReportTests-\(UUID())").path)
    try folder.create()
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    try Data(lines.map { $0 + "\n" }.joined().appending(tail).utf8).write(to: URL(filePath: folder.metrics))
    if let configuration { try SafetensorsFile(metadata: ["configuration": configuration]).write(to: folder.best) }
    try TrainingReport("Bonds & <angles>", text: "One.\n\nTwo.", results: ["error": (1.23456, "meV")], command: "program run").write(
      for: folder)
    return try String(contentsOfFile: folder.report, encoding: .utf8)
  }

  @Test func contents() throws {
    let page = try page(
      (1...20).map { #"{"epoch":\#($0),"step":\#(9 * $0),"train":\#(1 / Double($0)),"rate":0.1,"mae":\#(0.5 + 0.01 * Double($0))}"# })
    #expect(page.contains("<h1>Bonds &amp; &lt;angles&gt;</h1>") && page.contains("<p>One.</p>\n<p>Two.</p>"))
    #expect(page.contains("<b>1.23 meV</b><span>error</span>") && page.contains("<pre>program run</pre>"))
    #expect(page.contains("<td>network.hidden</td><td>8</td>") && page.contains("a&lt;b"))
    // Two figures, each twice, for wide and narrow windows; neither the rate nor the number of updates is one.
    #expect(page.components(separatedBy: "<svg").count == 5 && !page.contains("step against epoch"))
    #expect(page.contains("mean loss of the training against epoch: at last 0.0500, least 0.0500 after epoch 20"))
    #expect(page.contains("mae against epoch: at last 0.700, least 0.510 after epoch 1"))
  }

  /// Constant, single, infinite and torn lines still make a page; so does none at all.
  @Test func oddMetrics() throws {
    #expect(try page([#"{"epoch":1,"train":0,"mae":0}"#]).contains("at last 0, least 0 after epoch 1"))
    #expect(try page([#"{"epoch":1,"train":1e300}"#, #"{"epoch":2,"train":-1e300}"#], tail: #"{"epoch":3,"tr"#).contains("<svg"))
    #expect(try page([], configuration: nil).contains("no metrics of this run"))
    for text in ["nan", "inf"] { #expect(!(try page([#"{"epoch":1,"train":1e-310}"#])).contains("\"\(text)")) }
  }
}
