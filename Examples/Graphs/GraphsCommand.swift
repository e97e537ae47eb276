import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

@main struct GraphsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graphs", abstract: "What networks on graphs can tell apart, and how well they classify graphs.",
    discussion: """
      `graphs separate Data/graphs/graph8c.g6` and `graphs cross-validate --data Data/graphs/MUTAG` are the first things to try; each command \
      has its own --help.
      """,
    subcommands: [
      Separate.self, Classify.self, Brec.self, TrainGraphs.self, CrossValidate.self, EvaluateGraphs.self, GraphReport.self,
    ])
}

/// The options that the commands share.
struct CommonOptions: ParsableArguments {
  @Option(help: "refined: one canonical order of the nodes; blocks: as published, an order drawn from those that sort the spectrum.")
  var frame = SpectralFrame.Form.refined
  @Option(help: "Seed of weights and permutations.") var seed: UInt64 = 0
  @OptionGroup var threads: ThreadOptions
  @Flag(help: "Print one line of JSON for each model.") var json = false

  /// Sets the number of threads, and lets Ctrl-C end the program even if the parent has blocked or ignored it, since no file is ever
  /// written.
  func apply() {
    threads.apply()
    signal(SIGINT, SIG_DFL)
    var interrupt = sigset_t()
    sigemptyset(&interrupt)
    sigaddset(&interrupt, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &interrupt, nil)
  }
}

extension SpectralFrame.Form: ExpressibleByArgument {}
