/// The header of a PLY file: which elements it has, with which properties, and how they are encoded.
struct PLYHeader {
  /// A type of number.
  enum Scalar: Int {
    case int8, uint8, int16, uint16, int32, uint32, float32, float64

    init?(name: String) {
      switch name {
      case "char", "int8", "i1": self = .int8
      case "uchar", "uint8", "u1": self = .uint8
      case "short", "int16", "i2": self = .int16
      case "ushort", "uint16", "u2": self = .uint16
      case "int", "int32", "i4": self = .int32
      case "uint", "uint32", "u4": self = .uint32
      case "float", "float32", "f4": self = .float32
      case "double", "float64", "f8": self = .float64
      default: return nil
      }
    }

    var size: Int {
      switch self {
      case .int8, .uint8: 1
      case .int16, .uint16: 2
      case .int32, .uint32, .float32: 4
      case .float64: 8
      }
    }

    var isInteger: Bool { self != .float32 && self != .float64 }
  }

  /// A number, or a list of numbers with its length before it.
  struct Property {
    let name: String
    let type: Scalar
    /// The type of the length of a list.
    let length: Scalar?
  }

  /// A table with one row for each element.
  struct Element {
    let name: String
    let count: Int
    var properties: [Property] = []
    /// The line that declares it.
    let line: Int
  }

  private(set) var encoding = GeometryFile.PLYEncoding.ascii
  private(set) var elements: [Element] = []
  /// Where the data begin, in bytes and in lines.
  private(set) var dataOffset = 0
  private(set) var lineCount = 0

  private let file: FileBytes
  /// Whether lines end with a carriage return and a line feed, or with the former alone.
  private var endsWithReturn = false
  private var hasFormat = false
  /// The names of the elements, and of the properties of the last of them.
  private var elementNames: Set<String> = []
  private var propertyNames: Set<String> = []

  init(_ file: FileBytes) throws(FileFormatError) {
    self.file = file
    try file.requireNonEmpty("a PLY file")
    guard nextLine() == "ply" else {
      throw failure(.malformed, "a PLY file begins with a line \"ply\"", cure: "check that this is a PLY file")
    }
    while let line = nextLine() {
      let words = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
      switch words.first {
      case "format": try readFormat(words)
      case "comment", "obj_info", nil: break
      case "element": try readElement(words)
      case "property": try readProperty(words)
      case "end_header":
        guard hasFormat else { throw failure(.malformed, "the header ends without a line \"format\"") }
        try check()
        return
      default: throw failure(.malformed, "\"\(excerpt(line))\" is no line of a header")
      }
    }
    throw failure(.truncated, "the header does not end with a line \"end_header\"", cure: "fetch the file again")
  }

  /// The element of this name.
  func element(_ name: String) -> Element? { elements.first { $0.name == name } }

  /// The next line without its end; `nil` where the file ends before the line does.
  private mutating func nextLine() -> String? {
    let start = file.storage.startIndex + dataOffset
    guard start < file.storage.endIndex else { return nil }
    lineCount += 1
    guard let end = file.storage[start...].firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) else { return nil }
    dataOffset = end + 1 - file.storage.startIndex
    if file.storage[end] == UInt8(ascii: "\r") {
      let isPair = end + 1 < file.storage.endIndex && file.storage[end + 1] == UInt8(ascii: "\n")
      // Binary data may begin with the byte of a line feed: the first line tells what ends a line.
      if lineCount == 1 { endsWithReturn = !isPair }
      if isPair && !endsWithReturn { dataOffset += 1 }
    }
    return String(decoding: file.storage[start..<end], as: UTF8.self).replacing("\t", with: " ")
  }

  private mutating func readFormat(_ words: [String]) throws(FileFormatError) {
    guard !hasFormat, words.count == 3, let encoding = GeometryFile.PLYEncoding(rawValue: words[1]) else {
      throw failure(.malformed, "one line \"format\" is expected, with ascii, binary_little_endian or binary_big_endian and 1.0")
    }
    guard words[2] == "1.0" else { throw failure(.unsupported, "version \(excerpt(words[2])) of PLY is not read, only 1.0") }
    self.encoding = encoding
    hasFormat = true
  }

  private mutating func readElement(_ words: [String]) throws(FileFormatError) {
    guard words.count == 3, let count = Int(words[2]), count >= 0 else {
      throw failure(.malformed, "an element has a name and the number of its rows")
    }
    guard elementNames.insert(words[1]).inserted else {
      throw failure(.malformed, "the element \"\(excerpt(words[1]))\" is declared twice")
    }
    propertyNames = []
    elements.append(Element(name: words[1], count: count, line: lineCount))
  }

  private mutating func readProperty(_ words: [String]) throws(FileFormatError) {
    guard !elements.isEmpty else { throw failure(.malformed, "a property is declared before any element") }
    let property: Property
    if words.count == 5, words[1] == "list", let length = Scalar(name: words[2]), let type = Scalar(name: words[3]) {
      guard length.isInteger else { throw failure(.malformed, "the length of a list is an integer, not \(words[2])") }
      property = Property(name: words[4], type: type, length: length)
    } else if words.count == 3, let type = Scalar(name: words[1]) {
      property = Property(name: words[2], type: type, length: nil)
    } else {
      throw failure(
        .malformed, "a property is \"property <type> <name>\" or \"property list <type> <type> <name>\" with types char to double")
    }
    guard propertyNames.insert(property.name).inserted else {
      throw failure(.malformed, "the property \"\(excerpt(property.name))\" is declared twice")
    }
    elements[elements.count - 1].properties.append(property)
  }

  /// Whether the file can have as many rows as are declared, so that nothing is allocated for those it cannot have.
  private func check() throws(FileFormatError) {
    let left = file.count - dataOffset
    for element in elements where element.count > 0 {
      guard !element.properties.isEmpty else {
        throw failure(.malformed, "the element \"\(excerpt(element.name))\" has rows and no properties", line: element.line)
      }
      // A number takes a digit and a separator in text; the last one may lack the latter.
      let row = element.properties.reduce(0) { $0 + (encoding == .ascii ? 2 : ($1.length ?? $1.type).size) }
      guard element.count <= (left + 1) / row else {
        throw failure(
          .truncated, "\(element.count) rows of \"\(excerpt(element.name))\" are declared, but only \(left) bytes follow the header",
          cure: "correct the count, or fetch the file again", line: element.line)
      }
    }
  }

  private func failure(
    _ kind: FileFormatError.Kind, _ cause: String, cure: String = "correct the header, or write the file again", line: Int? = nil
  ) -> FileFormatError {
    FileFormatError(kind, path: file.path, place: .init(line: line ?? max(1, lineCount)), cause: cause, cure: cure)
  }
}
