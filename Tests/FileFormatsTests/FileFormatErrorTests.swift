import Foundation
import Testing

@testable import FileFormats

/// A way to open a file, one for each format.
enum Reader: CaseIterable {
  case npy, npz, safetensors, json, jsonLines

  func read(_ path: String) throws {
    switch self {
    case .npy: _ = try NumericArray(contentsOf: path)
    case .npz: _ = try NumericArchive(contentsOf: path)
    case .safetensors: _ = try SafetensorsFile(contentsOf: path)
    case .json: _ = try JSONValue(contentsOf: path)
    case .jsonLines: _ = try readJSONLines(path)
    }
  }
}

struct FileFormatErrorTests {
  @Test(arguments: Reader.allCases) func missingFiles(reader: Reader) {
    let error = failure { try reader.read("/nowhere/at all.npy") }
    #expect(error?.kind == .missing && error?.path == "/nowhere/at all.npy")
  }

  @Test(arguments: Reader.allCases) func folders(reader: Reader) throws {
    try withTemporaryFolder { folder throws in
      #expect(failure { try reader.read(folder) }?.kind == .directory)
    }
  }

  @Test(arguments: Reader.allCases) func emptyFiles(reader: Reader) throws {
    try withTemporaryFolder { folder throws in
      let path = folder + "/empty"
      try AtomicFile.write([], to: path)
      if reader == .jsonLines {
        #expect(try readJSONLines(path).isEmpty)
      } else {
        #expect(failure { try reader.read(path) }?.kind == .empty)
      }
    }
  }

  @Test(arguments: Reader.allCases) func devicesAndPipes(reader: Reader) throws {
    #expect(failure { try reader.read("/dev/zero") }?.kind == .unreadable)
    try withTemporaryFolder { folder throws in
      let pipe = folder + "/pipe"
      #expect(mkfifo(pipe, 0o600) == 0)
      #expect(failure { try reader.read(pipe) }?.kind == .unreadable)
    }
  }

  @Test(arguments: Reader.allCases) func unreadableFiles(reader: Reader) throws {
    // The superuser reads everything.
    guard geteuid() != 0 else { return }
    try withTemporaryFolder { folder throws in
      let path = folder + "/locked"
      try AtomicFile.write([1], to: path)
      #expect(chmod(path, 0) == 0)
      #expect(failure { try reader.read(path) }?.kind == .unreadable)
    }
  }

  @Test func describesItself() {
    let error = FileFormatError(
      .malformed, path: "a.npz", place: .init(entry: "W1", byte: 128), cause: "this is wrong", cure: "do that")
    #expect(error.description == "a.npz, entry \"W1\", byte 128: this is wrong; do that")
    #expect(FileFormatError(.lossy, path: "", cause: "this", cure: "that").description == "this; that")
    #expect(FileFormatError.Place(line: 3, byte: 4).description == "line 3, byte 4")
    #expect(FileFormatError.Place.wholeFile.description.isEmpty)
  }

  @Test func equality() {
    let error = FileFormatError(.missing, path: "a", cause: "b", cure: "c")
    var other = error
    #expect(error == other)
    other.place.line = 1
    #expect(error != other)
  }

  @Test func listingsAndExcerptsAreShort() {
    #expect(listing([]) == "nothing")
    #expect(listing(["a", "b"]) == "\"a\", \"b\"")
    #expect(listing((0..<30).map { "\($0)" }).hasSuffix("\"19\" and 10 more"))
    #expect(excerpt(String(repeating: "x", count: 1000)).count == 63)
    #expect(excerpt("\u{1B}[2J") == "\\u{1B}[2J" || excerpt("\u{1B}[2J") == "\\u{001B}[2J")
  }
}
