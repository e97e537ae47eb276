extension SafetensorsFile {
  /// The bound on the header that the format sets.
  static let maximumHeaderLength = 100_000_000

  /// Opens a `.safetensors` file.
  /// - Throws: ``FileFormatError`` for a file that is missing, unreadable, empty, cut off or malformed: the header must be strict JSON
  ///   with distinct names, and the tensors must fill the rest of the file without holes and overlaps.
  public init(contentsOf path: String) throws(FileFormatError) {
    try self.init(FileBytes(contentsOf: path))
  }

  /// Opens the bytes of a `.safetensors` file, which errors call `path`.
  /// - Throws: the errors of ``init(contentsOf:)``.
  public init(bytes: [UInt8], path: String) throws(FileFormatError) {
    try self.init(FileBytes(bytes[...], path: path))
  }

  private init(_ file: FileBytes) throws(FileFormatError) {
    try file.requireNonEmpty("a .safetensors file")
    let length = try file.length(UInt64.self, at: 0, of: "the header's length")
    guard length <= Self.maximumHeaderLength else {
      throw file.failure(
        .malformed, at: 0, "the header's length is \(length), beyond \(Self.maximumHeaderLength): this is no .safetensors file")
    }
    let header = try file.slice(at: 8, count: length, of: "the header")
    let data = try file.slice(at: 8 + length, count: file.count - 8 - length, of: "the data")
    guard header.storage.first == UInt8(ascii: "{") else {
      throw file.failure(.malformed, at: 8, "the header does not begin with {: this is no .safetensors file")
    }
    let parsed: JSONValue
    do {
      parsed = try JSONValue(header, depthLimit: 8)
    } catch {
      throw file.failure(.malformed, at: 8 + (error.place.byte ?? 0), "the header is no valid JSON: \(error.cause)")
    }

    var metadata: [String: String] = [:]
    var spans: [(range: Range<Int>, name: String)] = []
    var entries: [Entry] = []
    for member in parsed.object?.members ?? [] {
      if member.key == Self.metadataKey {
        metadata = try Self.metadata(member.value, file: file)
      } else {
        let (entry, range) = try Self.entry(named: member.key, member.value, data: data)
        entries.append(entry)
        spans.append((range, member.key))
      }
    }
    try Self.requireContiguous(&spans, data: data)
    self.init(path: file.path, metadata: metadata, entries: entries)
  }

  private static func metadata(_ value: JSONValue, file: FileBytes) throws(FileFormatError) -> [String: String] {
    var metadata: [String: String] = [:]
    if value == .null { return metadata }
    guard let object = value.object else { throw file.failure(.malformed, at: 8, "\(metadataKey) is not an object") }
    for member in object.members {
      guard let text = member.value.string else {
        throw file.failure(.malformed, at: 8, "the value of \"\(excerpt(member.key))\" in \(metadataKey) is not a string")
      }
      metadata[member.key] = text
    }
    return metadata
  }

  /// The tensor that a member of the header describes, and the part of the data that it occupies.
  private static func entry(
    named name: String, _ value: JSONValue, data: FileBytes
  ) throws(FileFormatError) -> (Entry, Range<Int>) {
    let place = FileBytes(data.storage, path: data.path, entry: name)
    guard value.object != nil, let dtypeName = value["dtype"]?.string else {
      throw place.failure(.malformed, "expected an object of dtype, shape and data_offsets")
    }
    guard let dtype = DType(rawValue: dtypeName) else {
      throw place.failure(
        .unsupported, "the dtype is \"\(excerpt(dtypeName))\", not one of \(DType.allCases.map(\.rawValue).joined(separator: ", "))",
        cure: "convert it in Python: tensor.float() or tensor.long()")
    }
    guard let shape = naturalNumbers(value["shape"]), let count = elementCount(of: shape) else {
      throw place.failure(.malformed, "the shape is not a list of numbers from 0 on whose product fits 64 bits")
    }
    guard let offsets = naturalNumbers(value["data_offsets"]), offsets.count == 2, offsets[0] <= offsets[1] else {
      throw place.failure(.malformed, "data_offsets are not two ascending numbers")
    }
    guard offsets[1] <= data.count else {
      throw place.failure(.truncated, "the tensor ends at byte \(offsets[1]) of the data, which has \(data.count)")
    }
    let byteCount = offsets[1] - offsets[0]
    guard dtype.byteCount(of: count) == byteCount else {
      throw place.failure(
        .malformed, "the shape \(shape) of \(dtypeName) does not take the \(byteCount) bytes of data_offsets")
    }
    let bytes = try data.slice(at: offsets[0], count: byteCount, of: "a tensor").storage
    return (Entry(name: name, dtype: dtype, shape: shape, data: bytes), offsets[0]..<offsets[1])
  }

  private static func naturalNumbers(_ value: JSONValue?) -> [Int]? {
    guard let values = value?.array else { return nil }
    var numbers: [Int] = []
    for value in values {
      guard case .integer(let number) = value, number >= 0 else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  private static func requireContiguous(_ spans: inout [(range: Range<Int>, name: String)], data: FileBytes) throws(FileFormatError) {
    // An empty tensor lies before the one that begins where it is.
    spans.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var end = 0
    for span in spans {
      guard span.range.lowerBound == end else {
        throw FileBytes(data.storage, path: data.path, entry: span.name).failure(
          .malformed, "the tensor begins at byte \(span.range.lowerBound) of the data, and the one before it ends at \(end)")
      }
      end = span.range.upperBound
    }
    guard end == data.count else {
      throw data.failure(.malformed, "\(data.count - end) bytes at the end of the file belong to no tensor")
    }
  }
}
