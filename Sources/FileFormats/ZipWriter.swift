/// How the entries of an archive are stored.
public enum ArchiveCompression: Sendable, CaseIterable {
  /// As they are (method 0), as `numpy.savez` does.
  case stored
  /// Deflated (method 8), as `numpy.savez_compressed` does; an entry that would not shrink is stored.
  case deflated
}

/// Builds a ZIP file in memory. The same entries give the same bytes: every entry is dated 1 January 1980.
struct ZipWriter {
  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count: UInt16 = 0
  private let path: String

  /// Errors call the archive `path`.
  init(path: String) { self.path = path }

  /// Adds an entry. Throws where the archive would exceed the 4 GiB or the 65535 entries that ZIP allows without its 64-bit extension.
  mutating func add(_ name: String, _ data: [UInt8], compression: ArchiveCompression) throws(FileFormatError) {
    let deflated = compression == .deflated ? Deflate.deflate(data) : data
    let isDeflated = deflated.count < data.count
    let content = isDeflated ? deflated : data
    let total = bytes.count + content.count + directory.count + 2 * (name.utf8.count + 76) + ZipArchive.endSize
    guard max(total, data.count) < Int(UInt32.max), count < UInt16.max, name.utf8.count < Int(UInt16.max) else {
      throw FileFormatError(
        .unsupported, path: path, place: .init(entry: name), cause: "the archive would pass 4 GiB or 65535 entries",
        cure: "split it into several archives, or write safetensors")
    }
    let offset = UInt32(bytes.count)
    var common: [UInt8] = []
    common.append(littleEndian: UInt16(20))  // version needed
    common.append(littleEndian: UInt16(0x0800))  // the name is UTF-8
    common.append(littleEndian: UInt16(isDeflated ? 8 : 0))
    common.append(littleEndian: UInt16(0))  // time
    common.append(littleEndian: UInt16(0x0021))  // date
    common.append(littleEndian: Deflate.checksum(data[...]))
    common.append(littleEndian: UInt32(content.count))
    common.append(littleEndian: UInt32(data.count))
    common.append(littleEndian: UInt16(name.utf8.count))
    common.append(littleEndian: UInt16(0))  // extra field

    bytes.append(littleEndian: ZipArchive.localSignature)
    bytes += common
    bytes += name.utf8
    bytes += content

    directory.append(littleEndian: ZipArchive.centralSignature)
    directory.append(littleEndian: UInt16(20))  // version made by
    directory += common
    directory += [UInt8](repeating: 0, count: 10)  // comment, disk, attributes
    directory.append(littleEndian: offset)
    directory += name.utf8
    count += 1
  }

  /// The archive.
  consuming func finish() -> [UInt8] {
    let start = UInt32(bytes.count)
    bytes += directory
    bytes.append(littleEndian: ZipArchive.endSignature)
    bytes.append(littleEndian: UInt32(0))  // disks
    bytes.append(littleEndian: count)
    bytes.append(littleEndian: count)
    bytes.append(littleEndian: UInt32(directory.count))
    bytes.append(littleEndian: start)
    bytes.append(littleEndian: UInt16(0))  // comment
    return bytes
  }
}
