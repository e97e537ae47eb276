import Foundation
import Testing

/// A program of this package, run as a user would: where `swift build` put it, in a folder of its own.
struct Program {
  /// What a run printed and how it ended.
  struct Result {
    let status: Int32
    let output: String
    let errors: String
    /// Ended by this signal.
    let signal: Int32?
  }

  let executable: URL

  init(_ name: String) {
    // The test bundle lies beside the executables.
    let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let candidates = [folder, folder.deletingLastPathComponent(), Program.buildFolder].map { $0.appendingPathComponent(name) }
    executable = candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? candidates[2]
  }

  static var buildFolder: URL {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    #if DEBUG
      return root.appendingPathComponent(".build/debug")
    #else
      return root.appendingPathComponent(".build/release")
    #endif
  }

  /// Expects that the program ends with an error that says what is wrong, and not by a trap.
  func expectRefusal(
    of arguments: [String], saying message: String, in folder: URL, at location: SourceLocation = #_sourceLocation
  ) throws {
    let result = try run(arguments, in: folder)
    #expect(result.signal == nil && result.status != 0, sourceLocation: location)
    #expect(result.errors.contains(message), "\(result.errors)", sourceLocation: location)
    #expect(!result.errors.contains("Fatal error"), sourceLocation: location)
  }

  /// Starts the program; its output goes to files in `folder`.
  func start(_ arguments: [String], in folder: URL, environment: [String: String] = [:]) throws -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    for (name, isError) in [("stdout.txt", false), ("stderr.txt", true)] {
      let url = folder.appendingPathComponent(name)
      try Data().write(to: url)
      let handle = try FileHandle(forWritingTo: url)
      if isError { process.standardError = handle } else { process.standardOutput = handle }
    }
    try process.run()
    return process
  }

  func run(_ arguments: [String], in folder: URL, environment: [String: String] = [:]) throws -> Result {
    let process = try start(arguments, in: folder, environment: environment)
    return try result(of: process, in: folder)
  }

  /// Waits for the end; a program that does not end within `seconds` is killed, and the result shows the signal.
  func result(of process: Process, in folder: URL, within seconds: Double = 120) throws -> Result {
    let deadline = Date().addingTimeInterval(seconds)
    while process.isRunning {
      if Date() > deadline { kill(process.processIdentifier, SIGKILL) }
      Thread.sleep(forTimeInterval: 0.01)
    }
    process.waitUntilExit()
    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
    }
    return Result(
      status: process.terminationStatus, output: try text("stdout.txt"), errors: try text("stderr.txt"),
      signal: process.terminationReason == .uncaughtSignal ? process.terminationStatus : nil)
  }
}

/// A folder that disappears after `body`.
func withTemporaryFolder<R>(_ body: (URL) throws -> R) throws -> R {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("equivariant-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
