import FileFormats
import Foundation

/// The files of a training run, which lie in one folder.
public struct RunFolder: Sendable, Equatable {
  /// The path of the folder.
  public let path: String
  /// The folder at a path. It need not exist yet.
  public init(_ path: String) { self.path = path }

  /// The checkpoint, which has everything that is needed to continue: model, average, optimizer, counters, random sources and settings.
  public var checkpoint: String { path + "/checkpoint.safetensors" }
  /// The model that was best in validation: a file of weights with the configuration of the run.
  public var best: String { path + "/best.safetensors" }
  /// The metrics, a line of JSON for each epoch.
  public var metrics: String { path + "/metrics.jsonl" }
  /// The result of a finished run.
  public var result: String { path + "/result.json" }
  /// A page about the run.
  public var report: String { path + "/report.html" }

  /// Whether a run can be continued here.
  public var hasCheckpoint: Bool { FileManager.default.fileExists(atPath: checkpoint) }
  /// Whether the folder has any file of a run that a new run would overwrite.
  public var holdsRun: Bool { [checkpoint, best, result].contains(where: FileManager.default.fileExists(atPath:)) }

  /// Creates the folder, and those above it, for a new run.
  /// - Throws: an error of kind `unwritable` if the folder cannot be created or holds a run already, of which nothing is changed.
  public func create() throws(FileFormatError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw FileFormatError(
        .unwritable, path: path, cause: "the folder cannot be made (\(error.localizedDescription))", cure: "give another folder")
    }
    if holdsRun {
      throw FileFormatError(
        .unwritable, path: path, cause: "the folder holds a run already",
        cure: "continue that (which needs its checkpoint.safetensors), remove it, or give another folder")
    }
    // What is left of a run that was killed before its first checkpoint.
    try? FileManager.default.removeItem(atPath: metrics)
  }

  /// Removes the temporary files (`.name.process.number.tmp`) of a process that was killed while it wrote one of the run's files.
  func removeLeftovers() {
    let names = [checkpoint, best, metrics, result, report].map { "." + ($0 as NSString).lastPathComponent + "." }
    for file in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where file.hasSuffix(".tmp") {
      guard let name = names.first(where: file.hasPrefix) else { continue }
      let parts = file.dropFirst(name.count).split(separator: ".")
      guard parts.count == 3, let process = pid_t(parts[0]), process > 0, UInt64(parts[1]) != nil else { continue }
      // A process that is still there may be writing the file.
      if kill(process, 0) != 0, errno == ESRCH { try? FileManager.default.removeItem(atPath: path + "/" + file) }
    }
  }

  /// The file of a model that a user has named: ``best`` if the name is that of a run's folder, or else the file itself.
  public static func modelFile(named name: String) -> String {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) && isFolder.boolValue ? RunFolder(name).best : name
  }
}
