import DifferentiableTensors
import FileFormats

/// Clouds of points to learn from and to test on.
public struct PointCloudDataset: Sendable {
  /// The clouds to learn from.
  public let train: [PointCloud]
  /// The clouds to test on.
  public let test: [PointCloud]
  /// The names of the classes or of the parts, by their numbers; empty for normals.
  public let labels: [String]

  /// A set of the given clouds.
  public init(train: [PointCloud], test: [PointCloud], labels: [String] = []) {
    (self.train, self.test, self.labels) = (train, test, labels)
  }

  /// Shapes with normals from an archive: arrays `points` and `normals` [shapes, n, 3], `is_test` [shapes] and, optionally, `names`
  /// [shapes] as byte strings.
  /// - Throws: `FileFormatError` for a file that cannot be read, arrays of other shapes, numbers that are not finite, normals
  ///   that are not of length 1 (to 10⁻³), and a set without shapes of either kind.
  public init(normals path: String) throws(FileFormatError) {
    let archive = try NumericArchive(contentsOf: path)
    func wrong(_ entry: String, _ cause: String) -> FileFormatError {
      FileFormatError(
        .malformed, path: path, place: .init(entry: entry), cause: cause,
        cure: "give arrays points and normals [shapes, n, 3] and is_test [shapes]")
    }
    let (shape, flags) = (try archive.array("points").shape, try archive.ints("is_test"))
    guard shape.count == 3, shape[1] > 0, shape[2] == 3 else {
      throw wrong("points", "the shape [shapes, n, 3] is expected, it is \(shape)")
    }
    guard try archive.array("normals").shape == shape else { throw wrong("normals", "the shape \(shape) of the points is expected") }
    guard flags.count == shape[0] else { throw wrong("is_test", "\(shape[0]) numbers are expected, there are \(flags.count)") }
    let (points, normals) = (try archive.floats("points"), try archive.floats("normals"))
    if let place = points.firstIndex(where: { !($0.magnitude < 1e18) }) {
      throw wrong("points", "number \(place) is \(points[place]), a finite coordinate is expected")
    }
    for start in stride(from: 0, to: normals.count, by: 3) {
      let square = normals[start..<start + 3].reduce(0) { $0 + $1 * $1 }
      guard (square - 1).magnitude < 2e-3 else { throw wrong("normals", "normal \(start / 3) has the length \(square.squareRoot())") }
    }
    let names = archive.contains("names") ? try archive.strings("names") : (0..<shape[0]).map { "shape \($0)" }
    guard names.count == shape[0] else { throw wrong("names", "\(shape[0]) names are expected, there are \(names.count)") }
    let width = 3 * shape[1]
    let clouds = (0..<shape[0]).map { i in
      PointCloud(name: names[i], points: Array(points[i * width..<(i + 1) * width]), normals: Array(normals[i * width..<(i + 1) * width]))
    }
    train = clouds.indices.filter { flags[$0] == 0 }.map { clouds[$0] }
    test = clouds.indices.filter { flags[$0] != 0 }.map { clouds[$0] }
    labels = []
    guard !train.isEmpty, !test.isEmpty else { throw wrong("is_test", "shapes of both kinds are expected") }
  }

  /// Every kind of ``PrimitiveShape``, to be classified: `train` and `test` shapes of each.
  public static func primitives(train: Int, test: Int, points: Int, seed: UInt64) -> PointCloudDataset {
    make(PrimitiveShape.allCases, train, test, seed, labels: PrimitiveShape.allCases.map(\.rawValue)) { $0.sampled(points, using: &$1) }
  }

  /// Every kind of ``CompositeShape``, to be divided into parts: `train` and `test` objects of each.
  public static func composites(train: Int, test: Int, points: Int, seed: UInt64) -> PointCloudDataset {
    make(CompositeShape.allCases, train, test, seed, labels: CompositeShape.allParts) { $0.sampled(points, using: &$1) }
  }

  /// The kinds in turn; every cloud has a generator of its own, so that it depends on its number alone.
  private static func make<Kind>(
    _ kinds: [Kind], _ train: Int, _ test: Int, _ seed: UInt64, labels: [String], _ draw: (Kind, inout RandomSource) -> PointCloud
  ) -> PointCloudDataset {
    var source = RandomSource(seed: seed)
    var (trainSource, testSource) = (source.split(), source.split())
    func clouds(_ count: Int, _ source: inout RandomSource) -> [PointCloud] {
      (0..<count).flatMap { _ in
        kinds.map { kind in
          var generator = source.split()
          return draw(kind, &generator)
        }
      }
    }
    return PointCloudDataset(train: clouds(train, &trainSource), test: clouds(test, &testSource), labels: labels)
  }
}
