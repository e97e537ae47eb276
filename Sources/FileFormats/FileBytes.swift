import Foundation

#if _endian(big)
  #error("The readers and writers copy little-endian bytes straight to memory.")
#endif

/// The bytes of a file, or of one entry of it, with their origin, so that every failure names its place.
struct FileBytes: Sendable {
  let storage: ArraySlice<UInt8>
  let path: String
  let entry: String?

  init(_ storage: ArraySlice<UInt8>, path: String, entry: String? = nil) {
    self.storage = storage
    self.path = path
    self.entry = entry
  }

  /// The whole of a file. Throws where it is missing, unreadable, a folder or not a regular file.
  init(contentsOf path: String) throws(FileFormatError) {
    self.init(try readWholeFile(path)[...], path: path)
  }

  var count: Int { storage.count }

  subscript(offset: Int) -> UInt8 { storage[storage.startIndex + offset] }

  /// The bytes `offset ..< offset + count`, or an error of kind `truncated`: neither number is trusted.
  func slice(at offset: Int, count: Int, of what: String) throws(FileFormatError) -> FileBytes {
    guard offset >= 0, count >= 0, offset <= self.count, count <= self.count - offset else {
      throw failure(
        .truncated, at: max(0, min(offset, self.count)),
        "\(what) needs \(count) bytes from byte \(offset) on, but there are only \(self.count) bytes")
    }
    let start = storage.startIndex + offset
    return FileBytes(storage[start..<start + count], path: path, entry: entry)
  }

  /// The little-endian integer at `offset`.
  func integer<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ type: T.Type, at offset: Int, of what: String
  ) throws(FileFormatError) -> T {
    let bytes = try slice(at: offset, count: MemoryLayout<T>.size, of: what)
    return bytes.storage.withUnsafeBytes { T(littleEndian: $0.loadUnaligned(as: T.self)) }
  }

  /// The little-endian integer at `offset` as an `Int`; a 64-bit one may be too large.
  func length<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ type: T.Type, at offset: Int, of what: String
  ) throws(FileFormatError) -> Int {
    let value = try integer(type, at: offset, of: what)
    guard let length = Int(exactly: value) else {
      throw failure(.malformed, at: offset, "\(what) is \(value), which no file can hold")
    }
    return length
  }

  /// The bytes as `T`s, in one copy; a remainder smaller than one `T` is dropped.
  func elements<T: BitwiseCopyable>(as type: T.Type) -> [T] {
    let count = count / MemoryLayout<T>.stride
    return [T](unsafeUninitializedCapacity: count) { buffer, initialized in
      storage.withUnsafeBytes { source in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: .init(rebasing: source[..<(count * MemoryLayout<T>.stride)]))
      }
      initialized = count
    }
  }

  /// The lines that are not blank, numbered from 1, without the blanks around them; a line ends with a line feed, a carriage return or
  /// both.
  var lines: [(number: Int, text: ArraySlice<UInt8>)] {
    let (feed, carriage) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || 9...13 ~= byte }
    var lines: [(number: Int, text: ArraySlice<UInt8>)] = []
    var (rest, number) = (storage, 0)
    while !rest.isEmpty {
      number += 1
      let end = rest.firstIndex { $0 == feed || $0 == carriage } ?? rest.endIndex
      var text = rest[..<end]
      while let byte = text.first, isBlank(byte) { text = text.dropFirst() }
      while let byte = text.last, isBlank(byte) { text = text.dropLast() }
      if !text.isEmpty { lines.append((number, text)) }
      let isPair = end + 1 < rest.endIndex && rest[end] == carriage && rest[end + 1] == feed
      rest = rest[min(end + (isPair ? 2 : 1), rest.endIndex)...]
    }
    return lines
  }

  /// The bytes as text, or `nil` where they are not valid UTF-8.
  var text: String? { String(validating: storage, as: UTF8.self) }

  /// An error at a byte of these bytes.
  func failure(
    _ kind: FileFormatError.Kind, at byte: Int? = nil, _ cause: String, cure: String = "write the file again, or fetch it again"
  ) -> FileFormatError {
    FileFormatError(kind, path: path, place: .init(entry: entry, byte: byte), cause: cause, cure: cure)
  }

  /// An error of kind `empty` where there are no bytes.
  func requireNonEmpty(_ format: String) throws(FileFormatError) {
    if storage.isEmpty { throw failure(.empty, "the file has 0 bytes, and \(format) has more") }
  }
}

/// The lines of a file that are not blank, numbered from 1, without the blanks around them; a line ends with a line feed, a carriage return
/// or both.
/// - Throws: ``FileFormatError`` for a file that is missing or unreadable.
package func readLines(_ path: String) throws(FileFormatError) -> [(number: Int, text: ArraySlice<UInt8>)] {
  try FileBytes(contentsOf: path).lines
}

/// The integers of a text file, in its order. A line has any number of them, separated by blanks or commas; # begins a comment.
/// - Throws: ``FileFormatError`` for a file that is missing or unreadable, and one with the line for anything that is not an integer.
package func readIntegers(_ path: String) throws(FileFormatError) -> [Int] {
  var scanner = TextScanner(try FileBytes(contentsOf: path))
  var numbers: [Int] = []
  while scanner.nextLine() {
    while let number = try scanner.integer() { numbers.append(number) }
  }
  return numbers
}

/// All bytes of a regular file.
func readWholeFile(_ path: String) throws(FileFormatError) -> [UInt8] {
  // Not blocking: a named pipe must give an error, not wait for its writer.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw systemFailure(.unreadable, path: path, doing: "open") }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { throw systemFailure(.unreadable, path: path, doing: "inspect") }
  switch status.st_mode & S_IFMT {
  case S_IFREG: break
  case S_IFDIR:
    throw FileFormatError(.directory, path: path, cause: "this is a folder", cure: "name a file in it")
  default:
    throw FileFormatError(.unreadable, path: path, cause: "this is not a regular file", cure: "copy its contents to a file first")
  }
  let size = Int(status.st_size)
  var failure: FileFormatError?
  let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
    while initialized < size {
      let got = read(descriptor, buffer.baseAddress! + initialized, min(size - initialized, 1 << 30))
      if got < 0 && errno == EINTR { continue }
      if got < 0 { failure = systemFailure(.unreadable, path: path, doing: "read") }
      if got <= 0 { break }
      initialized += got
    }
  }
  if let failure { throw failure }
  return bytes
}

/// The error for `errno` after a failed system call.
func systemFailure(_ kind: FileFormatError.Kind, path: String, doing action: String) -> FileFormatError {
  let code = errno
  let reason = String(cString: strerror(code))
  switch code {
  case ENOENT, ENOTDIR:
    return FileFormatError(
      kind == .unreadable ? .missing : kind, path: path, cause: "cannot \(action): \(reason)",
      cure: "check the path; a relative one starts at \(FileManager.default.currentDirectoryPath)")
  case EACCES, EPERM, EROFS:
    return FileFormatError(kind, path: path, cause: "cannot \(action): \(reason)", cure: "change the permissions or take another folder")
  case ENOSPC, EDQUOT:
    return FileFormatError(kind, path: path, cause: "cannot \(action): \(reason)", cure: "make room on the disk")
  case EISDIR:
    return FileFormatError(.directory, path: path, cause: "cannot \(action): \(reason)", cure: "name a file, not a folder")
  default:
    return FileFormatError(kind, path: path, cause: "cannot \(action): \(reason)", cure: "check the path and the disk")
  }
}

/// The product of a shape's extents, or `nil` where one is negative or the product (zeros aside) overflows.
///
/// Zeros are left aside in the check so that strides of an accepted shape never overflow.
func elementCount(of shape: [Int]) -> Int? {
  var product = 1
  for extent in shape where extent != 0 {
    guard extent > 0 else { return nil }
    let (next, overflow) = product.multipliedReportingOverflow(by: extent)
    if overflow { return nil }
    product = next
  }
  return shape.contains(0) ? 0 : product
}

extension [UInt8] {
  /// Appends an integer, least significant byte first.
  mutating func append<T: FixedWidthInteger>(littleEndian value: T) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// Appends the memory of the elements, in one copy.
  mutating func append<T: BitwiseCopyable>(memoryOf elements: [T]) {
    elements.withUnsafeBytes { append(contentsOf: $0) }
  }
}
