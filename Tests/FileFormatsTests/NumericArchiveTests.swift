import Testing

@testable import FileFormats

struct NumericArchiveTests {
  @Test(arguments: ["stored", "deflated", "descriptors", "zip64"]) func numpysArchives(name: String) throws {
    let archive = try NumericArchive(contentsOf: reference("\(name).npz"))
    #expect(Array(archive.names.prefix(2)) == ["x", "group/y"])
    #expect(try archive.array("x") == NumericArray((0..<24).map(Double.init), shape: [2, 3, 4]))
    #expect(try archive.array("group/y") == NumericArray([0, 1, 2, 3, 4] as [Int32]))
    #expect(try archive.ints("group/y") == [0, 1, 2, 3, 4])
    if archive.contains("zeros") { #expect(try archive.floats("zeros") == [Float](repeating: 0, count: 5000)) }
    #expect(!archive.contains("notes") && !archive.contains("notes.txt"))
  }

  @Test func missingNamesListWhatIsThere() throws {
    let archive = try NumericArchive(contentsOf: reference("stored.npz"))
    let error = failure { try archive.array("z") }
    #expect(error?.kind == .notFound && error?.place.entry == "z")
    #expect(error?.cause.contains("\"x\", \"group/y\", \"zeros\"") == true)
  }

  @Test func conversionErrorsNameFileAndEntry() throws {
    let arrays = [(name: "half", array: NumericArray([0.5])), (name: "text", array: NumericArray(strings: ["a"]))]
    let archive = try NumericArchive(bytes: NumericArchive.encode(arrays), path: "a.npz")
    let error = failure { try archive.ints("half") }
    #expect(error?.kind == .lossy && error?.path == "a.npz" && error?.place.entry == "half")
    #expect(failure { try archive.doubles("text") }?.place.entry == "text")
    #expect(failure { try archive.floats("text") }?.place.entry == "text")
    #expect(failure { try archive.strings("half") }?.place.entry == "half")
    #expect(try archive.strings("text") == ["a"])
    #expect(try archive.doubles("half") == [0.5])
  }

  @Test(arguments: ArchiveCompression.allCases) func roundTrips(compression: ArchiveCompression) throws {
    let arrays = arraysOfAllTypes.enumerated().map { (name: "array é \($0.offset)", array: $0.element) }
    try withTemporaryFolder { folder throws in
      let path = folder + "/a.npz"
      try NumericArchive.write(arrays, to: path, compression: compression)
      let archive = try NumericArchive(contentsOf: path)
      #expect(archive.names == arrays.map(\.name))
      for (name, array) in arrays { #expect(try archive.array(name) == array) }
      #expect(try readWholeFile(path) == NumericArchive.encode(arrays, compression: compression))
    }
  }

  @Test func deflatedIsSmaller() throws {
    let arrays = [(name: "zeros", array: NumericArray([Float](repeating: 0, count: 10_000)))]
    #expect(try NumericArchive.encode(arrays, compression: .deflated).count < NumericArchive.encode(arrays).count / 50)
  }

  @Test func emptyArchives() throws {
    #expect(try NumericArchive(bytes: NumericArchive.encode([]), path: "p").names.isEmpty)
  }

  @Test func repeatedNamesTrap() async {
    await #expect(processExitsWith: .failure) {
      let array = NumericArray([1.0])
      _ = try NumericArchive.encode([(name: "a", array: array), (name: "a", array: array)])
    }
  }
}
