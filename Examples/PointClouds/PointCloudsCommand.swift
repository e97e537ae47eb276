import ArgumentParser

@main struct PointCloudsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pointclouds", abstract: "Normals, classes and parts of clouds of points.",
    discussion: "Each command has its own --help.",
    subcommands: [
      Sample.self, Convert.self, Normals.self, Shapes.self, CloudPages.self, TrainClouds.self, EvaluateClouds.self, Protocols.self,
    ])
}
