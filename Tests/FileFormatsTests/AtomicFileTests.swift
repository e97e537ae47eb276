import Foundation
import Testing

@testable import FileFormats

struct AtomicFileTests {
  @Test func writesAnyCollectionOfBytes() throws {
    try withTemporaryFolder { folder throws in
      let path = folder + "/file"
      let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
      try AtomicFile.write(bytes, to: path)
      #expect(try readWholeFile(path) == bytes)
      try AtomicFile.write(Data(bytes.reversed()), to: path)
      #expect(try readWholeFile(path) == bytes.reversed())
      try AtomicFile.write("text".utf8, to: path)
      #expect(try readWholeFile(path) == Array("text".utf8))
      try AtomicFile.write(repeatElement(7, count: 3), to: path)
      #expect(try readWholeFile(path) == [7, 7, 7])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }
  }

  @Test func keepsThePermissions() throws {
    try withTemporaryFolder { folder throws in
      let path = folder + "/file"
      try AtomicFile.write([1], to: path)
      #expect(chmod(path, 0o640) == 0)
      try AtomicFile.write([2], to: path)
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o640)
    }
  }

  @Test func failuresLeaveNothing() throws {
    try withTemporaryFolder { folder throws in
      #expect(failure { try AtomicFile.write([1], to: folder + "/none/file") }?.kind == .unwritable)
      #expect(failure { try AtomicFile.write([1], to: folder) }?.kind == .directory)
      #expect(failure { try AtomicFile.write([1], to: folder + "/") }?.kind == .directory)
      #expect(failure { try AtomicFile.write([1], to: "") }?.kind == .unwritable)
      #expect(failure { try AtomicFile.write([1], to: folder + "/" + String(repeating: "x", count: 300)) }?.kind == .unwritable)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  @Test func failureKeepsTheOldContents() throws {
    // A write to a full device fails half way.
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let descriptor = open("/dev/full", O_WRONLY)
    defer { close(descriptor) }
    #expect(writeAll([1, 2, 3], to: descriptor, path: "p")?.kind == .unwritable)
  }

  @Test func manyWritersLeaveOneWholeFile() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "AtomicFileTests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/file"
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask { try AtomicFile.write([UInt8](repeating: UInt8(writer), count: 10_000), to: path) }
      }
      try await group.waitForAll()
    }
    let bytes = try readWholeFile(path)
    #expect(bytes.count == 10_000 && Set(bytes).count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
  }
}
