import Testing

@testable import FileFormats

struct SafetensorsReadingTests {
  private func kind(_ header: String, dataCount: Int, headerLength: UInt64? = nil) -> FileFormatError.Kind? {
    var bytes = [UInt8].littleEndian(headerLength ?? UInt64(header.utf8.count))
    bytes += header.utf8
    bytes += [UInt8](repeating: 0, count: dataCount)
    do {
      _ = try SafetensorsFile(bytes: bytes, path: "p")
      return nil
    } catch {
      return (error as FileFormatError).kind
    }
  }

  @Test(arguments: [
    ("{}", 0), ("{}   ", 0), ("{\"__metadata__\":{}}", 0), ("{\"__metadata__\":null}", 0),
    (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1}}"#, 1), (#"{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}}"#, 1),
    (#"{"a":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,3]},"b":{"dtype":"C64","shape":[1],"data_offsets":[3,11]}}"#, 11),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 8),
    (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[3,4]},"b":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#, 4),
    (#"{"a":{"data_offsets":[0,0],"dtype":"F64","shape":[0,5]},"b":{"shape":[],"dtype":"U8","data_offsets":[0,1]}}"#, 1),
  ])
  func valid(header: String, dataCount: Int) {
    #expect(kind(header, dataCount: dataCount) == nil)
  }

  @Test(arguments: [
    ("", 0), (" {}", 0), ("[]", 0), ("{", 0), ("{}x", 0), ("{}", 1), ("{\"a\":1}", 0), ("{\"__metadata__\":{\"a\":1}}", 0),
    ("{\"__metadata__\":[]}", 0),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,7]}}"#, 7),  // not 8 bytes
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}}"#, 9),  // a hole
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 9),  // a rest
    (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, 3),  // overlap
    (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, 2),
    (#"{"a":{"dtype":"U8","shape":[1]}}"#, 1),
    (#"{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}"#, 1),
    (#"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#, 1),
    (#"{"a":{"dtype":"U8","shape":1,"data_offsets":[0,1]}}"#, 1),
    (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}"#, 1),
    (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}"#, 1),
    (#"{"a":{"dtype":"F64","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#, 8),
    (#"{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}"#, 0),  // 2^61 * 8 overflows
  ])
  func malformed(header: String, dataCount: Int) {
    #expect(kind(header, dataCount: dataCount) == .malformed)
  }

  @Test func otherKinds() {
    #expect(kind(#"{"a":{"dtype":"F7","shape":[2],"data_offsets":[0,1]}}"#, dataCount: 1) == .unsupported)
    #expect(kind(#"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}}"#, dataCount: 1) == .malformed)
    #expect(kind(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, dataCount: 7) == .truncated)
    #expect(kind("{}", dataCount: 0, headerLength: 3) == .truncated)
    #expect(kind("{}", dataCount: 0, headerLength: 100_000_001) == .malformed)
    #expect(kind("{}", dataCount: 0, headerLength: .max) == .malformed)
    #expect(failure { try SafetensorsFile(bytes: [1, 2, 3], path: "p") }?.kind == .truncated)
  }

  @Test(arguments: ["[", "{\"a\":", "[{\"a\":"]) func deepHeaders(unit: String) {
    #expect(kind("{\"a\":" + String(repeating: unit, count: 1 << 20 / unit.utf8.count), dataCount: 0) == .malformed)
  }
}
