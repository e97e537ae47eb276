import ArgumentParser
import Equivariant
import ExampleSupport

/// The data sets that are generated rather than read.
enum ShapeSet: String, CaseIterable, ExpressibleByArgument {
  case primitives, composites

  func dataset(train: Int, test: Int, points: Int, seed: UInt64) -> PointCloudDataset {
    switch self {
    case .primitives: .primitives(train: train, test: test, points: points, seed: seed)
    case .composites: .composites(train: train, test: test, points: points, seed: seed)
    }
  }
}

struct Shapes: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the synthetic sets: simple shapes to be classified, or things to be divided into parts.",
    discussion: """
      NumPy arrays (.npz): points and normals [shapes, n, 3] (float32), is_test [shapes], labels [shapes] (classes), names [shapes], for \
      composites parts [shapes, n], and label_names: those of the classes, or for composites of the parts. Normals are exact. The same \
      seed gives the same shapes.
      """)

  @Option(
    help:
      "primitives (\(PrimitiveShape.allCases.count) classes) or composites (\(CompositeShape.allCases.count) kinds of \(CompositeShape.allParts.count) parts)."
  )
  var kind = ShapeSet.primitives
  @Option(help: "Shapes of each class to learn from.") var train = 80
  @Option(help: "Shapes of each class to be tested on.") var test = 20
  @Option(help: "Points of each shape.") var points = 1024
  @Option(help: "Seed of the shapes.") var seed: UInt64 = 1
  @Option(name: .shortAndLong, help: "File to write.") var output = "shapes.npz"
  @Flag(help: "Compress the archive.") var compress = false

  func validate() throws {
    for (name, value, least) in [("train", train, 0), ("test", test, 0), ("points", points, 1)] {
      guard (least...1_000_000).contains(value) else {
        throw ValidationError("--\(name) must be between \(least) and 1000000, not \(value)")
      }
    }
    guard train + test > 0 else { throw ValidationError("--train and --test must not both be 0") }
    guard output.hasSuffix(".npz") else { throw ValidationError("--output is the name of an .npz file, not \(output)") }
  }

  func run() throws {
    let set = kind.dataset(train: train, test: test, points: points, seed: seed)
    let clouds = set.train + set.test
    var arrays: [(String, NumericArray)] = [
      ("points", NumericArray(clouds.flatMap(\.points), shape: [clouds.count, points, 3])),
      ("normals", NumericArray(clouds.flatMap(\.normals), shape: [clouds.count, points, 3])),
      ("is_test", NumericArray(clouds.indices.map { UInt8($0 < set.train.count ? 0 : 1) })),
      ("labels", NumericArray(clouds.map { Int32($0.label) })),
      ("names", NumericArray(strings: clouds.map(\.name))), ("label_names", NumericArray(strings: set.labels)),
    ]
    if kind == .composites {
      arrays.append(("parts", NumericArray(clouds.flatMap { $0.parts.map { Int16($0) } }, shape: [clouds.count, points])))
    }
    try makeFolder(of: output)
    try NumericArchive.write(arrays, to: output, compression: compress ? .deflated : .stored)
    note("\(set.train.count) shapes to learn from and \(set.test.count) to test on, \(points) points each: \(output)")
  }
}
