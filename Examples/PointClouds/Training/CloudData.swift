import Equivariant
import Foundation

/// The shapes that a task learns from and is tested on.
struct CloudData {
  let train: [SampledShape]
  let test: [SampledShape]
  /// Names of classes or parts; empty for normals.
  var labels: [String] = []
}

extension CloudData {
  /// The shapes of a file like `normals22.npz`: arrays points and normals [shapes, n, 3], is_test [shapes] and, for their names, names.
  init(normals path: String) throws {
    let archive = try NumericArchive(contentsOf: path)
    func wrong(_ entry: String, _ cause: String) -> FileFormatError {
      FileFormatError(
        .malformed, path: path, place: .init(entry: entry), cause: cause,
        cure: "give arrays points and normals [shapes, n, 3] and is_test [shapes]")
    }
    let array = try archive.array("points")
    guard array.shape.count == 3, array.shape[2] == 3, array.shape[1] > 0 else {
      throw wrong("points", "the shape [shapes, n, 3] is expected, it is \(array.shape)")
    }
    let (points, normals, isTest) = (try array.floats(), try archive.floats("normals"), try archive.ints("is_test"))
    let (shapes, width) = (array.shape[0], array.shape[1] * 3)
    guard normals.count == points.count else {
      throw wrong("normals", "as many numbers as points are expected, \(points.count), there are \(normals.count)")
    }
    guard isTest.count == shapes else { throw wrong("is_test", "\(shapes) numbers are expected, there are \(isTest.count)") }
    guard points.allSatisfy(\.isFinite), normals.allSatisfy(\.isFinite) else {
      throw wrong("points", "a coordinate is not a finite number")
    }
    let all = (0..<shapes).map { i in
      SampledShape(
        name: Self.normals22Names.count == shapes ? Self.normals22Names[i] : "shape \(i)",
        points: Array(points[i * width..<(i + 1) * width]), normals: Array(normals[i * width..<(i + 1) * width]))
    }
    train = all.indices.filter { isTest[$0] == 0 }.map { all[$0] }
    test = all.indices.filter { isTest[$0] != 0 }.map { all[$0] }
    guard !train.isEmpty, !test.isEmpty else { throw wrong("is_test", "shapes of both kinds are expected") }
  }

  private static let normals22Names = [
    "spot", "fish", "nefertiti", "wingnut", "penguin", "boot", "boat", "hammer", "hand", "man", "woman", "human", "koala", "scorpion",
    "skull",
    "plane", "sword", "goat head", "mountain", "pizza", "cat", "demosthenes",
  ]
}

extension CloudData {
  init(synthetic task: CloudTask, perClass: Int, seed: UInt64) { fatalError() }
}
