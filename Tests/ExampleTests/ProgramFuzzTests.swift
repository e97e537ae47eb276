import Equivariant
import Foundation
import FuzzSupport
import Testing

/// Every command that takes a file, given damaged ones: it works or says what is wrong, and is never ended by a signal or by patience.
///
/// Short by default. `EQUIVARIANT_FUZZ_RUNS` gives the number of runs, `EQUIVARIANT_FUZZ_SEED` another seed; with `EQUIVARIANT_SLOW_TESTS=1`
/// there are 2,000. A file that a program fails on stays in the temporary folder, and the message names it.
@Suite struct ProgramFuzzTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let runs =
    environment["EQUIVARIANT_FUZZ_RUNS"].flatMap { Int($0) } ?? (environment["EQUIVARIANT_SLOW_TESTS"] == "1" ? 2000 : 90)
  private static let seed = environment["EQUIVARIANT_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1

  @Test func damagedFiles() throws {
    try withTemporaryFolder { folder in
      let inputs = try FuzzInputs(in: folder)
      var (values, endings) = (ValueMutator(seed: Self.seed), [Int32: Int]())
      for run in 0..<Self.runs {
        let command = inputs.commands[run % inputs.commands.count]
        let original = command.originals.randomElement(using: &values.generator)!
        let bytes = damaged(original, &values)
        let work = folder.appending(path: "work")
        try? FileManager.default.removeItem(at: work)
        try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
        for copied in command.copied { try FileManager.default.copyItem(at: copied, to: work.appending(path: copied.lastPathComponent)) }
        let file = command.place(of: original, in: work)
        try Data(bytes).write(to: file)
        let arguments = command.arguments.map { $0 == "@" ? file.path : $0 }
        let process = try command.program.start(
          arguments, in: work, environment: ["EQUIVARIANT_THREADS": "1", "SWIFT_BACKTRACE": "enable=no"])
        let result = try command.program.result(of: process, in: work, within: 60)
        endings[result.status, default: 0] += 1
        if let signal = result.signal {
          let kept = FileManager.default.temporaryDirectory.appending(path: "fuzz-\(Self.seed)-\(run)-\(file.lastPathComponent)")
          try Data(bytes).write(to: kept)
          Issue.record(
            """
            run \(run) of seed \(Self.seed) ended by signal \(signal): \(command.program.executable.lastPathComponent) \
            \(command.arguments.joined(separator: " ")), @ = \(kept.path)
            \(result.errors.suffix(600))
            """)
        }
      }
      // Some damage is none, and most is refused.
      #expect(endings[0, default: 0] < Self.runs && endings.keys.contains { $0 != 0 }, "\(endings)")
      print("\(Self.runs) damaged files of seed \(Self.seed) over \(inputs.commands.count) commands: exit statuses \(endings)")
    }
  }

  private func damaged(_ original: URL, _ values: inout ValueMutator) -> [UInt8] {
    let bytes = (try? Data(contentsOf: original)).map { Array($0) } ?? []
    let isRaw = Int.random(in: 0..<4, using: &values.generator) == 0
    switch original.pathExtension {
    case "npz" where !isRaw: return values.npz(bytes)
    case "safetensors" where !isRaw: return values.safetensors(bytes)
    default:
      let words = ["\n", "\r\n", " ", ",", ";", "nan", "-1", "1e308", "\"", "{", "}", "#", "\u{FEFF}"]
      var mutator = Mutator(seed: values.generator.next(), seeds: [bytes], words: words)
      return mutator.next()
    }
  }

  /// What a signal looks like: the harness must see it.
  @Test func signalsAreSeen() throws {
    try withTemporaryFolder { folder in
      let nbody = Program("nbody")
      let process = try nbody.start(["train", "--output", "run", "--epochs", "1000"], in: folder)
      Thread.sleep(forTimeInterval: 0.5)
      kill(process.processIdentifier, SIGKILL)
      #expect(try nbody.result(of: process, in: folder).signal == SIGKILL)
    }
  }
}
