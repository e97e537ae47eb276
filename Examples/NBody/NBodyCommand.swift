import ArgumentParser
import Equivariant

@main struct NBodyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nbody", abstract: "Learning the n-body problem with equivariant networks.",
    discussion: "`nbody train` then `nbody report` is all a newcomer needs; each command has its own --help.",
    subcommands: [Train.self, Evaluate.self, Rollout.self, Simulate.self, Report.self])
}
