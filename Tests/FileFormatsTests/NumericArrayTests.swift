import Testing

@testable import FileFormats

struct NumericArrayTests {
  @Test func initialisers() {
    #expect(NumericArray([1, 2, 3] as [Int]) == NumericArray(shape: [3], elements: .int64([1, 2, 3])))
    #expect(NumericArray([1, 2] as [Float], shape: [2, 1]).shape == [2, 1])
    #expect(NumericArray([1.5] as [Double], shape: []).count == 1)
    #expect(NumericArray(strings: ["a", "bcd"]).elements == .fixedWidthBytes(width: 3, Array("a\0\0bcd".utf8)))
    #expect(NumericArray(strings: []).count == 0)
  }

  @Test func wrongCountsTrap() async {
    await #expect(processExitsWith: .failure) { _ = NumericArray([1, 2] as [Float], shape: [3]) }
    await #expect(processExitsWith: .failure) { _ = NumericArray(shape: [1], elements: .fixedWidthBytes(width: 0, [])) }
  }
}

struct NumericArrayConversionsTests {
  @Test(arguments: [
    NumericArray([1, -2, 3] as [Float]), NumericArray([1, -2, 3] as [Double]), NumericArray([1, -2, 3] as [Int8]),
    NumericArray([1, -2, 3] as [Int16]), NumericArray([1, -2, 3] as [Int32]), NumericArray([1, -2, 3] as [Int64]),
  ])
  func wholeNumbersConvertAnywhere(array: NumericArray) throws {
    #expect(try array.doubles() == [1, -2, 3])
    #expect(try array.floats() == [1, -2, 3])
    #expect(try array.ints() == [1, -2, 3])
    #expect(failure { try array.strings() }?.kind == .lossy)
  }

  @Test(arguments: [0.5, .nan, .infinity, -.infinity, 1e300, 9.3e18, -9.3e18])
  func intsOfOtherNumbers(value: Double) {
    #expect(failure { try NumericArray([0, value]).ints() }?.kind == .lossy)
    #expect(failure { try NumericArray([0, value]).ints() }?.cause.contains("element 1") == true)
    #expect(failure { try NumericArray([0, Float(value)]).ints() }?.kind == .lossy)
  }

  @Test(arguments: [(1 << 53, true), ((1 << 53) + 1, false), (.min, true), (.max, false)])
  func doublesOfLargeIntegers(value: Int, isExact: Bool) {
    #expect(((try? NumericArray([value]).doubles()) != nil) == isExact)
  }

  @Test(arguments: [(1 << 24, true), ((1 << 24) + 1, false), (Int(Int32.min), true), (Int(Int32.max), false)])
  func floatsOfLargeIntegers(value: Int, isExact: Bool) {
    #expect(((try? NumericArray([value]).floats()) != nil) == isExact)
    #expect(((try? NumericArray([Int32(value)]).floats()) != nil) == isExact)
  }

  @Test func floatsOfDoublesRound() throws {
    #expect(try NumericArray([0.1, .infinity, 1e-60]).floats() == [0.1, .infinity, 0])
    #expect(try NumericArray([Double.nan]).floats()[0].isNaN)
    #expect(failure { try NumericArray([1e39]).floats() }?.kind == .lossy)
  }

  @Test func strings() throws {
    let array = NumericArray(strings: ["", "abc", "é"])
    #expect(try array.strings() == ["", "abc", "é"])
    #expect(failure { try array.doubles() }?.kind == .lossy)
    #expect(failure { try array.floats() }?.kind == .lossy)
    #expect(failure { try array.ints() }?.kind == .lossy)
    let broken = NumericArray(shape: [1], elements: .fixedWidthBytes(width: 1, [0xFF]))
    #expect(failure { try broken.strings() }?.kind == .lossy)
  }
}
