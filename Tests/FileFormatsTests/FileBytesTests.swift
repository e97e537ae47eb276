import Testing

@testable import FileFormats

struct FileBytesTests {
  private let bytes = FileBytes(Array(0..<10)[...].dropFirst(2), path: "p", entry: "e")

  @Test func readsIntegersRelativeToItsStart() throws {
    #expect(bytes.count == 8)
    #expect(bytes[0] == 2)
    #expect(try bytes.integer(UInt16.self, at: 1, of: "x") == 0x0403)
    #expect(try bytes.integer(UInt64.self, at: 0, of: "x") == 0x0908_0706_0504_0302)
    #expect(bytes.elements(as: UInt32.self) == [0x0504_0302, 0x0908_0706])
  }

  @Test(arguments: [(-1, 1), (0, -1), (0, 9), (8, 1), (9, 0), (.max, 1), (1, .max), (.min, .min), (.max, .max)])
  func slicesOutsideAreErrors(offset: Int, count: Int) {
    let error = failure { try bytes.slice(at: offset, count: count, of: "x") }
    #expect(error?.kind == .truncated && error?.path == "p" && error?.place.entry == "e")
  }

  @Test func lengthsBeyondIntAreErrors() {
    let large = FileBytes([UInt8](repeating: 255, count: 8)[...], path: "p")
    #expect(failure { try large.length(UInt64.self, at: 0, of: "x") }?.kind == .malformed)
  }

  @Test(arguments: [
    ([], 1), ([0], 0), ([3, 4], 12), ([0, .max], 0), ([.max], Int.max), ([.max, 2], nil), ([0, .max, 2], nil), ([-1], nil),
    ([-1, 0], nil), ([1 << 32, 1 << 31], nil),
  ])
  func elementCounts(shape: [Int], expected: Int?) {
    #expect(elementCount(of: shape) == expected)
  }
}
