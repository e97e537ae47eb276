import EquivariantDatasets
import FileFormats
import Foundation
import MessagePassing
import Testing

@Suite struct GraphPairsTests {
  private func read(_ text: String) throws -> [GraphPair]? {
    let path = FileManager.default.temporaryDirectory.appending(path: "pairs-\(UUID().uuidString).txt").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(filePath: path))
    return try GraphPair.read(path)
  }

  /// Whatever ends the lines and stands around the words.
  @Test(arguments: [
    "basic Ch B?\nbasic B? Ch\n", "basic Ch B?\r\nbasic B? Ch\r\n", "# pairs\r\n\r\n basic\tCh  B? \r\n\n#\nbasic B? Ch\n \n\n",
    "basic Ch B?\rbasic B? Ch",
  ])
  func lineEnds(text: String) throws {
    let (path, none) = (SimpleGraph(nodeCount: 4, edges: [(0, 1), (1, 2), (2, 3)]), SimpleGraph(nodeCount: 3, edges: []))
    let pairs = try #require(try read(text))
    #expect(pairs.map(\.category) == ["basic", "basic"] && pairs.map(\.first) == [path, none] && pairs.map(\.second) == [none, path])
  }

  @Test func filesOfGraphsAreNone() throws {
    #expect(try read("Ch\r\nB?\r\n") == nil)
    #expect(try read("") == nil)
    #expect(try read("\n\n# nothing\n") == nil)
  }

  @Test(arguments: [
    ("a Ch B?\r\n\r\na Ch\r\n", 3, "2 words"), ("a Ch B? x\n", 1, "4 words"), ("a Ch B?\na Ch C\n", 2, "takes 1 bytes"),
    ("a >>graph6<< Ch\n", 1, "no graphs"),
  ])
  func mistakes(text: String, line: Int, cause: String) {
    let error = #expect(throws: FileFormatError.self) { try read(text) }
    #expect(error?.place.line == line && error?.cause.contains(cause) == true, "\(String(describing: error))")
  }
}
