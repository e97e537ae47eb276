import Foundation

/// A file that is written piece by piece and appears, whole, when it is closed: until then the pieces lie in a temporary file beside it. Or
/// the standard output, where nothing can be taken back.
package final class StreamedFile {
  /// The name of the standard output.
  package static let standardOutput = "-"

  /// The file, as errors call it.
  package let path: String
  /// Whether this is the standard output.
  package var isStandardOutput: Bool { temporary == nil }
  private var descriptor: Int32
  private let temporary: String?
  private var buffer: [UInt8] = []

  /// Begins a file.
  /// - Throws: an error of kind `unwritable` or `directory`.
  package init(_ path: String) throws(FileFormatError) {
    self.path = path == Self.standardOutput ? "standard output" : path
    if path == Self.standardOutput {
      (descriptor, temporary) = (STDOUT_FILENO, nil)
      return
    }
    guard !path.isEmpty else { throw FileFormatError(.unwritable, path: path, cause: "the path is empty", cure: "name a file") }
    var status = stat()
    let exists = stat(path, &status) == 0
    if path.hasSuffix("/") || (exists && status.st_mode & S_IFMT == S_IFDIR) {
      throw FileFormatError(.directory, path: path, cause: "this names a folder", cure: "name a file in it")
    }
    let name = (path as NSString).lastPathComponent
    let folder = (path as NSString).deletingLastPathComponent
    let place =
      (folder.isEmpty ? "." : folder) + "/.\(name.utf8.count < 200 ? name : "file").\(getpid()).\(UInt64.random(in: .min ... .max)).tmp"
    descriptor = open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    temporary = place
    guard descriptor >= 0 else { throw systemFailure(.unwritable, path: path, doing: "create a temporary file beside it") }
    if exists { fchmod(descriptor, status.st_mode & 0o777) }
  }

  deinit { abandon() }

  /// Appends bytes.
  /// - Throws: an error of kind `unwritable`; the file is then given up.
  package func write(_ bytes: some Sequence<UInt8>) throws(FileFormatError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= 1 << 18 { try flush() }
  }

  /// Hands what is written to the system.
  /// - Throws: an error of kind `unwritable`; the file is then given up.
  package func flush() throws(FileFormatError) {
    defer { buffer.removeAll(keepingCapacity: true) }
    guard descriptor >= 0 else {
      throw FileFormatError(.unwritable, path: path, cause: "the file is closed", cure: "begin another one")
    }
    if let failure = writeAll(buffer, to: descriptor, path: path) {
      abandon()
      throw failure
    }
  }

  /// Puts the file in its place.
  /// - Throws: an error of kind `unwritable`; what lay there before is then still there.
  package func close() throws(FileFormatError) {
    try flush()
    guard let temporary else {
      descriptor = -1
      return
    }
    var failure = fsync(descriptor) == 0 ? nil : systemFailure(.unwritable, path: path, doing: "synchronise")
    if Foundation.close(descriptor) != 0 && failure == nil { failure = systemFailure(.unwritable, path: path, doing: "close") }
    descriptor = -1
    if failure == nil && rename(temporary, path) != 0 { failure = systemFailure(.unwritable, path: path, doing: "rename") }
    if let failure {
      unlink(temporary)
      throw failure
    }
  }

  /// Leaves no trace of a file that was not closed.
  private func abandon() {
    guard let temporary, descriptor >= 0 else { return }
    Foundation.close(descriptor)
    unlink(temporary)
    descriptor = -1
  }
}
