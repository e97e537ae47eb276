import Testing

@testable import FileFormats

struct SafetensorsFileTests {
  @Test func torchsFile() throws {
    let file = try SafetensorsFile(contentsOf: reference("mixed.safetensors"))
    #expect(file.names == ["steps", "bias", "none", "weight", "int", "brain", "half", "short", "tiny", "bytes", "mask"])
    #expect(file.metadata == ["made by": "torch", "naïve": "\"quoted\"\n"])
    #expect(try file.array("weight") == NumericArray([0, 0.25, 0.5, 0.75, 1, 1.25] as [Float], shape: [2, 3]))
    #expect(try file.doubles("bias") == [0.5, -1.5])
    #expect(try file.floats("bias") == [0.5, -1.5])
    #expect(try file.array("steps") == NumericArray([7], shape: []))
    #expect(try file.ints("int") == [1 << 20])
    #expect(try file.ints("short") == [-3])
    #expect(try file.ints("tiny") == [-128])
    #expect(try file.ints("bytes") == [1, 255])
    #expect(try file.array("mask") == NumericArray([1, 0, 1] as [UInt8]))
    #expect(try file.array("none") == NumericArray([] as [Float], shape: [0, 3]))
    #expect(try file.entry("brain").dtype == .bfloat16)
    #expect(try Array(file.entry("brain").data) == [0x80, 0x3F, 0, 0xC0])
    #expect(try file.entry("half").dtype == .float16)
    #expect(try Array(file.entry("half").data) == [0, 0x3C, 0, 0xC0])
  }

  /// Half precisions are values, and an 8-bit type refuses itself alone.
  @Test func filesOfUsers() throws {
    let mixed = try SafetensorsFile(contentsOf: reference("mixed.safetensors"))
    #expect(try mixed.floats("brain") == [1, -2] && mixed.floats("half") == [1, -2])
    let halves = try SafetensorsFile(contentsOf: reference("cases/st_bf16.safetensors"))
    #expect(try halves.floats("a") == [1, 2] && halves.floats("h") == [1, 0.5] && halves.doubles("a") == [1, 2])
    let eight = try SafetensorsFile(contentsOf: reference("cases/st_f8.safetensors"))
    #expect(try eight.names == ["a", "b"] && eight.floats("b") == [7] && Array(eight.entry("a").data) == [0x38, 0x40])
    let error = failure { try eight.array("a") }
    #expect(error?.kind == .unsupported && error?.place.entry == "a" && error?.cause.contains("F8_E4M3") == true)
    let null = try SafetensorsFile(contentsOf: reference("cases/st_null_meta.safetensors"))
    #expect(try null.metadata.isEmpty && null.floats("a") == [1, 2])
  }

  @Test func unsignedIntegersKeepTheirValues() throws {
    var file = SafetensorsFile()
    file.append("short", dtype: .uint16, shape: [2], data: [1, 0, 0xFF, 0xFF])
    file.append("int", dtype: .uint32, shape: [1], data: [0xFE, 0xFF, 0xFF, 0xFF])
    file.append("long", NumericArray([1 << 63 - 1, .max] as [UInt64]))
    #expect(try file.ints("short") == [1, 65535] && file.ints("int") == [4_294_967_294])
    #expect(try file.entry("long").dtype == .uint64 && file.array("long").elements == .uint64([1 << 63 - 1, .max]))
    #expect(failure { try file.ints("long") }?.kind == .lossy)
    #expect(try SafetensorsFile(bytes: file.encoded(), path: "p").entries == file.entries)
  }

  @Test func missingNamesListWhatIsThere() throws {
    let error = failure { try SafetensorsFile(contentsOf: reference("mixed.safetensors")).floats("wait") }
    #expect(error?.kind == .notFound && error?.cause.contains("\"weight\"") == true)
  }

  @Test func conversionErrorsNameFileAndEntry() throws {
    let file = try SafetensorsFile(contentsOf: reference("mixed.safetensors"))
    #expect(failure { try file.ints("bias") }?.place.entry == "bias")
    #expect(failure { try file.ints("bias") }?.path == reference("mixed.safetensors"))
  }

  @Test func programmingErrorsTrap() async {
    await #expect(processExitsWith: .failure) {
      var file = SafetensorsFile()
      file.append("a", NumericArray([1.0]))
      file.append("a", NumericArray([1.0]))
    }
    await #expect(processExitsWith: .failure) {
      var file = SafetensorsFile()
      file.append("a", dtype: .float16, shape: [2], data: [0, 0])
    }
    await #expect(processExitsWith: .failure) {
      var file = SafetensorsFile()
      file.append("a", NumericArray(strings: ["a"]))
    }
  }
}
