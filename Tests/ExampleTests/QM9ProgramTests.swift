import Equivariant
import Foundation
import Testing

/// The program of the article on QM9, run as a user would, killed and resumed.
@Suite struct QM9ProgramTests {
  private let program = Program("qm9-program")
  private static let names = ["checkpoint.safetensors", "best.safetensors", "metrics.jsonl"]
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private func files(_ folder: URL) throws -> [[UInt8]] {
    try Self.names.map { Array(try Data(contentsOf: folder.appendingPathComponent("run/" + $0))) }
  }

  /// A folder with the data where the program looks for them.
  private func withData(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createSymbolicLink(
        at: folder.appendingPathComponent("Data"), withDestinationURL: Self.root.appendingPathComponent("Data"))
      try body(folder)
    }
  }

  @Test func killedAndResumed() throws {
    var expected: [[UInt8]] = []
    try withData { folder in
      let result = try program.run(["run", "3"], in: folder)
      #expect(result.status == 0 && result.output.contains("test: energy"), "\(result.errors)")
      expected = try files(folder)
      let lines = try readJSONLines(folder.appendingPathComponent("run/metrics.jsonl").path)
      // Already after three epochs better than the spread of what is learnt, 0.88 eV and 0.45 e Å on these molecules.
      let (energy, dipole) = (try #require(lines.last?["energy"]?.double), try #require(lines.last?["dipole"]?.double))
      #expect(lines.count == 3 && energy < 0.88 && dipole < 0.3, "\(energy) \(dipole)")
      let report = try String(contentsOf: folder.appendingPathComponent("run/report.html"), encoding: .utf8)
      #expect(report.contains("energy against epoch") && report.contains("<td>cutoff</td><td>4"))
    }
    try withData { folder in
      let process = try program.start(["run", "3"], in: folder)
      let deadline = Date().addingTimeInterval(120)
      let metrics = folder.appendingPathComponent("run/metrics.jsonl")
      while process.isRunning && (try? Data(contentsOf: metrics))?.contains(UInt8(ascii: "\n")) != true && Date() < deadline {
        Thread.sleep(forTimeInterval: 0.001)
      }
      kill(process.processIdentifier, SIGKILL)
      #expect(try program.result(of: process, in: folder).signal == SIGKILL)
      let last = try program.run(["run", "3"], in: folder)
      #expect(last.status == 0 && last.output.contains("resumed after epoch"), "\(last.errors)")
      for (name, (a, b)) in zip(Self.names, zip(try files(folder), expected)) { #expect(a == b, "\(name)") }
    }
  }

  /// The program, which the article shows, has under 110 lines, of which the training takes under 30.
  @Test func theProgramIsShort() throws {
    let source = try String(contentsOf: Self.root.appendingPathComponent("Tests/QM9Program/main.swift"), encoding: .utf8)
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(lines.count < 110)
    let start = try #require(lines.firstIndex { $0.hasPrefix("var choices") })
    let end = try #require(lines.firstIndex { $0.contains("monitor:") })
    #expect(end - start < 30)
  }
}
