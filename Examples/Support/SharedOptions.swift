import ArgumentParser
import Equivariant
import Foundation

/// The option `--threads` of every command that computes.
package struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads; results do not depend on it.") package var threads: Int?

  package init() {}

  package func validate() throws {
    try checkCounts([("threads", threads)], limit: Threads.limit)
  }

  /// Sets the number of threads, and makes the process keep freed memory for the next step.
  package func apply() {
    if let threads { Threads.count = threads }
    Machine.keepFreedMemory()
  }
}

/// The options of every training command that do not decide the result.
package struct SessionOptions: ParsableArguments {
  @Option(help: "Seconds between checkpoints; 0 saves after every epoch.") package var saveEvery = 10.0
  @Option(help: "Stop (as Ctrl-C would) after this many minutes.") package var minutes: Double?
  @OptionGroup package var threads: ThreadOptions

  package init() {}

  package func validate() throws {
    if !(saveEvery >= 0) { throw ValidationError("--save-every must be at least 0, not \(saveEvery)") }
    if let minutes, !(minutes >= 0) { throw ValidationError("--minutes must be at least 0, not \(minutes)") }
  }

  /// Sets the number of threads, and makes the plan of the training loops of a command that starts now.
  package func begin() -> SessionPlan {
    threads.apply()
    return SessionPlan(saveEvery: saveEvery, deadline: minutes.map { Date().addingTimeInterval(60 * $0) })
  }
}

/// The settings that the training loops of a command share.
package struct SessionPlan {
  let saveEvery: Double
  let deadline: Date?

  /// The training loop of a run.
  ///
  /// - Parameter command: the command that continues the run.
  package func session(
    _ configuration: some ModelConfiguration, in folder: RunFolder, epochs: Int, evaluateEvery: Int = 1, keepsLowest: Bool = true,
    continuedBy command: String
  ) -> TrainingSession {
    TrainingSession(
      folder: folder, configuration: configuration.json, epochs: epochs, evaluateEvery: evaluateEvery, saveEvery: saveEvery,
      deadline: deadline, resumeCommand: command, keepsLowest: keepsLowest, rateName: "--rate")
  }
}

/// Throws if a count is below 1, or so large that the result would not fit the memory of any machine.
package func checkCounts(_ counts: [(name: String, value: Int?)], limit: Int = 1_000_000) throws {
  if let objection = countObjection(counts.map { ($0.name, $0.value, 1...limit) }) { throw ValidationError(objection) }
}

/// Why one of these options is outside its range; nil if none is.
package func countObjection(_ counts: [(name: String, value: Int?, range: ClosedRange<Int>)]) -> String? {
  for case (let name, let value?, let range) in counts where !range.contains(value) {
    return "--\(name) must be at least \(range.lowerBound) and at most \(range.upperBound), not \(value)"
  }
  return nil
}
