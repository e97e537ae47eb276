import FileFormats
import Testing

@Suite struct EquinoxFileTests {
  private static let arrays = [
    NumericArray([1.0, 2, 3, 4], shape: [2, 2]), NumericArray([Float(7)], shape: []), NumericArray([Int32(5), 6]),
  ]
  private static func bytes(_ header: String = #"{"cutoff": 6.0}"#) -> [UInt8] {
    Array((header + "\n").utf8) + arrays.flatMap { $0.npyBytes() }
  }

  @Test func arraysOneAfterTheOther() throws {
    let file = try EquinoxFile(bytes: Self.bytes(), path: "model.nqx")
    #expect(file.header["cutoff"]?.double == 6)
    #expect(try file.arrays(3) == Self.arrays)
    #expect(try file.arrays(2) == Array(Self.arrays.prefix(2)))
  }

  private static func error(_ bytes: [UInt8], _ count: Int = 3) -> FileFormatError? {
    do {
      _ = try EquinoxFile(bytes: bytes, path: "model.nqx").arrays(count)
      return nil
    } catch let error { return error }
  }

  @Test func damagedFilesAreRefused() {
    #expect(Self.error([])?.kind == .empty)
    #expect(Self.error(Array("{}".utf8))?.kind == .malformed)
    #expect(Self.error(Self.bytes("{"))?.place.line == 1)
    #expect(Self.error(Self.bytes(), 4)?.place.entry == "array 3")
    #expect(Self.error(Self.bytes().dropLast(3))?.place.entry == "array 2")
    // Every cut ends in an error, not in a crash.
    let all = Self.bytes()
    for end in stride(from: 0, to: all.count, by: 7) { #expect(Self.error(Array(all[..<end])) != nil) }
  }
}
