import ArgumentParser
import Equivariant
import ExampleSupport

struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draws points uniformly from the surface of a mesh, with the normals of its triangles.",
    discussion: "Reads .off and .ply. The same seed gives the same points.")

  @Argument(help: "A mesh, .off or .ply.") var mesh: String
  @OptionGroup var target: GeometryOutput
  @Option(help: "Number of points.") var points = 4096
  @Option(help: "Seed of the points.") var seed: UInt64 = 1
  @Flag(help: "Put the centroid at the origin and the farthest corner at distance 1 first.") var normalize = false

  func validate() throws {
    guard (1...100_000_000).contains(points) else { throw ValidationError("--points must be between 1 and 100000000, not \(points)") }
  }

  func run() throws {
    let format = try target.format()
    let surface = try TriangleMesh(GeometryFile(contentsOf: mesh), path: mesh)
    var generator = RandomSource(seed: seed)
    let cloud = (normalize ? surface.normalized : surface).sampled(points, using: &generator)
    try makeFolder(of: target.output)
    try cloud.write(to: target.output, as: format)
    note("\(summary(cloud)) from \(counted(surface.triangles.count, "triangle")) of area \(significant(surface.area, 4)): \(target.output)")
  }
}

struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reads a mesh or a cloud of points and writes it in another format.",
    discussion: "Reads and writes .off, .ply, .xyz, .txt and .npy; the last three have no place for triangles.")

  @Argument(help: "A mesh or a cloud of points.") var input: String
  @OptionGroup var source: GeometryInput
  @OptionGroup var target: GeometryOutput

  func run() throws {
    let format = try target.format()
    let file = try source.read(input)
    try makeFolder(of: target.output)
    try file.write(to: target.output, as: format)
    note("\(summary(file)): \(target.output)")
  }
}
