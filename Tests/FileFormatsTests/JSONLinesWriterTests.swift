import Foundation
import Testing

@testable import FileFormats

struct JSONLinesWriterTests {
  @Test func appendsAcrossWriters() throws {
    try withTemporaryFolder { folder throws in
      let path = folder + "/log.jsonl"
      for run in 0..<3 {
        let writer = try JSONLinesWriter(appendingTo: path)
        try writer.append(["run": .integer(run), "loss": .number(.nan)])
        // A line is there as soon as it is written.
        #expect(try readJSONLines(path).count == 2 * run + 1)
        try writer.append([1, 2])
        try writer.synchronize()
      }
      let expected: [JSONValue] = [["run": 0, "loss": nil], [1, 2], ["run": 1, "loss": nil], [1, 2], ["run": 2, "loss": nil], [1, 2]]
      #expect(try readJSONLines(path) == expected)
    }
  }

  @Test func everyTornLineIsRepaired() throws {
    try withTemporaryFolder { folder throws in
      let path = folder + "/log.jsonl"
      let whole = "{\"a\":1}\n{\"b\":\"é\",\"c\":[1]}\n"
      for count in 0...whole.utf8.count {
        let written = String(decoding: whole.utf8.prefix(count), as: UTF8.self)
        try AtomicFile.write(whole.utf8.prefix(count), to: path)
        try JSONLinesWriter(appendingTo: path).append(["d": 2])
        // A line that lacks only its line feed is complete.
        let complete = written.split(separator: "\n").filter { $0.hasSuffix("}") }.count
        let values = try readJSONLines(path)
        #expect(values.count == complete + 1 && values.last == ["d": 2], "cut after \(count) bytes")
      }
    }
  }

  @Test func longTornLines() throws {
    try withTemporaryFolder { folder throws in
      let path = folder + "/log.jsonl"
      for length in [1, 4094, 4095, 4096, 4097, 100_000] {
        try AtomicFile.write(("{}\n[\"" + String(repeating: "x", count: length)).utf8, to: path)
        try JSONLinesWriter(appendingTo: path).append([:])
        #expect(try readWholeFile(path) == Array("{}\n{}\n".utf8))
      }
    }
  }

  @Test func otherFilesAreLeftAlone() throws {
    try withTemporaryFolder { folder throws in
      let path = folder + "/notes.txt"
      try AtomicFile.write("my only notes".utf8, to: path)
      #expect(failure { try JSONLinesWriter(appendingTo: path) }?.kind == .malformed)
      #expect(try readWholeFile(path) == Array("my only notes".utf8))
      #expect(failure { try JSONLinesWriter(appendingTo: folder) }?.kind == .directory)
      #expect(failure { try JSONLinesWriter(appendingTo: folder + "/none/log") }?.kind == .unwritable)
      #expect(failure { try JSONLinesWriter(appendingTo: "/dev/null") }?.kind == .unwritable)
    }
  }

  @Test func threadsShareAWriter() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "JSONLinesWriterTests-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let writer = try JSONLinesWriter(appendingTo: path)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask { for step in 0..<50 { try writer.append(["task": .integer(task), "step": .integer(step)]) } }
      }
      try await group.waitForAll()
    }
    let values = try readJSONLines(path)
    #expect(values.count == 400)
    for task in 0..<8 { #expect(values.filter { $0["task"]?.int == task }.map { $0["step"]?.int } == Array(0..<50)) }
  }
}
