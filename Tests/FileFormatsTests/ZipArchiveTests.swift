import Testing

@testable import FileFormats

struct ZipArchiveTests {
  /// Two arrays, stored: the fields of the records are where the format puts them.
  private let bytes: [UInt8]
  private let central: Int
  private let end: Int

  init() throws {
    bytes = try NumericArchive.encode([(name: "a", array: NumericArray([1.0, 2.0])), (name: "b", array: NumericArray([3] as [Int]))])
    end = bytes.count - 22
    central = Int(try FileBytes(bytes[...], path: "p").integer(UInt32.self, at: end + 16, of: "x"))
  }

  /// The kind of error that opening the archive and reading both arrays gives, or `nil`.
  private func kind(_ bytes: [UInt8]) -> FileFormatError.Kind? {
    do {
      let archive = try NumericArchive(bytes: bytes, path: "p")
      for name in archive.names { _ = try archive.array(name) }
      return nil
    } catch {
      return (error as FileFormatError).kind
    }
  }

  @Test func intactArchive() {
    #expect(kind(bytes) == nil)
    #expect(kind(bytes.dropLast(2) + [3, 0] + "abc".utf8) == nil)
  }

  @Test func everyTruncationIsAnError() {
    for count in 1..<bytes.count { #expect(kind(Array(bytes[..<count])) != nil) }
  }

  @Test(arguments: [
    (8, [1, 0], FileFormatError.Kind.unsupported),  // encrypted
    (10, [12, 0], .unsupported),  // bzip2
    (10, [8, 0], .malformed),  // not a deflate stream
    (16, [0, 0, 0, 0], .checksum),
    (20, [0, 0, 0, 0], .malformed),  // the sizes differ
    (20, [255, 255, 255, 127], .truncated),
    (20, [255, 255, 255, 255], .malformed),  // no ZIP64 field
    (24, [255, 255, 255, 127], .malformed),
    (28, [255, 255], .malformed),  // a name beyond the directory
    (28, [0, 0], .malformed),
    (42, [1, 0, 0, 0], .malformed),
    (42, [0, 0, 0, 127], .truncated),
    (46, [0xFF], .malformed),  // not UTF-8
    (46, [UInt8(ascii: "b")], .malformed),  // not the name in the entry
    (0, [0], .malformed),
  ])
  func damagedRecords(offset: Int, field: [UInt8], expected: FileFormatError.Kind) {
    #expect(kind(bytes.replacing(at: central + offset, with: field)) == expected)
  }

  @Test(arguments: [
    (4, [1, 0], FileFormatError.Kind.unsupported), (10, [1, 0], .malformed), (10, [255, 255], .malformed), (12, [0, 0, 0, 0], .malformed),
    (16, [0, 0, 0, 0], .malformed), (12, [255, 255, 255, 0], .malformed), (16, [255, 255, 255, 255], .malformed), (20, [1, 0], .truncated),
    (0, [0], .truncated),
  ])
  func damagedEndRecords(offset: Int, field: [UInt8], expected: FileFormatError.Kind) {
    #expect(kind(bytes.replacing(at: end + offset, with: field)) == expected)
  }

  @Test func entriesThatShareBytes() throws {
    // The second record points at the first entry, under its name.
    let second = central + 46 + 5
    let forged = bytes.replacing(at: second + 10, with: Array(bytes[(central + 10)..<(central + 28)]))
      .replacing(at: second + 42, with: [0, 0, 0, 0])
    #expect(kind(forged) == .malformed)
  }

  @Test func damagedDataFailsItsChecksum() throws {
    var damaged = bytes
    damaged[central - 1] ^= 1
    let archive = try NumericArchive(bytes: damaged, path: "p")
    #expect(try archive.doubles("a") == [1, 2])
    let error = failure { try archive.array("b") }
    #expect(error?.kind == .checksum && error?.place.entry == "b")
  }

  @Test(arguments: [40, 41, 42, 43, 44, 45, 46, 47]) func sizesOfZip64BeyondTheFile(offset: Int) throws {
    var bytes = try readWholeFile(reference("zip64.npz"))
    let record = try #require((0..<bytes.count - 4).last { Array(bytes[$0..<$0 + 4]) == [0x50, 0x4b, 6, 6] })
    bytes[record + offset] ^= 0xFF
    #expect(kind(bytes) == .malformed)
  }

  /// As Python's `zipfile` reads them: bytes behind the archive, bytes before it, and the last of two entries of a name.
  @Test func bytesAroundAndNamesTwice() throws {
    for (before, behind) in [(0, 1), (0, 1000), (5, 0), (70, 3), (1, 65535)] {
      let padded = [UInt8](repeating: 7, count: before) + bytes + [UInt8](repeating: 9, count: behind)
      let archive = try NumericArchive(bytes: padded, path: "p")
      #expect(try archive.names == ["a", "b"] && archive.doubles("a") == [1, 2] && archive.ints("b") == [3])
    }
    #expect(kind(bytes + [UInt8](repeating: 9, count: 65536)) == .truncated)
    let zip64 = try readWholeFile(reference("zip64.npz"))
    let arrays = try NumericArchive(bytes: zip64, path: "p")
    let moved = try NumericArchive(bytes: [1, 2, 3] + zip64 + [4], path: "p")
    #expect(moved.names == arrays.names)
    for name in arrays.names { #expect(try moved.array(name) == arrays.array(name)) }
    var writer = ZipWriter(path: "p")
    for value in [1.0, 2] { try writer.add("x.npy", NumericArray([value]).npyBytes(), compression: .stored) }
    let twice = try NumericArchive(bytes: writer.finish(), path: "p")
    #expect(try twice.names == ["x"] && twice.doubles("x") == [2])
  }

  @Test func archivesOfUsers() throws {
    let twice = try NumericArchive(contentsOf: reference("cases/npz_dup.npz"))
    #expect(try twice.names == ["pts"] && twice.doubles("pts") == [1, 1, 1, 3, 1, 1, 1, 3, 1, 1, 1, 3])
    let longer = try NumericArchive(contentsOf: reference("cases/npz_suffix.npz"))
    #expect(longer.names == ["pts", "i", "e", "s", "b"])
    #expect(try longer.doubles("pts") == [0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2] && longer.ints("i") == [0, 1, 2, 3, 4])
    #expect(try longer.array("e").shape == [0, 3] && longer.doubles("s") == [3.5] && longer.ints("b") == [1, 0])
  }

  @Test func otherFiles() {
    #expect(kind(Array("this is some text, not an archive".utf8)) == .malformed)
    #expect(kind([1]) == .malformed)
  }
}
