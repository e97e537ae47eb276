import Foundation

/// The lines of a file or of the standard input one by one, in an amount of memory that does not grow with it.
///
/// A line ends with a line feed, a carriage return or both; the last one may end with the file. A byte order mark is left out.
package final class LineReader {
  /// The name of the standard input.
  package static let standardInput = "-"
  /// The most bytes of a line.
  package static let lineLimit = 1 << 28

  /// The file, as errors call it.
  package let path: String
  /// The number of the last line, counted from 1.
  package private(set) var line = 0
  /// The bytes read so far.
  package private(set) var bytesRead = 0
  private var descriptor: Int32
  private var buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var isAtEnd = false
  /// Where the last line began.
  private var lastStart = 0

  /// Opens a file, or takes the standard input for "-".
  /// - Throws: an error for a file that is missing, a folder or not readable. A named pipe is waited for.
  package init(_ path: String) throws(FileFormatError) {
    self.path = path == Self.standardInput ? "standard input" : path
    if path == Self.standardInput {
      descriptor = dup(STDIN_FILENO)
    } else {
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
    }
    guard descriptor >= 0 else { throw systemFailure(.unreadable, path: path, doing: "open") }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw FileFormatError(.directory, path: path, cause: "this is a folder", cure: "name a file in it")
    }
    buffer = .allocate(byteCount: 1 << 18, alignment: 16)
  }

  /// The lines of bytes in memory, which errors call `path`.
  package init(bytes: [UInt8], path: String) {
    (self.path, descriptor, isAtEnd) = (path, -1, true)
    buffer = .allocate(byteCount: max(1, bytes.count), alignment: 16)
    bytes.withUnsafeBytes { buffer.copyMemory(from: $0) }
    (end, bytesRead) = (bytes.count, bytes.count)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    buffer.deallocate()
  }

  /// The next line without its end, nil after the last; the bytes are there until the next call.
  /// - Throws: an error of kind `unreadable` where reading fails, and of kind `malformed` for a line beyond ``lineLimit``.
  package func next() throws(FileFormatError) -> UnsafeRawBufferPointer? {
    var searched = start
    while true {
      if let place = lineEnd(from: searched) {
        let length = place - start
        let isPair = byte(place) == 13 && place + 1 < end && byte(place + 1) == 10
        defer { start = place + (isPair ? 2 : 1) }
        return line(length)
      }
      searched = max(start, end - 1)
      if isAtEnd {
        guard start < end else { return nil }
        defer { start = end }
        // A carriage return that ends the file.
        return line(end - start - (byte(end - 1) == 13 ? 1 : 0))
      }
      searched -= start
      try fill()
      searched += start
    }
  }

  private func byte(_ place: Int) -> UInt8 { buffer[place] }

  /// The last line is the next one again; only once after each line.
  package func takeBack() {
    start = lastStart
    line -= 1
  }

  private func line(_ length: Int) -> UnsafeRawBufferPointer {
    line += 1
    lastStart = start
    var bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[start..<start + length])
    if line == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = UnsafeRawBufferPointer(rebasing: bytes[3...]) }
    return bytes
  }

  /// Where the line ends; a carriage return is one only where the byte after it is known.
  private func lineEnd(from place: Int) -> Int? {
    guard place < end else { return nil }
    let base = buffer.baseAddress!
    let feed = memchr(base + place, 10, end - place).map { UnsafeRawPointer($0) - UnsafeRawPointer(base) }
    let limit = feed ?? end
    guard let found = memchr(base + place, 13, limit - place) else { return feed }
    let carriage = UnsafeRawPointer(found) - UnsafeRawPointer(base)
    return carriage + 1 < end || isAtEnd ? carriage : nil
  }

  /// Reads more, after what is left of the last line.
  private func fill() throws(FileFormatError) {
    if start > 0 {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[start..<end]))
      (start, end) = (0, end - start)
    }
    if end == buffer.count {
      guard buffer.count < Self.lineLimit else {
        throw FileFormatError(
          .malformed, path: path, place: .init(line: line + 1), cause: "the line has more than \(Self.lineLimit) bytes",
          cure: "this is no text file, or its ends of lines are lost")
      }
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * buffer.count, alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
      buffer.deallocate()
      buffer = larger
    }
    while true {
      let got = read(descriptor, buffer.baseAddress! + end, buffer.count - end)
      if got < 0 && errno == EINTR { continue }
      if got < 0 { throw systemFailure(.unreadable, path: path, doing: "read") }
      end += got
      bytesRead += got
      isAtEnd = got == 0
      return
    }
  }
}
