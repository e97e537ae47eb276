extension SafetensorsFile {
  /// The bytes of the file: the same tensors, order and metadata give the same bytes.
  ///
  /// The header names the metadata first, sorted by key, then the tensors in order; spaces pad it to a multiple of 8 bytes. The data
  /// of wider types comes first, so that every tensor begins at a multiple of its element's size.
  public func encoded() -> [UInt8] {
    let layout = entries.indices.sorted { (-entries[$0].dtype.bitCount, $0) < (-entries[$1].dtype.bitCount, $1) }
    var offsets = [Int](repeating: 0, count: entries.count)
    var end = 0
    for index in layout {
      offsets[index] = end
      end += entries[index].data.count
    }

    var members: [JSONObject.Member] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map { JSONObject.Member(key: $0.key, value: .string($0.value)) }
      members.append(.init(key: Self.metadataKey, value: .object(JSONObject(distinct: texts))))
    }
    for (entry, offset) in zip(entries, offsets) {
      let description: JSONValue = [
        "dtype": .string(entry.dtype.rawValue),
        "shape": .array(entry.shape.map { .integer($0) }),
        "data_offsets": [.integer(offset), .integer(offset + entry.data.count)],
      ]
      members.append(.init(key: entry.name, value: description))
    }
    var header = JSONValue.object(JSONObject(distinct: members)).serialized()
    header += repeatElement(UInt8(ascii: " "), count: -header.count & 7)

    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + end)
    bytes.append(littleEndian: UInt64(header.count))
    bytes += header
    for index in layout { bytes += entries[index].data }
    return bytes
  }

  /// Writes a `.safetensors` file, whole or not at all.
  /// - Throws: the errors of ``AtomicFile/write(_:to:)``.
  public func write(to path: String) throws(FileFormatError) {
    try AtomicFile.write(encoded(), to: path)
  }
}
