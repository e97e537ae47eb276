import Requirements

/// Named arrays in a `.npz` file: a ZIP archive of `.npy` files, as `numpy.savez` and `numpy.savez_compressed` write it.
///
/// Opening reads the file and its directory; an array is decompressed, checked against its CRC-32 and decoded when it is asked for.
public struct NumericArchive: Sendable {
  /// The file, as errors call it.
  public let path: String
  /// The names of the arrays, without `.npy`, in the order of the archive. Entries that are not `.npy` files are left out.
  public let names: [String]
  private let members: [String: ZipArchive.Member]

  /// Opens a `.npz` file.
  /// - Throws: ``FileFormatError`` for a file that is missing, unreadable, empty, cut off or not a ZIP archive, and for archives that are
  ///   encrypted or split.
  public init(contentsOf path: String) throws(FileFormatError) {
    try self.init(FileBytes(contentsOf: path))
  }

  /// Opens the bytes of a `.npz` file, which errors call `path`.
  /// - Throws: the errors of ``init(contentsOf:)``.
  public init(bytes: [UInt8], path: String) throws(FileFormatError) {
    try self.init(FileBytes(bytes[...], path: path))
  }

  private init(_ file: FileBytes) throws(FileFormatError) {
    path = file.path
    var names: [String] = []
    var members: [String: ZipArchive.Member] = [:]
    for member in try ZipArchive(file).members where member.name.hasSuffix(".npy") {
      let name = String(member.name.dropLast(4))
      names.append(name)
      members[name] = member
    }
    self.names = names
    self.members = members
  }

  /// Whether there is an array of this name.
  public func contains(_ name: String) -> Bool { members[name] != nil }

  /// The array of this name, in the type in which it is stored.
  /// - Throws: an error of kind `notFound` that lists the existing names; errors of the entry's compression, checksum and content.
  public func array(_ name: String) throws(FileFormatError) -> NumericArray {
    guard let member = members[name] else {
      throw FileFormatError(
        .notFound, path: path, place: .init(entry: name), cause: "there is no such array; there are \(listing(names))",
        cure: "ask for one of these")
    }
    do {
      return try NumericArray(npy: ZipArchive.unpack(member))
    } catch {
      // The reader knows the entry as `<name>.npy`.
      var renamed = error
      renamed.place.entry = name
      throw renamed
    }
  }

  /// The elements of the array of this name as `Double`, in row-major order.
  /// - Throws: the errors of ``array(_:)`` and ``NumericArray/doubles()``.
  public func doubles(_ name: String) throws(FileFormatError) -> [Double] {
    let array = try array(name)
    do { return try array.doubles() } catch { throw error.located(path: path, entry: name) }
  }

  /// The elements of the array of this name as `Float`, in row-major order.
  /// - Throws: the errors of ``array(_:)`` and ``NumericArray/floats()``.
  public func floats(_ name: String) throws(FileFormatError) -> [Float] {
    let array = try array(name)
    do { return try array.floats() } catch { throw error.located(path: path, entry: name) }
  }

  /// The elements of the array of this name as `Int`, in row-major order.
  /// - Throws: the errors of ``array(_:)`` and ``NumericArray/ints()``.
  public func ints(_ name: String) throws(FileFormatError) -> [Int] {
    let array = try array(name)
    do { return try array.ints() } catch { throw error.located(path: path, entry: name) }
  }

  /// The elements of the array of this name as text.
  /// - Throws: the errors of ``array(_:)`` and ``NumericArray/strings()``.
  public func strings(_ name: String) throws(FileFormatError) -> [String] {
    let array = try array(name)
    do { return try array.strings() } catch { throw error.located(path: path, entry: name) }
  }

  /// The arrays as the bytes of a `.npz` file, in the given order; the same arrays give the same bytes. Traps on a repeated or an
  /// empty name.
  /// - Throws: an error of kind `unsupported` beyond 4 GiB or 65535 arrays.
  public static func encode(
    _ arrays: [(name: String, array: NumericArray)], compression: ArchiveCompression = .stored, path: String = ""
  ) throws(FileFormatError) -> [UInt8] {
    require(Set(arrays.map(\.name)).count == arrays.count, "expected distinct names, received \(arrays.map(\.name))")
    var writer = ZipWriter(path: path)
    for (name, array) in arrays {
      require(!name.isEmpty, "expected a name, received an empty one")
      try writer.add(name + ".npy", array.npyBytes(), compression: compression)
    }
    return writer.finish()
  }

  /// Writes a `.npz` file that `numpy.load` reads, whole or not at all. Traps on a repeated or an empty name.
  /// - Throws: the errors of ``AtomicFile/write(_:to:)`` and ``encode(_:compression:path:)``.
  public static func write(
    _ arrays: [(name: String, array: NumericArray)], to path: String, compression: ArchiveCompression = .stored
  ) throws(FileFormatError) {
    try AtomicFile.write(encode(arrays, compression: compression, path: path), to: path)
  }
}
