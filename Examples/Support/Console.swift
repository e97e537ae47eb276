import Equivariant
import Foundation

/// A line for the user, at once even where the output is a file.
package func note(_ text: String) { Console.note(text) }

/// A line for the user beside what a program prints, which another one may read.
package func remark(_ text: String) { Console.remark(text) }

/// Makes the folder that a file is to lie in, and those above it.
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
