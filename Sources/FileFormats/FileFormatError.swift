/// What went wrong with a file: which file, where in it, why, and what to do about it.
///
/// This is the one error type of this library. Two errors are equal when all five parts are.
public struct FileFormatError: Error, CustomStringConvertible, Equatable, Sendable {
  /// The class of failure, for code that wants to react to some and not to others.
  public enum Kind: String, Sendable, CaseIterable {
    /// There is no such file.
    case missing
    /// The file exists and cannot be read.
    case unreadable
    /// The file cannot be created or written.
    case unwritable
    /// The path names a folder.
    case directory
    /// The file has 0 bytes.
    case empty
    /// The file ends before what it declares.
    case truncated
    /// The bytes break the rules of the format.
    case malformed
    /// The file is valid, but uses a feature that this library does not have.
    case unsupported
    /// Stored and computed checksums differ.
    case checksum
    /// The file holds no entry of the requested name.
    case notFound
    /// The values cannot be represented in the requested type.
    case lossy
  }

  /// The place in the file; every part is optional.
  public struct Place: Equatable, Sendable, CustomStringConvertible {
    /// The named entry (a member of an archive, a tensor).
    public var entry: String?
    /// The frame of a trajectory, counted from 0.
    public var frame: Int?
    /// The line, counted from 1.
    public var line: Int?
    /// The byte, counted from 0, within the entry or the line where there is one, otherwise within the file.
    public var byte: Int?
    /// The atom of the frame, counted from 0.
    public var atom: Int?

    /// The place made of the given parts; without any, the file as a whole.
    public init(entry: String? = nil, line: Int? = nil, byte: Int? = nil, frame: Int? = nil, atom: Int? = nil) {
      self.entry = entry
      self.frame = frame
      self.atom = atom
      self.line = line
      self.byte = byte
    }

    /// The file as a whole.
    public static let wholeFile = Place()

    /// The parts that are known, such as `entry "W1", byte 128`.
    public var description: String {
      var parts: [String] = []
      if let entry { parts.append("entry \"\(entry)\"") }
      if let frame { parts.append("frame \(frame)") }
      if let line { parts.append("line \(line)") }
      if let byte { parts.append("byte \(byte)") }
      if let atom { parts.append("atom \(atom)") }
      return parts.joined(separator: ", ")
    }
  }

  /// The class of failure.
  public var kind: Kind
  /// The file as it was named by the caller; empty for values that are in no file.
  public var path: String
  /// Where in the file.
  public var place: Place
  /// What was expected and what was found.
  public var cause: String
  /// What the user can do.
  public var cure: String

  /// An error made of its parts.
  public init(_ kind: Kind, path: String, place: Place = .wholeFile, cause: String, cure: String) {
    self.kind = kind
    self.path = path
    self.place = place
    self.cause = cause
    self.cure = cure
  }

  /// `path, place: cause; cure`.
  public var description: String {
    let location = [path, place.description].filter { !$0.isEmpty }.joined(separator: ", ")
    return location.isEmpty ? "\(cause); \(cure)" : "\(location): \(cause); \(cure)"
  }

  /// The same error with a file and an entry, for values that did not know where they came from.
  func located(path: String, entry: String) -> FileFormatError {
    var error = self
    if error.path.isEmpty { error.path = path }
    if error.place.entry == nil { error.place.entry = entry }
    return error
  }
}

/// At most `limit` of the names, quoted, for the cause of an error.
func listing(_ names: [String], limit: Int = 20) -> String {
  guard !names.isEmpty else { return "nothing" }
  let shown = names.prefix(limit).map { "\"\($0)\"" }.joined(separator: ", ")
  return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
}

/// At most 60 characters of text taken from a file, with everything unprintable escaped.
func excerpt(_ text: String) -> String {
  let shown = text.unicodeScalars.prefix(60).map { $0.escaped(asASCII: true) }.joined()
  return text.unicodeScalars.count > 60 ? shown + "..." : shown
}
