import Foundation
import Testing

@testable import AtomicStructures
@testable import FileFormats

/// The path of a committed file.
func reference(_ name: String) -> String {
  URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/\(name)").path
}

/// Runs the body with a folder of its own, which is removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "AtomicStructuresTests-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}

/// The error that the body throws, which must have a cause and a cure.
func failure<Result>(sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result) -> FileFormatError? {
  let error = #expect(throws: FileFormatError.self, sourceLocation: sourceLocation) { _ = try body() }
  #expect(error?.cause.isEmpty == false && error?.cure.isEmpty == false, sourceLocation: sourceLocation)
  return error
}

/// All frames of a text.
func frames(_ text: String) throws -> [AtomicStructure] {
  try ExtendedXYZReader(bytes: Array(text.utf8), path: "t.xyz").map { try $0.get() }
}

extension AtomicStructure {
  /// Written and read again.
  func again() throws -> AtomicStructure { try #require(try ExtendedXYZReader(bytes: extendedXYZ(), path: "again.xyz").read()) }
}
