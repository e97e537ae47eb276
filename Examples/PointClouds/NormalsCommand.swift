import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

/// How normals are estimated.
enum NormalMethod: String, CaseIterable, ExpressibleByArgument {
  /// The plane that fits the nearest points best.
  case pca
  /// A trained network, on patches of the cloud.
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

/// The angles in degrees between the lines of two sets of vectors [point][3]; nil where one of them has length 0.
func unorientedAngles(_ a: [Double], _ b: [Double]) -> [Double?] {
  stride(from: 0, to: a.count, by: 3).map { start in
    let (x, y) = (SIMD3(a[start], a[start + 1], a[start + 2]), SIMD3(b[start], b[start + 1], b[start + 2]))
    let scale = (max(x.max(), -x.min()), max(y.max(), -y.min()))
    guard scale.0 > 0, scale.1 > 0 else { return nil }
    let (u, v) = (x / scale.0, y / scale.1)
    let cross = SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
    // The arc cosine would lose small angles.
    return atan2((cross * cross).sum().squareRoot(), (u * v).sum().magnitude) * 180 / .pi
  }
}
