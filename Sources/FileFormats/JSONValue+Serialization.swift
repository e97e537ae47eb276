extension JSONValue: CustomStringConvertible {
  /// The value as compact JSON on one line: without spaces, with members in their order, numbers as the shortest text that reads back as
  /// the same `Double`, and NaN and infinities as `null`. The same value gives the same text.
  public var description: String { String(decoding: serialized(), as: UTF8.self) }

  /// The UTF-8 of ``description``.
  public func serialized() -> [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes, indentation: nil)
    return bytes
  }

  /// Writes the value to a file for people to read: a line for each member and element, indented by two spaces for each level.
  /// - Throws: an error of kind `unwritable`; the file is then as it was.
  public func write(to path: String) throws(FileFormatError) {
    var bytes: [UInt8] = []
    append(to: &bytes, indentation: 0)
    try AtomicFile.write(bytes + [UInt8(ascii: "\n")], to: path)
  }

  /// - Parameter indentation: levels above the value; nil for one line.
  private func append(to bytes: inout [UInt8], indentation: Int?) {
    /// What lies between brackets.
    func append<Part>(_ parts: [Part], between brackets: (Unicode.Scalar, Unicode.Scalar), _ body: (Part, _ indentation: Int?) -> Void) {
      func breakLine(_ indentation: Int?) {
        guard let indentation else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes += Array(repeating: UInt8(ascii: " "), count: 2 * indentation)
      }
      let inner = indentation.map { $0 + 1 }
      bytes.append(UInt8(ascii: brackets.0))
      for (index, part) in parts.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        breakLine(inner)
        body(part, inner)
      }
      if !parts.isEmpty { breakLine(indentation) }
      bytes.append(UInt8(ascii: brackets.1))
    }
    switch self {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .integer(let value): bytes += "\(value)".utf8
    case .unsigned(let value): bytes += "\(value)".utf8
    // Swift's description is the shortest that round-trips, and its forms ("0.1", "1e-07", "-0.0") are JSON.
    case .number(let value): bytes += (value.isFinite ? "\(value)" : "null").utf8
    case .string(let value): Self.append(value, to: &bytes)
    case .array(let values): append(values, between: ("[", "]")) { $0.append(to: &bytes, indentation: $1) }
    case .object(let object):
      append(object.members, between: ("{", "}")) { member, indentation in
        Self.append(member.key, to: &bytes)
        bytes += (indentation == nil ? ":" : ": ").utf8
        member.value.append(to: &bytes, indentation: indentation)
      }
    }
  }

  private static func append(_ string: String, to bytes: inout [UInt8]) {
    let hexadecimal = Array("0123456789abcdef".utf8)
    bytes.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): bytes += "\\n".utf8
      case UInt8(ascii: "\r"): bytes += "\\r".utf8
      case UInt8(ascii: "\t"): bytes += "\\t".utf8
      case 0..<0x20:
        bytes += "\\u00".utf8
        bytes += [hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
