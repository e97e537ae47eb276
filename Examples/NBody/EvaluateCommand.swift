import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the errors of a trained model.",
    discussion: """
      The model comes from a run's folder (its best.safetensors) or from a file. The samples are simulated again from the seed that the file \
      names, or read with --data from an .npz file with arrays <split>_x0, <split>_v0, <split>_x1 [sample, 3, body] and <split>_charges.
      """)

  @Argument(help: "Folder of a run, or a .safetensors file.") var model = "runs/nbody"
  @Option(help: "train, valid or test.") var split = "test"
  @Option(help: "An .npz file to read the samples from.") var data: String?
  @Option(help: "Random poses of the grid of ponita to average over; 0 for its own.") var poses = 0
  @Flag(help: "Print one line of JSON.") var json = false
  @Option(help: "Threads; results do not depend on it.") var threads: Int?

  func validate() throws {
    guard ["train", "valid", "test"].contains(split) else { throw ValidationError("--split is train, valid or test, not \(split)") }
    if poses < 0 { throw ValidationError("--poses must be at least 0, not \(poses)") }
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1, not \(threads)") }
  }

  func run() throws {
    if let threads { Threads.count = threads }
    let path = modelFile(model)
    var (network, configuration) = try loadModel(path)
    network.poses = poses
    let samples: NBodySplit<Float>
    let training: NBodySplit<Float>
    if let data {
      let archive = try NumericArchive(contentsOf: data)
      samples = try NBodySplit(from: archive, split)
      training = archive.contains("train_x0") ? try NBodySplit(from: archive, "train") : samples
    } else {
      let set = makeDataset(configuration)
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
      object["split"] = .string(split)
      object["samples"] = .integer(samples.count)
      for (key, _, value) in figures { object[key] = .number(value) }
      print(JSONValue.object(object).description)
      return
    }
    print("\(path) (\(configuration.model.rawValue), \(network.parameterCount) parameters) on \(samples.count) \(split) samples")
    for (_, name, value) in figures {
      print("  " + name.padding(toLength: 32, withPad: " ", startingAt: 0) + String(format: "%.6f", value))
    }
  }
}

extension NBodySplit where Scalar == Float {
  /// Samples of the upstream layout: positions and velocities [sample, 3, body], charges [sample, body, 1].
  init(from archive: NumericArchive, _ split: String) throws {
    let x0 = try archive.array("\(split)_x0")
    guard x0.shape.count == 3, x0.shape[1] == 3 else {
      throw FileFormatError(
        .malformed, path: archive.path, place: .init(entry: "\(split)_x0"),
        cause: "the shape [sample, 3, body] is expected, it is \(x0.shape)",
        cure: "transpose the array")
    }
    let (count, bodies) = (x0.shape[0], x0.shape[2])
    func coordinates(_ name: String) throws -> [Float] {
      let array = try archive.array(name)
      guard array.shape == x0.shape else {
        throw FileFormatError(
          .malformed, path: archive.path, place: .init(entry: name), cause: "the shape \(x0.shape) is expected, it is \(array.shape)",
          cure: "make all arrays from the same samples")
      }
      let values = try array.floats()
      return (0..<values.count).map { k in
        let (s, rest) = (k / (3 * bodies), k % (3 * bodies))
        return values[s * 3 * bodies + (rest % 3) * bodies + rest / 3]
      }
    }
    let charges = try archive.floats("\(split)_charges")
    guard charges.count == count * bodies else {
      throw FileFormatError(
        .malformed, path: archive.path, place: .init(entry: "\(split)_charges"),
        cause: "\(count * bodies) charges are expected, there are \(charges.count)", cure: "give one charge for each body")
    }
    self.init(
      bodies: bodies, charges: charges, positions0: try coordinates("\(split)_x0"), velocities0: try coordinates("\(split)_v0"),
      positions1: try coordinates("\(split)_x1"))
  }
}
