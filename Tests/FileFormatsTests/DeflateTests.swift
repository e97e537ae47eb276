import Testing

@testable import FileFormats

struct DeflateTests {
  private static let samples: [[UInt8]] = [
    [], [7], Array("hello hello hello".utf8), [UInt8](repeating: 0, count: 3_000_000),
    (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) },
  ]

  @Test(arguments: samples) func roundTrips(bytes: [UInt8]) throws {
    let packed = FileBytes(Deflate.deflate(bytes)[...], path: "p")
    #expect(try Deflate.inflate(packed, size: bytes.count) == bytes)
    #expect(failure { try Deflate.inflate(packed, size: bytes.count + 1) }?.kind == .malformed)
    if !bytes.isEmpty { #expect(failure { try Deflate.inflate(packed, size: bytes.count - 1) }?.kind == .malformed) }
  }

  @Test func checksumOfTheStandardsExample() {
    #expect(Deflate.checksum(Array("123456789".utf8)[...]) == 0xCBF4_3926)
    #expect(Deflate.checksum([]) == 0)
  }

  @Test func truncationsAndLeftovers() {
    let packed = Deflate.deflate(Array("some text, some text".utf8))
    for count in 0..<packed.count {
      let error = failure { try Deflate.inflate(FileBytes(packed[..<count], path: "p"), size: 20) }
      #expect(error?.kind == .truncated)
    }
    #expect(failure { try Deflate.inflate(FileBytes((packed + [0])[...], path: "p"), size: 20) }?.kind == .malformed)
  }

  @Test(arguments: [1033 * 10, 1 << 40, Int.max]) func impossibleRatiosAreRefused(size: Int) {
    let bytes = FileBytes([UInt8](repeating: 0x55, count: 9)[...], path: "p")
    #expect(failure { try Deflate.inflate(bytes, size: size) }?.kind == .malformed)
  }
}
