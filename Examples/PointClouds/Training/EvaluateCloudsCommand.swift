import ArgumentParser
import Equivariant
import ExampleSupport

struct EvaluateClouds: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Prints the errors of a trained model on the test shapes, as they are and turned at random.")

  @Argument(help: "Folder of a run, or a .safetensors file.") var model = "runs/pointclouds"
  @OptionGroup var data: CloudDataOptions
  @Flag(help: "Print one line of JSON.") var json = false
  @OptionGroup var threads: ThreadOptions

  func run() throws {
    threads.apply()
    let path = modelFile(model)
    let (network, trained) = try loadCloudModel(path)
    let configuration = data.applied(to: trained)
    let shapes = try data.load(configuration)
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
