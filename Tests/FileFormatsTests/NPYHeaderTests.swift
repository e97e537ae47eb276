import Testing

@testable import FileFormats

struct NPYHeaderTests {
  private func parse(_ text: String, version: [UInt8] = [1, 0]) throws -> NPYHeader {
    var bytes = NPYHeader.magic + version
    if version[0] == 1 { bytes.append(littleEndian: UInt16(text.utf8.count)) } else { bytes.append(littleEndian: UInt32(text.utf8.count)) }
    return try NPYHeader.parse(FileBytes((bytes + text.utf8)[...], path: "p")).header
  }

  @Test(arguments: [
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }", [3, 4]),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }   \n", [3]),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': ()}\n", []),
    ("{\"shape\":(10L, 2L),\"fortran_order\":False,\"descr\":\"<f8\"}", [10, 2]),
    (" { 'descr' : '<f8' , 'fortran_order' : False , 'shape' : ( 1 , 2 , ) , } ", [1, 2]),
  ])
  func forms(text: String, shape: [Int]) throws {
    let expected = NPYHeader(type: .float64, isFortranOrder: false, shape: shape)
    #expect(try parse(text) == expected)
    #expect(try parse(text, version: [2, 0]) == expected)
    #expect(try parse(text, version: [3, 0]) == expected)
  }

  @Test(arguments: [
    "", "{", "{}", "{'descr'", "{'descr': '<f8", "[1]", "{'descr': '<f8', 'fortran_order': False}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': 3}", "{'descr': '<f8', 'fortran_order': False, 'shape': (3)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (3,,)}", "{'descr': '<f8', 'fortran_order': False, 'shape': (,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}", "{'descr': '<f8', 'fortran_order': False, 'shape': (1.5,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), 'descr': '<f8'}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), 'extra': 1}",
    "{'descr': '<f8', 'fortran_order': 0, 'shape': (3,)}", "{'descr': '<f8', 'fortran_order': False, 'shape': (3,)} x",
    "{'descr': '<f8' 'fortran_order': False, 'shape': (3,)}", "{'descr': 'a\\'b', 'fortran_order': False, 'shape': (3,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (" + String(repeating: "1, ", count: 65) + ")}",
  ])
  func malformed(text: String) {
    let error = failure { try parse(text) }
    #expect(error?.kind == .malformed && error?.place.byte != nil)
  }

  @Test(arguments: [
    "|O", "<U3", "", "<", "f16", "<f16", "g", "float128", "<float64", "|S", "|S0", "|S-1", "|S+1", "|S99999999999999999999", "<c8", "|V4",
  ])
  func unsupportedTypes(type: String) {
    #expect(failure { try parse("{'descr': '\(type)', 'fortran_order': False, 'shape': (3,)}") }?.kind == .unsupported)
  }

  @Test(arguments: [([1, 1], false), ([2, 0], true), ([3, 0], true), ([4, 0], false), ([0, 0], false)])
  func versions(version: [UInt8], isKnown: Bool) {
    let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (), }"
    #expect(((try? parse(text, version: version)) != nil) == isKnown)
  }

  @Test(arguments: ["(4611686018427387904, 4)", "(9223372036854775807,)", "(0, 9223372036854775807, 2)", "(1000000000000,)"])
  func sizesBeyondTheFile(shape: String) throws {
    let text = "{'descr': '<f8', 'fortran_order': True, 'shape': \(shape), }"
    var bytes = NPYHeader.magic + [1, 0]
    bytes.append(littleEndian: UInt16(text.utf8.count))
    bytes += text.utf8
    #expect(failure { try NumericArray(npyBytes: bytes, path: "p") }.map { [.malformed, .truncated].contains($0.kind) } == true)
  }

  @Test(arguments: 0..<70) func headersAreAligned(rank: Int) {
    let bytes = NPYHeader(type: .int8, isFortranOrder: false, shape: [Int](repeating: 1000, count: rank)).encoded()
    #expect(bytes.count % 64 == 0 && bytes.last == UInt8(ascii: "\n"))
  }

  @Test func longHeadersAreOfVersion2() {
    #expect(NPYHeader(type: .int8, isFortranOrder: false, shape: [Int](repeating: 1, count: 30_000)).encoded()[6] == 2)
  }
}
