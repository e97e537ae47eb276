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

  @Test(arguments: ["u1", "fortran_f8", "fortran_i2", "version2", "version3"])
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
    ("big_endian", ">f8", "newbyteorder"), ("object", "|O", "pickle"), ("unicode", "<U2", "numpy.char.encode"), ("half", "<f2", "<f4"),
    ("unsigned", "<u4", "<i8"), ("complex", "<c16", "array.real"), ("record", "record", "field"), ("date", "<M8[D]", "astype"),
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

  @Test func bytesThatFollowAreAnError() throws {
    let bytes = NumericArray([1.0]).npyBytes() + [0]
    let error = failure { try NumericArray(npyBytes: bytes, path: "p") }
    #expect(error?.kind == .malformed && error?.place.byte == bytes.count - 1)
  }
}
