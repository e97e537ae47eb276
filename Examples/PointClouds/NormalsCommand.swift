import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

/// How normals are estimated.
enum NormalMethod: String, CaseIterable, ExpressibleByArgument {
  /// By the plane that fits the nearest points best.
  case pca
  /// By a trained network, on patches of the cloud.
  case model
}

struct Normals: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Estimates the normals of a cloud of points; they have no orientation.",
    discussion: """
      Reads .off, .ply, .xyz, .txt and .npy, in the unit of length of the file; clouds of a million points and more in memory that grows with \
      the points alone. Where the file has normals, the error of the estimated ones is printed.
      """)

  @Argument(help: "A cloud of points.") var cloud: String
  @OptionGroup var source: GeometryInput
  @OptionGroup var target: GeometryOutput
  @Option(help: "pca (the plane that fits the nearest points best) or model (a trained network).") var method = NormalMethod.pca
  @Option(help: "For pca: the points to fit a plane to, the point itself among them.") var neighbors = 20
  @Option(help: "For model: folder of a run of `pointclouds train --task normals`, or a .safetensors file.") var model: String?
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    guard (3...1000).contains(neighbors) else { throw ValidationError("--neighbors must be between 3 and 1000, not \(neighbors)") }
    guard (method == .model) == (model != nil) else {
      throw ValidationError(method == .model ? "--method model needs --model" : "--model is for --method model")
    }
  }

  func run() throws {
    threads.apply()
    let format = try target.format()
    let network = try model.map { try TrainedNormals($0) }
    let file = try source.read(cloud)
    let least = network?.leastPoints ?? 3
    guard file.count >= least else {
      throw FileFormatError(
        .malformed, path: cloud, cause: "normals need at least \(least) points here, there are \(file.count)",
        cure: "give a cloud of more points")
    }
    // Networks take their time and ask after every few patches; the plane fit may be killed, which leaves no file behind.
    if network != nil { Interruption.watch() }
    let start = Date()
    let points = Tensor(file.points, shape: [1, file.count, 3])
    let normals = try network.map { try patchwiseNormals(of: points, by: $0) } ?? points.planeNormals(neighbors: neighbors)
    let seconds = Date().timeIntervalSince(start)
    // Normals are as exact as single precision is; points keep theirs.
    let rounded = normals.elements.map { Double(Float($0)) }
    let result = GeometryFile(points: file.points, normals: rounded, triangles: file.triangles)
    try makeFolder(of: target.output)
    try result.write(to: target.output, as: format)
    note(
      "\(summary(result)) in \(significant(seconds)) s (\(grouped(Int(Double(file.count) / max(seconds, 1e-9)))) points a second): "
        + target.output)
    if let truth = file.normals {
      let angles = unorientedAngles(rounded, truth).compactMap { $0 }
      if !angles.isEmpty { note("against the file's normals: \(NormalErrors(angles: angles).text)") }
    }
  }
}
