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

  @Test(arguments: ["brain", "half"]) func rawTypesAreNotArrays(name: String) throws {
    let error = failure { try SafetensorsFile(contentsOf: reference("mixed.safetensors")).array(name) }
    #expect(error?.kind == .unsupported && error?.place.entry == name)
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
