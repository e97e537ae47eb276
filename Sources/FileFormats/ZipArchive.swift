/// A ZIP file, read through its central directory.
///
/// The format is PKWARE's APPNOTE 6.3, restricted to one disk, no encryption, methods 0 (stored) and 8 (deflated), data descriptors and
/// ZIP64. As in Python's `zipfile`, bytes before the archive and up to 65535 bytes behind it are ignored, and among entries of one name the
/// last one counts.
struct ZipArchive: Sendable {
  struct Member: Sendable {
    let name: String
    let method: UInt16
    let checksum: UInt32
    let size: Int
    /// The stored bytes, compressed or not.
    let content: FileBytes
  }

  let members: [Member]

  static let endSignature: UInt32 = 0x0605_4b50
  static let end64Signature: UInt32 = 0x0606_4b50
  static let locator64Signature: UInt32 = 0x0706_4b50
  static let centralSignature: UInt32 = 0x0201_4b50
  static let localSignature: UInt32 = 0x0403_4b50
  static let endSize = 22

  init(_ file: FileBytes) throws(FileFormatError) {
    try file.requireNonEmpty("a ZIP archive")
    let directory = try CentralDirectory(file)
    var members: [Member] = []
    var places: [String: Int] = [:]
    var spans: [Range<Int>] = []
    var offset = directory.start
    while offset < directory.end {
      let record = try CentralRecord(file, at: offset, end: directory.end)
      offset += record.length
      let header = record.localOffset + directory.shift
      let span = try record.dataSpan(in: file, at: header, end: directory.start)
      spans.append(header..<span.upperBound)
      let member = Member(
        name: record.name, method: record.method, checksum: record.checksum, size: record.size,
        content: FileBytes(
          try file.slice(at: span.lowerBound, count: span.count, of: "an entry").storage, path: file.path, entry: record.name))
      if let place = places[record.name] {
        members[place] = member
      } else {
        places[record.name] = members.count
        members.append(member)
      }
    }
    guard spans.count == directory.count else {
      throw file.failure(.malformed, at: directory.start, "the directory has \(spans.count) of \(directory.count) entries")
    }
    // Entries that share bytes would unpack to many times what the file can hold.
    spans.sort { $0.lowerBound < $1.lowerBound }
    for (first, second) in zip(spans, spans.dropFirst()) where first.upperBound > second.lowerBound {
      throw file.failure(.malformed, at: second.lowerBound, "two entries share bytes")
    }
    self.members = members
  }

  /// The unpacked bytes of a member, whose checksum is verified.
  static func unpack(_ member: Member) throws(FileFormatError) -> FileBytes {
    let content = member.content
    let bytes: ArraySlice<UInt8>
    switch member.method {
    case 0:
      guard content.count == member.size else {
        throw content.failure(.malformed, "the entry is stored in \(content.count) bytes and declares \(member.size)")
      }
      bytes = content.storage
    case 8:
      bytes = try Deflate.inflate(content, size: member.size)[...]
    default:
      throw content.failure(
        .unsupported, "the compression method is \(member.method), not 0 (stored) or 8 (deflated)",
        cure: "write it with numpy.savez or numpy.savez_compressed")
    }
    let checksum = Deflate.checksum(bytes)
    guard checksum == member.checksum else {
      throw content.failure(
        .checksum, "the CRC-32 is \(hexadecimal(checksum)), and \(hexadecimal(member.checksum)) was recorded: the entry is damaged",
        cure: "fetch the file again")
    }
    return FileBytes(bytes, path: content.path, entry: content.entry)
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}

/// Where the central directory lies.
private struct CentralDirectory {
  let start: Int
  let end: Int
  let count: Int
  /// How many bytes lie before the archive, by which offsets are too small.
  let shift: Int

  init(_ file: FileBytes) throws(FileFormatError) {
    let record = try Self.endRecord(of: file)
    guard try file.integer(UInt16.self, at: record + 4, of: "the disk number") == 0,
      try file.integer(UInt16.self, at: record + 6, of: "the directory's disk number") == 0
    else {
      throw file.failure(.unsupported, at: record + 4, "the archive is split over several files", cure: "join them with zip -s 0")
    }
    var count = try file.length(UInt16.self, at: record + 10, of: "the number of entries")
    var size = try file.length(UInt32.self, at: record + 12, of: "the directory's size")
    var start = try file.length(UInt32.self, at: record + 16, of: "the directory's offset")
    var limit = record
    let locator = record - 20
    if locator >= 0, try file.integer(UInt32.self, at: locator, of: "the ZIP64 locator") == ZipArchive.locator64Signature {
      // Right before the locator, wherever bytes before the archive have moved it, or where the locator says.
      let declared = try file.length(UInt64.self, at: locator + 8, of: "the ZIP64 record's offset")
      var found: Int?
      for place in [locator - 56, declared] where found == nil && (0...max(0, locator - 56)).contains(place) {
        let signature = try file.integer(UInt32.self, at: place, of: "the ZIP64 record")
        if signature == ZipArchive.end64Signature { found = place }
      }
      guard let record64 = found else {
        throw file.failure(.malformed, at: locator, "the ZIP64 locator points at no ZIP64 record")
      }
      count = try file.length(UInt64.self, at: record64 + 32, of: "the number of entries")
      size = try file.length(UInt64.self, at: record64 + 40, of: "the directory's size")
      start = try file.length(UInt64.self, at: record64 + 48, of: "the directory's offset")
      limit = record64
    }
    guard start <= limit, size <= limit - start else {
      throw file.failure(.malformed, at: record, "the directory is said to be at \(start), \(size) bytes long, and must end at \(limit)")
    }
    self.start = limit - size
    shift = limit - size - start
    self.end = limit
    self.count = count
  }

  /// The end record is the last thing except for a comment of at most 65535 bytes, whose length it declares; where there is no such record,
  /// it is the last one with fewer bytes than that behind it.
  private static func endRecord(of file: FileBytes) throws(FileFormatError) -> Int {
    var offset = file.count - ZipArchive.endSize
    let last = max(0, offset - Int(UInt16.max))
    var loose: Int?
    while offset >= last {
      if file[offset] == 0x50, try file.integer(UInt32.self, at: offset, of: "the end record") == ZipArchive.endSignature {
        let follow = file.count - offset - ZipArchive.endSize
        let comment = try file.length(UInt16.self, at: offset + 20, of: "the comment's length")
        if comment == follow { return offset }
        if comment < follow, loose == nil { loose = offset }
      }
      offset -= 1
    }
    if let loose { return loose }
    let isArchive = file.storage.starts(with: [0x50, 0x4b])
    throw file.failure(
      isArchive ? .truncated : .malformed, at: file.count,
      isArchive ? "the archive has no end record: its end is missing" : "this is no ZIP archive",
      cure: isArchive ? "fetch the file again" : "write it with numpy.savez")
  }
}

/// One record of the central directory.
private struct CentralRecord {
  let name: String
  let rawName: ArraySlice<UInt8>
  let method: UInt16
  let checksum: UInt32
  let compressedSize: Int
  let size: Int
  let localOffset: Int
  let length: Int

  init(_ file: FileBytes, at offset: Int, end: Int) throws(FileFormatError) {
    let fixed = try file.slice(at: offset, count: 46, of: "a directory record")
    guard offset + 46 <= end, try fixed.integer(UInt32.self, at: 0, of: "a directory record") == ZipArchive.centralSignature else {
      throw file.failure(.malformed, at: offset, "expected a directory record")
    }
    let nameLength = try fixed.length(UInt16.self, at: 28, of: "a name's length")
    let extraLength = try fixed.length(UInt16.self, at: 30, of: "an extra field's length")
    let commentLength = try fixed.length(UInt16.self, at: 32, of: "a comment's length")
    length = 46 + nameLength + extraLength + commentLength
    guard offset + length <= end else { throw file.failure(.malformed, at: offset, "a directory record goes beyond the directory") }
    rawName = try file.slice(at: offset + 46, count: nameLength, of: "a name").storage
    guard let name = String(validating: rawName, as: UTF8.self), !name.isEmpty else {
      throw file.failure(.malformed, at: offset + 46, "an entry's name is empty or not UTF-8", cure: "name the arrays in UTF-8")
    }
    self.name = name
    let flags = try fixed.integer(UInt16.self, at: 8, of: "the flags")
    guard flags & 1 == 0 else {
      throw file.failure(.unsupported, at: offset + 8, "the entry \"\(excerpt(name))\" is encrypted", cure: "write it without encryption")
    }
    method = try fixed.integer(UInt16.self, at: 10, of: "the method")
    checksum = try fixed.integer(UInt32.self, at: 16, of: "the checksum")

    var values = [
      try fixed.length(UInt32.self, at: 24, of: "the size"), try fixed.length(UInt32.self, at: 20, of: "the compressed size"),
      try fixed.length(UInt32.self, at: 42, of: "the offset"),
    ]
    if values.contains(Int(UInt32.max)) {
      // Those values that do not fit are in the ZIP64 extra field, in this order.
      let extra = try file.slice(at: offset + 46 + nameLength, count: extraLength, of: "the extra field")
      let field = try Self.extra64(extra)
      var position = 0
      for index in values.indices where values[index] == Int(UInt32.max) {
        values[index] = try field.length(UInt64.self, at: position, of: "a ZIP64 size")
        position += 8
      }
    }
    size = values[0]
    compressedSize = values[1]
    localOffset = values[2]
  }

  private static func extra64(_ extra: FileBytes) throws(FileFormatError) -> FileBytes {
    var position = 0
    while position < extra.count {
      let identifier = try extra.integer(UInt16.self, at: position, of: "an extra field")
      let length = try extra.length(UInt16.self, at: position + 2, of: "an extra field's length")
      let field = try extra.slice(at: position + 4, count: length, of: "an extra field")
      if identifier == 1 { return field }
      position += 4 + length
    }
    throw extra.failure(.malformed, "a size is 4294967295, and there is no ZIP64 field")
  }

  /// The bytes of the entry: after its local header at `localOffset`, before `end`.
  func dataSpan(in file: FileBytes, at localOffset: Int, end: Int) throws(FileFormatError) -> Range<Int> {
    let header = try file.slice(at: localOffset, count: 30, of: "the header of an entry")
    let nameLength = try header.length(UInt16.self, at: 26, of: "a name's length")
    let extraLength = try header.length(UInt16.self, at: 28, of: "an extra field's length")
    guard try header.integer(UInt32.self, at: 0, of: "the header of an entry") == ZipArchive.localSignature,
      try file.slice(at: localOffset + 30, count: nameLength, of: "a name").storage == rawName
    else {
      throw file.failure(.malformed, at: localOffset, "the directory points here for \"\(excerpt(name))\", and its header is elsewhere")
    }
    let start = localOffset + 30 + nameLength + extraLength
    guard start <= end, compressedSize <= end - start else {
      throw file.failure(
        .truncated, at: localOffset, "the entry \"\(excerpt(name))\" declares \(compressedSize) bytes, and \(max(0, end - start)) follow")
    }
    return start..<start + compressedSize
  }
}
