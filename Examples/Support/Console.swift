import Equivariant
import Foundation

/// Prints a line to the standard output, without delay even if that is a file.
package func note(_ text: String) { Console.note(text) }

/// Prints a line to the standard error, apart from output that another program may read.
package func remark(_ text: String) { Console.remark(text) }

/// Creates the folder of a file, and those above it.
package func makeFolder(of file: String) throws {
  let folder = (file as NSString).deletingLastPathComponent
  guard !folder.isEmpty else { return }
  do {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  } catch {
    throw FileFormatError(
      .unwritable, path: folder, cause: "the folder cannot be made (\(error.localizedDescription))", cure: "give another --output")
  }
}
