import Testing

@testable import FileFormats

struct NPYTests {
  private let counting = (0..<24).map(Double.init)

  @Test(arguments: [
    ("f4", "float32"), ("f8", "float64"), ("i1", "int8"), ("i2", "int16"), ("i4", "int32"), ("i8", "int64"),
  ])
  func numpysTypes(name: String, type: String) throws {
    let array = try NumericArray(contentsOf: reference("\(name).npy"))
    #expect(array.shape == [2, 3, 4] && array.elements.typeName == type)
    #expect(try array.doubles() == counting.map { $0 - 5 })
    // What NumPy wrote is what this library writes.
    #expect(try array.npyBytes() == readWholeFile(reference("\(name).npy")))
  }

  @Test(arguments: ["u1", "fortran_f8", "fortran_i2", "version2", "version3", "big_endian", "half", "u4"])
  func ordersAndVersions(name: String) throws {
    let array = try NumericArray(contentsOf: reference("\(name).npy"))
    #expect(array.shape == [2, 3, 4])
    #expect(try array.doubles() == counting)
  }

  @Test func unsignedShortsAreWidened() throws {
    let array = try NumericArray(contentsOf: reference("u2.npy"))
    #expect(array.shape == [2, 3, 4] && array.elements == .int32((65512...65535).map { $0 }))
  }

  @Test func booleansAreBytes() throws {
    let array = try NumericArray(contentsOf: reference("b1.npy"))
    #expect(array.elements == .uint8((0..<24).map { $0 % 2 == 0 ? 1 : 0 }))
  }

  @Test func scalarsEmptiesStringsAndSpecialNumbers() throws {
    #expect(try NumericArray(contentsOf: reference("scalar.npy")) == NumericArray([2.5], shape: []))
    #expect(try NumericArray(contentsOf: reference("empty.npy")) == NumericArray([] as [Float], shape: [3, 0, 2]))
    let strings = try NumericArray(contentsOf: reference("S5.npy"))
    #expect(strings.shape == [2, 2])
    #expect(try strings.strings() == ["ab", "hello", "", "é"])
    let special = try NumericArray(contentsOf: reference("special_f8.npy")).doubles()
    #expect(special == [.infinity, -.infinity, 0, .leastNonzeroMagnitude, .greatestFiniteMagnitude] && special[2].sign == .minus)
  }

  @Test(arguments: [
    ("object", "|O", "pickle"), ("unicode", "<U2", "numpy.char.encode"), ("complex", "<c16", "array.real"), ("record", "record", "field"),
    ("date", "<M8[D]", "astype"),
  ])
  func unsupportedTypesNameTypeAndCure(name: String, type: String, cure: String) {
    let error = failure { try NumericArray(contentsOf: reference("unsupported_\(name).npy")) }
    #expect(error?.kind == .unsupported)
    #expect(error?.cause.contains(type) == true && error?.cure.contains(cure) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: arraysOfAllTypes) func roundTrips(array: NumericArray) throws {
    #expect(try NumericArray(npyBytes: array.npyBytes(), path: "p") == array)
    try withTemporaryFolder { folder throws in
      try array.write(to: folder + "/a.npy")
      #expect(try NumericArray(contentsOf: folder + "/a.npy") == array)
    }
  }

  @Test(arguments: [[], [1], [5], [2, 3], [3, 1, 2], [1, 4, 1, 3, 1], [2, 3, 4, 5], [7, 11]])
  func columnMajorOrder(shape: [Int]) throws {
    // The value of an element is its row-major number, stored at its column-major place.
    let count = shape.reduce(1, *)
    var values = [Double](repeating: -1, count: count)
    for number in 0..<count {
      var rest = number
      var index = [Int](repeating: 0, count: shape.count)
      for axis in shape.indices.reversed() {
        index[axis] = rest % shape[axis]
        rest /= shape[axis]
      }
      var place = 0
      for axis in shape.indices.reversed() { place = place * shape[axis] + index[axis] }
      values[place] = Double(number)
    }
    var bytes = NPYHeader(type: .float64, isFortranOrder: true, shape: shape).encoded()
    bytes.append(memoryOf: values)
    #expect(try NumericArray(npyBytes: bytes, path: "p") == NumericArray((0..<count).map(Double.init), shape: shape))
  }

  @Test func everyTruncationIsAnError() throws {
    let bytes = try readWholeFile(reference("i2.npy"))
    for count in 1..<bytes.count {
      let error = failure { try NumericArray(npyBytes: Array(bytes[..<count]), path: "p") }
      #expect(error?.kind == .truncated)
    }
  }

  /// As `numpy.load` does.
  @Test func bytesThatFollowAreLeftAside() throws {
    let bytes = NumericArray([1.0]).npyBytes() + [0] + NumericArray([2.0]).npyBytes()
    #expect(try NumericArray(npyBytes: bytes, path: "p") == NumericArray([1.0]))
  }

  /// Names that numpy 2.4 reads, with the bytes of two elements and their values.
  @Test(
    arguments: [
      ("<u1", [1, 255], [1, 255]), ("|u1", [1, 255], [1, 255]), (">u1", [1, 255], [1, 255]), ("B", [1, 255], [1, 255]),
      ("<i1", [1, 255], [1, -1]), ("b", [1, 255], [1, -1]), ("int8", [1, 255], [1, -1]),
      ("?", [0, 2], [0, 1]), ("|b1", [0, 1], [0, 1]), ("<?", [0, 1], [0, 1]), ("bool", [0, 1], [0, 1]),
      ("<i2", [1, 0, 0xFE, 0xFF], [1, -2]), (">i2", [0, 1, 0xFF, 0xFE], [1, -2]), ("h", [1, 0, 0xFE, 0xFF], [1, -2]),
      ("<u2", [1, 0, 0xFE, 0xFF], [1, 65534]), (">u2", [0, 1, 0xFF, 0xFE], [1, 65534]), ("=u2", [1, 0, 0xFE, 0xFF], [1, 65534]),
      ("i4", [1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF], [1, -2]), (">i4", [0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFE], [1, -2]),
      ("<u4", [1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF], [1, 4_294_967_294]),
      (">u4", [0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFE], [1, 4_294_967_294]),
      (">i8", [0, 0, 0, 0, 0, 0, 0, 1] + [UInt8](repeating: 0xFF, count: 7) + [0xFE], [1, -2]),
      (">u8", [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 256]),
      ("L", [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], [1, 256]),
      ("<f2", [0, 0x3C, 0x01, 0xC0], [1, -2.001953125]), (">f2", [0x3C, 0, 0xC0, 0x01], [1, -2.001953125]),
      ("e", [0x01, 0, 0xFF, 0x7B], [0x1p-24, 65504]), ("<f4", [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0], [1, -2]),
      (">f4", [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0], [1, -2]), ("f8", [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0], [1, -2]),
      ("=f8", [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0], [1, -2]),
      (">f8", [0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0], [1, -2]),
    ] as [(String, [UInt8], [Double])])
  func namesOfTypes(type: String, data: [UInt8], values: [Double]) throws {
    for key in ["'descr'", "u'descr'"] {
      let text = "{\(key): '\(type)', 'fortran_order': False, 'shape': (2,), }\r\n"
      let bytes = NPYHeader.magic + [1, 0] + .littleEndian(UInt16(text.utf8.count)) + Array(text.utf8) + data
      #expect(try NumericArray(npyBytes: bytes, path: "p").doubles() == values)
    }
  }

  /// Column-major order and the other byte order together: numpy's `asfortranarray([[0, 1, 2], [3, 4, 5]], '>i2')`.
  @Test func bigEndianColumns() throws {
    let text = "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }"
    let data: [UInt8] = [0, 0, 0, 3, 0, 1, 0, 4, 0, 2, 0, 5]
    let bytes = NPYHeader.magic + [1, 0] + .littleEndian(UInt16(text.utf8.count)) + Array(text.utf8) + data
    #expect(try NumericArray(npyBytes: bytes, path: "p") == NumericArray([0, 1, 2, 3, 4, 5] as [Int16], shape: [2, 3]))
  }

  /// Half precisions against Swift's own.
  @Test func allHalves() {
    for bits in UInt16.min...UInt16.max {
      let value = Float(halfBits: bits)
      #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
        let expected = Float(Float16(bitPattern: bits))
        guard value.bitPattern != expected.bitPattern, !(value.isNaN && expected.isNaN) else { continue }
        Issue.record("\(bits) is \(value), not \(expected)")
      #endif
    }
    #expect(Float(upperBits: 0x3F80) == 1 && Float(upperBits: 0xC000) == -2)
  }

  @Test(arguments: ["npy_be", "npy_f2", "npy_lt_u1"]) func arraysOfUsers(name: String) throws {
    let array = try NumericArray(contentsOf: reference("cases/\(name).npy"))
    #expect(try array.shape == [4, 3] && array.doubles() == [0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2])
  }
}
