import Foundation

/// Writes whole files in such a way that a reader sees the old contents or the new ones, never a part.
public enum AtomicFile {
  /// Writes the bytes to `path`: to a temporary file in the same folder, which is synchronised to the disk and then renamed.
  ///
  /// After a failure `path` is as it was and the temporary file is gone, unless it was the last step that failed, the synchronising of the
  /// folder after the renaming; then `path` holds the new bytes. After a power cut at any moment `path` holds the old bytes or the new. An
  /// existing file passes its permissions on; a symbolic link at `path` is replaced, not followed.
  /// - Throws: an error of kind `unwritable` or `directory` that names `path`.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws(FileFormatError) {
    guard !path.isEmpty else {
      throw FileFormatError(.unwritable, path: path, cause: "the path is empty", cure: "name a file")
    }
    let (folder, name) = split(path)
    var status = stat()
    let exists = stat(path, &status) == 0
    if name.isEmpty || (exists && status.st_mode & S_IFMT == S_IFDIR) {
      throw FileFormatError(.directory, path: path, cause: "this names a folder", cure: "name a file in it")
    }
    // A name of its own, short enough for any file system, hidden from a listing by suffix.
    let temporary = "\(folder)/.\(name.utf8.count < 200 ? name : "file").\(getpid()).\(UInt64.random(in: .min ... .max)).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw systemFailure(.unwritable, path: path, doing: "create a temporary file beside it") }
    var failure: FileFormatError?
    if exists && fchmod(descriptor, status.st_mode & 0o777) != 0 {
      failure = systemFailure(.unwritable, path: path, doing: "set the permissions")
    }
    if failure == nil { failure = writeAll(bytes, to: descriptor, path: path) }
    if failure == nil && fsync(descriptor) != 0 { failure = systemFailure(.unwritable, path: path, doing: "synchronise") }
    if close(descriptor) != 0 && failure == nil { failure = systemFailure(.unwritable, path: path, doing: "close") }
    if failure == nil && rename(temporary, path) != 0 { failure = systemFailure(.unwritable, path: path, doing: "rename") }
    if let failure {
      unlink(temporary)
      throw failure
    }
    try synchronizeFolder(folder, path: path)
  }

  /// Makes the rename itself durable.
  private static func synchronizeFolder(_ folder: String, path: String) throws(FileFormatError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // A folder that may be written but not listed cannot be opened; the file itself is complete.
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    if fsync(descriptor) != 0 && errno != EINVAL && errno != EROFS {
      throw systemFailure(.unwritable, path: path, doing: "synchronise the folder")
    }
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = String(path[..<slash])
    return (folder.isEmpty ? "/." : folder, String(path[path.index(after: slash)...]))
  }
}

/// Writes every byte, or says why not.
func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32, path: String) -> FileFormatError? {
  func write(_ buffer: UnsafeBufferPointer<UInt8>) -> FileFormatError? {
    var written = 0
    while written < buffer.count {
      let count = Foundation.write(descriptor, buffer.baseAddress! + written, min(buffer.count - written, 1 << 30))
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return systemFailure(.unwritable, path: path, doing: "write") }
      written += count
    }
    return nil
  }
  if let result = bytes.withContiguousStorageIfAvailable(write) { return result }
  return Array(bytes).withUnsafeBufferPointer(write)
}
