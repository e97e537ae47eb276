import Equivariant
import Foundation
import Testing

/// A killed run resumes with the same bits; threads change nothing.
@Suite struct ResumeTests {
  private let nbody = Program("nbody")
  private let small = [
    "train", "--output", "run", "--hidden", "8", "--layers", "2", "--epochs", "40", "--train-count", "300", "--batch", "50", "--average",
    "0.9",
    "--clip", "4", "--evaluate-every", "7", "--save-every", "0",
  ]

  private func checkpoint(_ folder: URL) throws -> [UInt8] { try bytes(folder, "run/checkpoint.safetensors") }
  private func bytes(_ folder: URL, _ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appendingPathComponent(name))) }

  /// Epochs that a run has finished, by its metrics.
  private func lines(_ folder: URL) -> Int {
    (try? bytes(folder, "run/metrics.jsonl"))?.count { $0 == UInt8(ascii: "\n") } ?? 0
  }

  @Test func sameBitsOnOneAndTwoThreads() throws {
    var files: [[UInt8]] = []
    for threads in ["1", "2", "2"] {
      try withTemporaryFolder { folder in
        let result = try nbody.run(small + ["--threads", threads], in: folder)
        #expect(result.status == 0, "\(result.errors)")
        files.append(try checkpoint(folder) + bytes(folder, "run/best.safetensors") + bytes(folder, "run/metrics.jsonl"))
      }
    }
    #expect(files[0] == files[1])
    #expect(files[1] == files[2])
  }

  @Test func resumesAfterKillAtRandomMoments() throws {
    var undisturbed: [UInt8] = []
    try withTemporaryFolder { folder in
      let result = try nbody.run(small, in: folder)
      #expect(result.status == 0, "\(result.errors)")
      undisturbed = try checkpoint(folder) + bytes(folder, "run/best.safetensors") + bytes(folder, "run/metrics.jsonl")
    }
    var generator = RandomSource(seed: 77)
    for _ in 0..<3 {
      try withTemporaryFolder { folder in
        var kills = 0
        var arguments = small
        for attempt in 0..<60 {
          let process = try nbody.start(arguments, in: folder)
          if attempt < 6 {
            // Some epochs further, and then at any moment of the next one.
            let epochs = lines(folder) + Int.random(in: 1...5, using: &generator)
            while process.isRunning && lines(folder) < epochs { Thread.sleep(forTimeInterval: 0.001) }
            Thread.sleep(forTimeInterval: 0.03 * generator.uniform())
            kill(process.processIdentifier, SIGKILL)
          }
          let result = try nbody.result(of: process, in: folder)
          if result.signal == SIGKILL {
            kills += 1
          } else {
            #expect(result.status == 0, "\(result.errors)")
            break
          }
          let started = FileManager.default.fileExists(atPath: folder.appendingPathComponent("run/checkpoint.safetensors").path)
          arguments = started ? ["train", "--resume", "--output", "run", "--save-every", "0"] : small
        }
        let resumed = try checkpoint(folder) + bytes(folder, "run/best.safetensors") + bytes(folder, "run/metrics.jsonl")
        #expect(resumed == undisturbed, "after \(kills) kills")
        #expect(kills > 0)
      }
    }
  }

  /// With one batch an epoch a run is stopped between epochs, and ends with the same bits.
  @Test func stopsBetweenEpochsOfOneBatch() throws {
    try withTemporaryFolder { folder in
      var whole = small
      whole[whole.firstIndex(of: "50")!] = "300"
      whole[whole.firstIndex(of: "run")!] = "whole"
      #expect(try nbody.run(whole, in: folder).status == 0)
      whole[whole.firstIndex(of: "whole")!] = "run"
      let stopped = try nbody.run(whole + ["--minutes", "0"], in: folder)
      #expect(stopped.output.contains("stopped after epoch 1, all saved; continue with: nbody train --resume --output run"))
      #expect(lines(folder) == 1)
      let process = try nbody.start(["train", "--resume", "--output", "run", "--save-every", "1000"], in: folder)
      while process.isRunning && lines(folder) < 3 { Thread.sleep(forTimeInterval: 0.001) }
      kill(process.processIdentifier, SIGINT)
      let interrupted = try nbody.result(of: process, in: folder, within: 60)
      #expect(interrupted.status == 0 && interrupted.signal == nil, "\(interrupted.errors)")
      #expect(try nbody.run(["train", "--resume", "--output", "run"], in: folder).status == 0)
      for name in ["checkpoint.safetensors", "best.safetensors", "metrics.jsonl"] {
        #expect(try bytes(folder, "run/" + name) == bytes(folder, "whole/" + name), "\(name)")
      }
    }
  }

  /// There is a checkpoint before there is anything else, and a run without one is not written over.
  @Test func keepsWhatIsThere() throws {
    try withTemporaryFolder { folder in
      let process = try nbody.start(small + ["--evaluate-every", "1", "--save-every", "1000"], in: folder)
      let checkpoint = folder.appendingPathComponent("run/checkpoint.safetensors")
      while process.isRunning && lines(folder) < 1 { Thread.sleep(forTimeInterval: 0.001) }
      kill(process.processIdentifier, SIGKILL)
      _ = try nbody.result(of: process, in: folder)
      #expect(try SafetensorsFile(contentsOf: checkpoint.path).metadata["best"] == nil)
      let best = try bytes(folder, "run/best.safetensors")
      try FileManager.default.removeItem(at: checkpoint)
      try nbody.expectRefusal(of: small, saying: "run holds a run already", in: folder)
      #expect(try bytes(folder, "run/best.safetensors") == best)
      try FileManager.default.removeItem(at: folder.appendingPathComponent("run/best.safetensors"))
      #expect(try nbody.run(small + ["--minutes", "0"], in: folder).status == 0)
      #expect(lines(folder) == 0)
    }
  }

  /// The first step at a rate without bounds.
  @Test func tellsTheCureOfDivergence() throws {
    try withTemporaryFolder { folder in
      let result = try nbody.run(small + ["--rate", "1e30", "--preset", "paper"], in: folder)
      #expect(result.status != 0 && result.errors.contains("begin again in another folder with a --rate below 1e+30"), "\(result.errors)")
    }
  }

  @Test func savesOnInterrupt() throws {
    try withTemporaryFolder { folder in
      var long = small
      long[long.firstIndex(of: "40")!] = "100000"
      let process = try nbody.start(long + ["--save-every", "1000"], in: folder)
      while process.isRunning && lines(folder) < 2 { Thread.sleep(forTimeInterval: 0.01) }
      kill(process.processIdentifier, SIGINT)
      let result = try nbody.result(of: process, in: folder)
      #expect(result.status == 0 && result.signal == nil)
      #expect(result.output.contains("continue with: nbody train --resume --output run"))
      _ = try SafetensorsFile(contentsOf: folder.appendingPathComponent("run/checkpoint.safetensors").path)
    }
  }
}
