import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

extension GeometryFile.PLYEncoding: ExpressibleByArgument {}

/// Where a command writes geometry, and how.
struct GeometryOutput: ParsableArguments {
  @Option(name: .shortAndLong, help: "File to write: .ply, .off, .xyz, .txt or .npy.") var output: String
  @Option(help: "How a PLY file holds its numbers: ascii, binary_little_endian or binary_big_endian.")
  var encoding = GeometryFile.PLYEncoding.binaryLittleEndian

  /// The format that the file's name and the options tell. Asked before any work is done.
  func format() throws -> GeometryFile.Format {
    let format = try GeometryFile.Format(ofFile: output)
    return if case .ply = format { .ply(encoding) } else { format }
  }
}

/// "1,000,000 points", with what else a file holds.
func summary(_ file: GeometryFile) -> String {
  var parts = [counted(file.count, "point")]
  if file.normals != nil { parts.append("normals") }
  if !file.triangles.isEmpty { parts.append(counted(file.triangles.count / 3, "triangle")) }
  return parts.joined(separator: ", ")
}
