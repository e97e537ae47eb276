import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the errors of a trained model.",
    discussion: """
      The model comes from a run's folder (its best.safetensors) or from a file. The samples are those that it was trained on: simulated again \
      from the seed that the file names, or read from its data. With --data they are read from an .npz file of trajectories, as `nbody simulate` \
      writes it (all of them, or with --split train, valid or test the first eight tenths, the next tenth or the last), or with arrays <split>_x0, \
      <split>_v0, <split>_x1 [sample, 3, body], <split>_charges [sample, body] and <split>_edges [sample, body, body]: products of charges where \
      edges are missing, which springs do not have.
      """)

  @Argument(help: "Folder of a run, or a .safetensors file.") var model = "runs/nbody"
  @Option(help: "train, valid or test. (default: test, or all trajectories of --data)") var split: String?
  @Option(help: "An .npz file to read the samples from.") var data: String?
  @Option(help: "Seed of the simulated data, where it is not that of the run.") var dataSeed: UInt32?
  @Option(help: "Random poses of the grid to average over, of a model with a grid; 0 for its own.") var poses: Int?
  @Flag(help: "Print one line of JSON.") var json = false
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if let split, !["train", "valid", "test"].contains(split) { throw ValidationError("--split is train, valid or test, not \(split)") }
    if data != nil, dataSeed != nil { throw ValidationError("--data-seed has no effect: --data is not simulated") }
    if let objection = countObjection([("poses", poses, 0...1000)]) { throw ValidationError(objection) }
  }

  func run() throws {
    threads.apply()
    let path = modelFile(model)
    var (network, configuration, _) = try RunConfiguration.load(path)
    let name = configuration.modelName
    if let poses {
      guard let averaged = network.network.averaged(overPoses: poses) else {
        throw ValidationError("--poses has no effect: \(path) is of \(name), which has no grid")
      }
      network.network = averaged
    }
    let samples: NBodySplit<Float>
    let training: NBodySplit<Float>
    var splitName = split ?? "test"
    if let data {
      let file = try NBodyFile(contentsOf: data)
      let requiresEdges = configuration.data.system == .springs
      samples = try file.samples(split, frames: RunConfiguration.frames, requiresEdges: requiresEdges)
      if file.holdsTrajectories && split == nil { splitName = "simulated" }
      training =
        file.holdsTrajectories || !file.contains("train")
        ? samples : try file.samples("train", frames: RunConfiguration.frames, requiresEdges: requiresEdges)
    } else {
      if let dataSeed {
        if configuration.data.file != nil { throw ValidationError("--data-seed has no effect: the data of \(path) are not simulated") }
        configuration.data.seed = dataSeed
      }
      let set = try dataset(configuration)
      samples = split == "train" ? set.train : split == "valid" ? set.valid : set.test
      training = set.train
    }
    let result = Evaluation(of: network, on: NBodySamples(samples))
    let time = Baseline.linearTime(training)
    let figures: [(String, String, Double)] = [
      ("mse", "mean squared error", result.mse), ("median", "median over samples", result.quantile(0.5)),
      ("trimmed", "mean without the worst 5 %", result.trimmed), ("p99", "99th percentile", result.quantile(0.99)),
      ("worst", "worst sample", result.quantile(1)),
      ("linear", String(format: "linear baseline x + %.3f v", time), Baseline.error(time: time, samples)),
      ("static", "no motion", Baseline.error(time: 0, samples)),
    ]
    if json {
      var object = JSONObject()
      object["model"] = .string(path)
      object["split"] = .string(splitName)
      object["samples"] = .integer(samples.count)
      for (key, _, value) in figures { object[key] = .number(value) }
      print(JSONValue.object(object).description)
      return
    }
    print("\(path) (\(name), \(network.parameterCount) parameters) on \(samples.count) \(splitName) samples")
    for (_, name, value) in figures {
      print("  " + name.padding(toLength: 32, withPad: " ", startingAt: 0) + String(format: "%.6f", value))
    }
  }
}
