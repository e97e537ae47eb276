import ArgumentParser
import Equivariant
import ExampleSupport

struct EvaluateClouds: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Prints the errors of a trained model on the test shapes, as they are and turned at random.")

  @Argument(help: "Folder of a run, or a .safetensors file.") var model = "runs/pointclouds"
  @OptionGroup var data: CloudDataOptions
  @Flag(help: "Print one line of JSON.") var json = false
  @Option(help: "Threads; results do not depend on it.") var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1, not \(threads)") }
  }

  func run() throws {
    if let threads { Threads.count = threads }
    let path = modelFile(model)
    let (network, configuration) = try loadCloudModel(path)
    let shapes = try data.load(configuration.task)
    try configuration.check(shapes)
    let reports = RotationProtocol.allCases.map { ($0, CloudReport(network, configuration, shapes.test, $0)) }
    if json {
      var object: JSONObject = ["model": .string(path), "task": .string(configuration.task.rawValue)]
      for (rotations, report) in reports { object[rotations.rawValue] = .object(report.json) }
      print(JSONValue.object(object).description)
      return
    }
    print(
      "\(path) (\(configuration.model.rawValue), \(network.parameterCount) parameters, trained \(configuration.rotations.label)) on "
        + "\(shapes.test.count) test shapes")
    for (rotations, report) in reports { print("  \(configuration.rotations.label)/\(rotations.label): \(report.text)") }
  }
}
