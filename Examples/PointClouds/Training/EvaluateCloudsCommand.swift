import ArgumentParser
import Equivariant
import ExampleSupport

struct EvaluateClouds: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Prints the errors of a trained model on the test shapes, as they are and turned at random.",
    discussion: """
      Beside the folder of a run or a .safetensors file the command takes what other shapes than those of the run come from:

      \(DataSettings.help)
      """)

  @Flag(help: "Print one line of JSON.") var json = false
  @OptionGroup var threads: ThreadOptions
  @Argument(
    parsing: .allUnrecognized,
    help: "Folder of a run, or a .safetensors file (default: runs/pointclouds), and settings as listed above.") var words: [String] = []

  func validate() throws {
    var data = DataSettings()
    do { _ = try data.take(words) } catch { throw ValidationError(error.description) }
  }

  func run() throws {
    threads.apply()
    var given = DataSettings()
    let path = modelFile(try given.take(words).argument ?? "runs/pointclouds")
    var (network, configuration, _) = try CloudConfiguration.load(path)
    try configuration.complete(given: configuration.data.take(words).given)
    let shapes = try configuration.data.shapes(for: configuration.task.kind)
    try configuration.check(shapes)
    let reports = RotationProtocol.allCases.map { ($0, CloudReport(network, configuration, shapes.test, $0)) }
    if json {
      var object: JSONObject = ["model": .string(path), "task": .string(configuration.task.kind.rawValue)]
      for (rotations, report) in reports { object[rotations.rawValue] = .object(report.json) }
      print(JSONValue.object(object).description)
      return
    }
    let label = configuration.task.rotations.label
    print(
      "\(path) (\(configuration.modelName), \(network.parameterCount) parameters, trained \(label)) on \(shapes.test.count) test shapes")
    for (rotations, report) in reports { print("  \(label)/\(rotations.label): \(report.text)") }
  }
}
