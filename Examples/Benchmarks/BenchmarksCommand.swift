import ArgumentParser
import CKernels
import Equivariant

@main struct BenchmarksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmarks", abstract: "Measures speed; prints one JSON line per figure (seconds is the median).",
    subcommands: [Engine.self])

  struct Engine: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Tensor operations, matrix products, EGNN training steps.")
    @Option(help: "Only figures whose name contains one of these, separated by commas.") var only = ""
    @Option(help: "Seconds of timed runs for each figure.") var budget = 1.0
    @Option(help: "Threads of the training steps, one number; 1 and 2 where not given.") var threads: Int?

    func run() {
      printMachine()
      var bench = Bench(budget: budget, only: only.split(separator: ",").map(String.init))
      if let threads { bench.threadCounts = [max(1, threads)] }
      EngineBenchmarks(bench: bench).run()
    }
  }
}

/// What the figures depend on.
func printMachine() {
  Bench.line(
    "machine", [:],
    ["blas_core": Machine.blasCore, "kernels": String(cString: ck_level_name()), "processors": Threads.processorCount])
}
