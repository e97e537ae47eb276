import Equivariant
import Foundation
import Testing

/// The training program of the article *A training program of one's own*, run as a user would, killed and resumed.
@Suite struct TrainingProgramTests {
  private let program = Program("training-program")
  private static let names = ["checkpoint.safetensors", "best.safetensors", "metrics.jsonl"]

  private func files(_ folder: URL) throws -> [[UInt8]] {
    try Self.names.map { Array(try Data(contentsOf: folder.appendingPathComponent("run/" + $0))) }
  }

  private func lines(_ folder: URL) -> Int {
    (try? Data(contentsOf: folder.appendingPathComponent("run/metrics.jsonl")))?.count { $0 == UInt8(ascii: "\n") } ?? 0
  }

  /// Starts the program, sends it a signal after a number of epochs, and gives how it ended.
  private func run(_ folder: URL, signal: Int32, afterEpochs epochs: Int) throws -> Program.Result {
    let process = try program.start(["run"], in: folder)
    let deadline = Date().addingTimeInterval(60)
    while process.isRunning && lines(folder) < epochs && Date() < deadline { Thread.sleep(forTimeInterval: 0.0005) }
    kill(process.processIdentifier, signal)
    return try program.result(of: process, in: folder)
  }

  @Test func killedAndResumed() throws {
    var expected: [[UInt8]] = []
    try withTemporaryFolder { folder in
      let result = try program.run(["run"], in: folder)
      #expect(result.status == 0 && result.output.contains("after epoch"), "\(result.errors)")
      expected = try files(folder)
      let last = try #require(readJSONLines(folder.appendingPathComponent("run/metrics.jsonl").path).last)
      #expect(try #require(last["mae"]?.double) < 0.1)
    }
    try withTemporaryFolder { folder in
      var kills = 0
      for epochs in [2, 7, 15, 24] { kills += try run(folder, signal: SIGKILL, afterEpochs: epochs).signal == SIGKILL ? 1 : 0 }
      #expect(kills > 1)
      let interrupted = try run(folder, signal: SIGINT, afterEpochs: lines(folder) + 3)
      #expect(interrupted.status == 0 && interrupted.signal == nil, "\(interrupted.errors)")
      #expect(interrupted.output.contains("all saved; run the program again to continue"))
      let last = try program.run(["run"], in: folder)
      #expect(last.status == 0 && last.output.contains("resumed after epoch"), "\(last.errors)")
      let resumed = try files(folder)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/run").sorted() == Self.names.sorted())
      for (name, (a, b)) in zip(Self.names, zip(resumed, expected)) { #expect(a == b, "\(name) after \(kills) kills") }
    }
  }
}
