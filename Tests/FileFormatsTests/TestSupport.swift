import Foundation
import Testing

@testable import FileFormats

/// The path of a committed reference file.
func reference(_ name: String) -> String {
  URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/\(name)").path
}

/// Runs the body with a folder of its own, which is removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "FileFormatsTests-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}

/// The error that the body throws, which must be a `FileFormatError` with a cause and a cure.
func failure<Result>(sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result) -> FileFormatError? {
  let error = #expect(throws: FileFormatError.self, sourceLocation: sourceLocation) { _ = try body() }
  #expect(error?.cause.isEmpty == false && error?.cure.isEmpty == false, sourceLocation: sourceLocation)
  return error
}

extension [UInt8] {
  /// The same bytes with those from `offset` on replaced.
  func replacing(at offset: Int, with bytes: [UInt8]) -> [UInt8] {
    var copy = self
    copy.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    return copy
  }

  /// Where the first occurrence of a text begins.
  func offset(of text: String) -> Int? {
    let pattern = Array(text.utf8)
    return indices.first { self[$0...].starts(with: pattern) }
  }

  /// The little-endian bytes of an integer.
  static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: value)
    return bytes
  }
}

/// One array of every element type, with the values a type makes interesting.
let arraysOfAllTypes: [NumericArray] = [
  NumericArray([1.5, -0.0, .infinity, .leastNonzeroMagnitude] as [Float], shape: [2, 2]),
  NumericArray([.pi, -.greatestFiniteMagnitude, .leastNonzeroMagnitude] as [Double]),
  NumericArray([.min, -1, 0, .max] as [Int8]),
  NumericArray([.min, -1, 0, .max] as [Int16], shape: [1, 4]),
  NumericArray([.min, -1, 0, .max] as [Int32], shape: [4, 1]),
  NumericArray([.min, -1, 0, .max] as [Int64], shape: [2, 1, 2]),
  NumericArray([.min, -1, 0, .max] as [Int]),
  NumericArray([0, 1, 255] as [UInt8]),
  NumericArray([0, 1 << 53 + 1, .max] as [UInt64]),
  NumericArray(strings: ["", "abc", "é"]),
  NumericArray([2.5] as [Double], shape: []),
  NumericArray([] as [Float], shape: [3, 0, 2]),
]
