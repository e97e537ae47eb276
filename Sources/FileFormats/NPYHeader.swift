/// The header of a `.npy` file: a Python dictionary literal with the keys `descr`, `fortran_order` and `shape`.
///
/// The format is that of NEP 1 and of the documentation of `numpy.lib.format`, versions 1.0, 2.0 and 3.0. The bytes are the magic
/// `\x93NUMPY`, two version bytes, the header's length (2 bytes in version 1, otherwise 4), the literal, spaces and a line feed.
struct NPYHeader: Equatable {
  var type: NPYType
  /// Whether numbers are stored most significant byte first.
  var isBigEndian = false
  var isFortranOrder: Bool
  var shape: [Int]

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  static let alignment = 64

  /// Parses a header; `dataOffset` is where the elements begin.
  static func parse(_ file: FileBytes) throws(FileFormatError) -> (header: NPYHeader, dataOffset: Int) {
    try file.requireNonEmpty("a .npy file")
    let start = try file.slice(at: 0, count: 8, of: "the magic of a .npy file")
    guard start.storage.starts(with: magic) else {
      throw file.failure(.malformed, at: 0, "this is no .npy file: it does not begin with \\x93NUMPY", cure: "write it with numpy.save")
    }
    let textOffset: Int
    let length: Int
    switch (file[6], file[7]) {
    case (1, 0):
      textOffset = 10
      length = try file.length(UInt16.self, at: 8, of: "the header's length")
    case (2, 0), (3, 0):
      textOffset = 12
      length = try file.length(UInt32.self, at: 8, of: "the header's length")
    default:
      throw file.failure(
        .unsupported, at: 6, "the .npy version is \(file[6]).\(file[7]), not 1.0, 2.0 or 3.0", cure: "write it with numpy.save")
    }
    let text = try file.slice(at: textOffset, count: length, of: "the header")
    var parser = NPYHeaderParser(text: text, textOffset: textOffset, file: file)
    return (try parser.parse(), textOffset + length)
  }

  /// The header as bytes, padded such that the elements begin at a multiple of 64; version 1.0, or 2.0 where that is too short.
  func encoded() -> [UInt8] {
    // As Python writes tuples: (), (3,), (3, 4).
    let extents = shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let order = isFortranOrder ? "True" : "False"
    let text = "{'descr': '\(type.description)', 'fortran_order': \(order), 'shape': (\(extents)), }"
    func padded(after prefix: Int) -> Int {
      let end = prefix + text.utf8.count + 1
      return (end + Self.alignment - 1) / Self.alignment * Self.alignment - prefix
    }
    var bytes = Self.magic
    let short = padded(after: 10)
    let length: Int
    if short <= Int(UInt16.max) {
      length = short
      bytes += [1, 0]
      bytes.append(littleEndian: UInt16(length))
    } else {
      length = padded(after: 12)
      bytes += [2, 0]
      bytes.append(littleEndian: UInt32(length))
    }
    bytes += text.utf8
    bytes += repeatElement(UInt8(ascii: " "), count: length - text.utf8.count - 1)
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }
}

/// The element types of `.npy` files that this library reads.
enum NPYType: Equatable, CustomStringConvertible {
  case float16, float32, float64, int8, int16, int32, int64, uint8, uint16, uint32, uint64, bool
  case bytes(width: Int)

  /// NumPy's string for the type, little endian.
  var description: String {
    switch self {
    case .float16: "<f2"
    case .float32: "<f4"
    case .float64: "<f8"
    case .int8: "|i1"
    case .int16: "<i2"
    case .int32: "<i4"
    case .int64: "<i8"
    case .uint8: "|u1"
    case .uint16: "<u2"
    case .uint32: "<u4"
    case .uint64: "<u8"
    case .bool: "|b1"
    case .bytes(let width): "|S\(width)"
    }
  }

  var size: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .int16, .uint16, .float16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    case .bytes(let width): width
    }
  }

  /// The types by the names that `numpy.dtype` takes behind a sign of the byte order: kind and size, or one letter.
  private static let codes: [String: NPYType] = [
    "f2": .float16, "f4": .float32, "f8": .float64, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64, "u1": .uint8, "u2": .uint16,
    "u4": .uint32, "u8": .uint64, "b1": .bool, "?": .bool, "b": .int8, "B": .uint8, "h": .int16, "H": .uint16, "i": .int32, "I": .uint32,
    "l": .int64, "L": .uint64, "q": .int64, "Q": .uint64, "p": .int64, "P": .uint64, "e": .float16, "f": .float32, "d": .float64,
  ]

  /// The types by their names in words, which have no sign of the byte order.
  private static let names: [String: NPYType] = [
    "float16": .float16, "float32": .float32, "float64": .float64, "int8": .int8, "int16": .int16, "int32": .int32, "int64": .int64,
    "uint8": .uint8, "uint16": .uint16, "uint32": .uint32, "uint64": .uint64, "bool": .bool, "bool_": .bool, "half": .float16,
    "single": .float32,
    "double": .float64, "float": .float64, "int": .int64, "uint": .uint64, "byte": .int8, "ubyte": .uint8, "short": .int16,
    "ushort": .uint16, "intc": .int32, "uintc": .uint32, "long": .int64, "ulong": .uint64, "longlong": .int64, "ulonglong": .uint64,
    "intp": .int64, "uintp": .uint64,
  ]

  /// The type that a NumPy string names and whether its numbers are stored most significant byte first, or `nil` where it is none of these.
  static func named(_ text: String) -> (type: NPYType, isBigEndian: Bool)? {
    if let type = names[text] { return (type, false) }
    let order = text.unicodeScalars.first.flatMap { "<>=|".unicodeScalars.contains($0) ? $0 : nil }
    let code = order == nil ? text : String(text.unicodeScalars.dropFirst())
    if let type = codes[code] { return (type, order == ">") }
    let digits = code.utf8.dropFirst()
    guard code.hasPrefix("S") || code.hasPrefix("a"), digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
      let width = Int(String(decoding: digits, as: UTF8.self)), width > 0
    else { return nil }
    return (.bytes(width: width), false)
  }

  init(_ elements: NumericArray.Elements) {
    switch elements {
    case .float32: self = .float32
    case .float64: self = .float64
    case .int8: self = .int8
    case .int16: self = .int16
    case .int32: self = .int32
    case .int64: self = .int64
    case .uint8: self = .uint8
    case .uint64: self = .uint64
    case .fixedWidthBytes(let width, _): self = .bytes(width: width)
    }
  }

  /// What to do in Python about a type that is none of these.
  static func cure(for text: String) -> String {
    let order: Set<Unicode.Scalar> = ["<", ">", "=", "|"]
    return switch text.unicodeScalars.first(where: { !order.contains($0) }) {
    case "O": "save an array of numbers; object arrays are pickles, which run code when they are read"
    case "U": "convert it in Python: numpy.char.encode(array, 'utf-8')"
    case "f", "g": "convert it in Python: array.astype('<f4') or array.astype('<f8')"
    case "c": "save array.real and array.imag"
    case "S": "save strings of at least one byte"
    default: "convert it in Python: array.astype('<f8') or array.astype('<i8')"
    }
  }
}
