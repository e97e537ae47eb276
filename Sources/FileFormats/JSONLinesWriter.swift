import Foundation
import Synchronization

/// Appends JSON values to a file, one per line: a log that other programs can follow, and that a killed process leaves readable.
///
/// Every line is handed to the operating system before ``append(_:)`` returns, so it outlives the process; ``synchronize()`` makes it
/// outlive a power cut. One writer may be used from several threads; a file must not have two writers.
public final class JSONLinesWriter: Sendable {
  /// The file.
  public let path: String
  private let descriptor: Mutex<Int32>

  /// Opens a file for appending, and creates it where there is none.
  ///
  /// A last line without a line feed, as a killed writer leaves it, is completed by one where it is valid JSON, and otherwise cut off.
  /// - Throws: ``FileFormatError`` for a file that cannot be opened, and one of kind `malformed` for a last line that does not begin
  ///   as an object or an array: that file has another format, and is left as it is.
  public init(appendingTo path: String) throws(FileFormatError) {
    self.path = path
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o666)
    guard descriptor >= 0 else { throw systemFailure(.unwritable, path: path, doing: "open for appending") }
    if let failure = Self.repairTail(descriptor, path: path) {
      close(descriptor)
      throw failure
    }
    self.descriptor = Mutex(descriptor)
  }

  deinit {
    _ = descriptor.withLock { close($0) }
  }

  /// Appends a value, most often an object, as a line.
  /// - Throws: an error of kind `unwritable`; the file then has no part of the line. Where the part could not be removed, nothing more is
  ///   appended, and opening the file again cuts it off.
  public func append(_ value: JSONValue) throws(FileFormatError) {
    let line = value.serialized() + [UInt8(ascii: "\n")]
    let failure = descriptor.withLock { descriptor -> FileFormatError? in
      let end = lseek(descriptor, 0, SEEK_END)
      guard let failure = writeAll(line, to: descriptor, path: path) else { return nil }
      if end < 0 || ftruncate(descriptor, end) != 0 {
        close(descriptor)
        descriptor = -1
      }
      return failure
    }
    if let failure { throw failure }
  }

  /// Waits until all lines are on the disk.
  /// - Throws: an error of kind `unwritable`.
  public func synchronize() throws(FileFormatError) {
    let failure = descriptor.withLock { fsync($0) == 0 ? nil : systemFailure(.unwritable, path: path, doing: "synchronise") }
    if let failure { throw failure }
  }

  private static func repairTail(_ descriptor: Int32, path: String) -> FileFormatError? {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return systemFailure(.unwritable, path: path, doing: "inspect") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      return FileFormatError(.unwritable, path: path, cause: "this is not a regular file", cure: "name another file")
    }
    let tail: [UInt8]
    switch readTail(descriptor, size: Int(status.st_size), path: path) {
    case .success(let bytes): tail = bytes
    case .failure(let error): return error
    }
    guard let first = tail.first else { return nil }
    if (try? JSONValue(parsing: tail, path: path)) != nil { return writeAll([UInt8(ascii: "\n")], to: descriptor, path: path) }
    guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
      return FileFormatError(
        .malformed, path: path, place: .init(byte: Int(status.st_size) - tail.count),
        cause: "the last line has no line feed and is no JSON: this is not a file of JSON lines", cure: "name another file")
    }
    let end = status.st_size - off_t(tail.count)
    return ftruncate(descriptor, end) == 0 ? nil : systemFailure(.unwritable, path: path, doing: "cut off a torn line of")
  }

  /// The bytes after the last line feed, read from the end of the file.
  private static func readTail(_ descriptor: Int32, size: Int, path: String) -> Result<[UInt8], FileFormatError> {
    var tail: [UInt8] = []
    var end = size
    while end > 0 {
      // Chunks grow with the tail, so that a long one does not cost its square.
      let start = max(0, end - max(4096, tail.count))
      var chunk = [UInt8](repeating: 0, count: end - start)
      var filled = 0
      while filled < chunk.count {
        let got = chunk.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress! + filled, $0.count - filled, off_t(start + filled)) }
        if got < 0 && errno == EINTR { continue }
        guard got > 0 else { return .failure(systemFailure(.unwritable, path: path, doing: "read the end of")) }
        filled += got
      }
      if let last = chunk.lastIndex(of: UInt8(ascii: "\n")) { return .success(chunk[(last + 1)...] + tail) }
      tail = chunk + tail
      end = start
    }
    return .success(tail)
  }
}
