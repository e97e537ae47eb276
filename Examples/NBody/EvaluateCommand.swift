import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the errors of a trained model.",
    discussion: """
      The model comes from a run's folder (its best.safetensors) or from a file. The samples are simulated again from the seed that the file \
      names, or read with --data from an .npz file with arrays <split>_x0, <split>_v0, <split>_x1 [sample, 3, body], <split>_charges [sample, body] and <split>_edges \
      [sample, body, body], as `nbody simulate` gives edges: products of charges where they are missing, which springs do not have.
      """)

  @Argument(help: "Folder of a run, or a .safetensors file.") var model = "runs/nbody"
  @Option(help: "train, valid or test.") var split = "test"
  @Option(help: "An .npz file to read the samples from.") var data: String?
  @Option(help: "Random poses of the grid of ponita to average over; 0 for its own.") var poses = 0
  @Flag(help: "Print one line of JSON.") var json = false
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    guard ["train", "valid", "test"].contains(split) else { throw ValidationError("--split is train, valid or test, not \(split)") }
    if let objection = countObjection([("poses", poses, 0...1000)]) { throw ValidationError(objection) }
  }

  func run() throws {
    threads.apply()
    let path = modelFile(model)
    var (network, configuration) = try loadModel(path)
    if configuration.model != .ponita { try refuseOptions(["--poses"], because: "\(path) is not of ponita") }
    network.poses = poses
    let samples: NBodySplit<Float>
    let training: NBodySplit<Float>
    if let data {
      let archive = try NumericArchive(contentsOf: data)
      samples = try NBodySplit(from: archive, split, of: configuration.system)
      training = archive.contains("train_x0") ? try NBodySplit(from: archive, "train", of: configuration.system) : samples
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
  /// Samples of the upstream layout: positions and velocities [sample, 3, body], charges [sample, body, 1], and where they are there edges
  /// [sample, body, body].
  init(from archive: NumericArchive, _ split: String, of system: SystemKind) throws {
    func wrong(_ name: String, _ cause: String, _ cure: String) -> FileFormatError {
      FileFormatError(.malformed, path: archive.path, place: .init(entry: "\(split)_\(name)"), cause: cause, cure: cure)
    }
    let shape = try archive.array("\(split)_x0").shape
    guard shape.count == 3, shape[0] > 0, shape[1] == 3, shape[2] > 1 else {
      throw wrong(
        "x0", "the shape [sample, 3, body] with samples and at least two bodies is expected, it is \(shape)", "transpose the array")
    }
    let (count, bodies) = (shape[0], shape[2])
    func numbers(_ name: String, count: Int) throws -> [Float] {
      let values = try archive.floats("\(split)_\(name)")
      guard values.count == count else {
        throw wrong(name, "\(count) numbers are expected, there are \(values.count)", "make all arrays from the same samples")
      }
      if let place = values.firstIndex(where: { !$0.isFinite }) {
        throw wrong(name, "number \(place) is \(values[place])", "leave out samples that are not finite")
      }
      return values
    }
    func coordinates(_ name: String) throws -> [Float] {
      let found = try archive.array("\(split)_\(name)").shape
      guard found == shape else {
        throw wrong(name, "the shape \(shape) is expected, it is \(found)", "make all arrays from the same samples")
      }
      let values = try numbers(name, count: 3 * count * bodies)
      return values.indices.map { k in
        let (s, rest) = (k / (3 * bodies), k % (3 * bodies))
        return values[s * 3 * bodies + (rest % 3) * bodies + rest / 3]
      }
    }
    let hasEdges = archive.contains("\(split)_edges")
    guard hasEdges || system != .springs else {
      throw wrong("edges", "there is no such array, and charges do not tell which bodies springs join", "give edges [sample, body, body]")
    }
    self.init(
      bodies: bodies, charges: try numbers("charges", count: count * bodies),
      edges: hasEdges ? try numbers("edges", count: count * bodies * bodies) : nil, positions0: try coordinates("x0"),
      velocities0: try coordinates("v0"), positions1: try coordinates("x1"))
  }
}
