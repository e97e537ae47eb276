import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

extension GeometryFile.PLYEncoding: ExpressibleByArgument {}
extension GeometryFile.LastColumns: ExpressibleByArgument {}

/// The options of a command that reads geometry.
struct GeometryInput: ParsableArguments {
  @Option(
    help: """
      Of six columns in .xyz, .txt and .npy, what the last three are: normals, ignored (such as colours), or told by the file, by a first line \
      "# x y z nx ny nz" or "# x y z r g b", or by the length 1 of all.
      """)
  var columns = GeometryFile.LastColumns.told

  func read(_ path: String) throws -> GeometryFile {
    do throws(FileFormatError) { return try GeometryFile(contentsOf: path, lastColumns: columns) } catch {
      var error = error
      if columns == .told, error.cause.contains("last three of six columns") { error.cure += "; or give --columns normals or ignored" }
      throw error
    }
  }
}

/// The options of a command that writes geometry.
struct GeometryOutput: ParsableArguments {
  @Option(name: .shortAndLong, help: "File to write: .ply, .off, .xyz, .txt or .npy.") var output: String
  @Option(help: "How a PLY file holds its numbers: ascii, binary_little_endian or binary_big_endian.")
  var encoding = GeometryFile.PLYEncoding.binaryLittleEndian

  /// The format according to the file's name and the options. It is determined before any work is done.
  func format() throws -> GeometryFile.Format {
    let format = try GeometryFile.Format(ofFile: output)
    return if case .ply = format { .ply(encoding) } else { format }
  }
}

/// A summary of a file, such as "1,000,000 points", with what else it holds.
func summary(_ file: GeometryFile) -> String {
  var parts = [counted(file.count, "point")]
  if file.normals != nil { parts.append("normals") }
  if !file.triangles.isEmpty { parts.append(counted(file.triangles.count / 3, "triangle")) }
  return parts.joined(separator: ", ")
}
