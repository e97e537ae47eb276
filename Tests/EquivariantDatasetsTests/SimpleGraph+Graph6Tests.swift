import Equivariant
import Foundation
import Testing

struct SimpleGraphFileTests {
  @Test func readsAndLimits() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).g6").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("Ch\n:Cdv\n".utf8).write(to: URL(filePath: path))
    let chain = SimpleGraph(nodeCount: 4, edges: [(0, 1), (1, 2), (2, 3)])
    #expect(try SimpleGraph.read(graph6: path) == [chain, chain])
    try Data("Ch\n:~~~~~~~~\n".utf8).write(to: URL(filePath: path))
    let error = #expect(throws: FileFormatError.self) { try SimpleGraph.read(graph6: path) }
    #expect(error?.kind == .unsupported && error?.place.line == 2)
  }
}
