import ArgumentParser
import Equivariant
import Foundation

/// The files of a run.
package struct RunFolder {
  package let path: String
  package init(_ path: String) { self.path = path }
  package var checkpoint: String { path + "/checkpoint.safetensors" }
  package var best: String { path + "/best.safetensors" }
  package var metrics: String { path + "/metrics.jsonl" }
  /// What came of a finished run.
  package var result: String { path + "/result.json" }
  package var report: String { path + "/report.html" }

  /// Makes the folder, which must not hold a run.
  package func create() throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw FileFormatError(
        .unwritable, path: path, cause: "the folder cannot be made (\(error.localizedDescription))", cure: "give another --output")
    }
    if [checkpoint, best, result].contains(where: FileManager.default.fileExists(atPath:)) {
      throw ValidationError(
        "\(path) holds a run already: continue it with --resume (which needs its checkpoint.safetensors), remove it, or give another --output"
      )
    }
    try? FileManager.default.removeItem(atPath: metrics)
  }
}

/// The file of a model that a user named: the best one of a run's folder, or the file itself.
package func modelFile(_ name: String) -> String {
  var isFolder: ObjCBool = false
  return FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) && isFolder.boolValue ? RunFolder(name).best : name
}
