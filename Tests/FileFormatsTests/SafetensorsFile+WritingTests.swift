import Testing

@testable import FileFormats

struct SafetensorsWritingTests {
  private func sample() -> SafetensorsFile {
    var file = SafetensorsFile(metadata: ["z": "1", "a": "tab\t \"é\""])
    for (index, array) in arraysOfAllTypes.enumerated() {
      if case .fixedWidthBytes = array.elements { continue }
      file.append("tensor \(index)", array)
    }
    file.append("half", dtype: .float16, shape: [2, 1], data: [1, 2, 3, 4])
    return file
  }

  @Test func roundTrips() throws {
    let file = sample()
    try withTemporaryFolder { folder throws in
      try file.write(to: folder + "/a.safetensors")
      let read = try SafetensorsFile(contentsOf: folder + "/a.safetensors")
      #expect(read.entries == file.entries && read.metadata == file.metadata)
      #expect(read.encoded() == file.encoded())
      for name in file.names where name != "half" { #expect(try read.array(name) == file.array(name)) }
    }
  }

  @Test func layout() throws {
    let bytes = sample().encoded()
    let length = Int(try FileBytes(bytes[...], path: "p").integer(UInt64.self, at: 0, of: "x"))
    #expect(length % 8 == 0)
    #expect(bytes[8...].starts(with: "{\"__metadata__\":{\"a\":\"tab\\t \\\"é\\\"\",\"z\":\"1\"},\"tensor 0\":{\"dtype\":\"F32\"".utf8))
    for entry in try SafetensorsFile(bytes: bytes, path: "p").entries {
      #expect((entry.data.startIndex - 8 - length) % (entry.dtype.bitCount / 8) == 0, "\(entry.name)")
    }
  }

  @Test func noTensors() throws {
    #expect(SafetensorsFile().encoded() == [8, 0, 0, 0, 0, 0, 0, 0] + "{}      ".utf8)
    #expect(try SafetensorsFile(bytes: SafetensorsFile().encoded(), path: "p").entries.isEmpty)
  }
}
