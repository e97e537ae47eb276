import ArgumentParser
import Equivariant
import ExampleSupport

/// A method that estimates the normals of patches of a cloud.
protocol PatchNormals {
  /// The number of points of a patch.
  var patchSize: Int { get }
  /// Whether the points of a patch are near each other, instead of spread over the whole cloud.
  var isLocal: Bool { get }
  /// Normals [patches, n, 3], of any length and either orientation, of patches [patches, n, 3] whose mean is the origin and whose root mean
  /// square distance from it is 1. All patches have `patchSize` points, or fewer if the whole cloud does.
  func normals(of patches: Tensor<Float>) -> Tensor<Float>
}

/// The unit normals [1, n, 3] of a cloud [1, n, 3], computed patch by patch in memory that is linear in the number of points.
/// - Throws: `ExitCode` 130 after Ctrl-C.
func patchwiseNormals(of cloud: Tensor<Double>, by network: some PatchNormals) throws -> Tensor<Double> {
  let points = cloud.elements
  let cut = PatchCut(cloud.reshaped(cloud.shape[1], 3), size: network.patchSize, isLocal: network.isLocal)
  var result = [Double](repeating: 0, count: points.count)
  var progress = ProgressDisplay(total: cut.count, from: 0)
  for first in stride(from: 0, to: cut.count, by: 32) {
    if Interruption.requested { throw ExitCode(130) }
    let patches = cut.patches(first..<min(cut.count, first + 32))
    let normals = withoutRecording { network.normals(of: centered(patches.map(\.members), points)) }.elements
    for (row, patch) in patches.enumerated() {
      for (place, point) in patch.members.prefix(patch.owned).enumerated() {
        let start = 3 * (row * cut.size + place)
        let normal = unit(SIMD3(Double(normals[start]), Double(normals[start + 1]), Double(normals[start + 2])))
        for axis in 0..<3 { result[3 * Int(point) + axis] = normal[axis] }
      }
    }
    progress.show("patches", min(cut.count, first + 32))
  }
  progress.finish()
  return Tensor(result, shape: cloud.shape)
}

/// A cloud cut into patches of one size: every point is owned by one of them.
struct PatchCut {
  struct Patch {
    /// The numbers of the patch's points, beginning with those that it owns.
    let members: [Int32]
    let owned: Int
  }

  /// The number of points of a patch.
  let size: Int
  /// The number of patches.
  let count: Int
  private let isLocal: Bool
  private let level: Int
  private let search: NearestNeighbors<Double>
  private let elements: [Double]

  /// Cuts the points [points, 3] into patches of about `size`, either local or spread over the cloud.
  init(_ points: Tensor<Double>, size: Int, isLocal: Bool) {
    let n = points.shape[0]
    (elements, self.size, self.isLocal) = (points.elements, min(size, n), isLocal)
    search = NearestNeighbors(points)
    var level = 0
    while n > self.size, n > max(1, self.size / 2) << level { level += 1 }
    self.level = level
    count = isLocal ? 1 << level : (n + self.size - 1) / max(1, self.size)
  }

  /// A local patch owns the points of a cell of a k-d tree, at most half of its size, and also has the points around the cell, so that each
  /// point is seen with its surroundings. The other patches own points that are evenly spread along the order of the tree.
  func patches(_ numbers: Range<Int>) -> [Patch] { isLocal ? localPatches(numbers) : numbers.map(spreadPatch) }

  private func localPatches(_ numbers: Range<Int>) -> [Patch] {
    let cells = numbers.map { search.order[search.cell($0, level: level)] }
    let means = cells.flatMap { cell in
      (0..<3).map { axis in cell.reduce(0) { $0 + elements[3 * Int($1) + axis] / Double(cell.count) } }
    }
    let near = search.nearest(size, to: Tensor(means, shape: [cells.count, 3]))
    return cells.enumerated().map { row, cell in
      let own = Set(cell)
      let others = near[row].indices.lazy.filter { !own.contains($0) }.prefix(size - cell.count)
      return Patch(members: Array(cell) + others, owned: cell.count)
    }
  }

  private func spreadPatch(_ number: Int) -> Patch {
    let places = (0..<size).map { number + $0 * count }
    let n = search.count
    return Patch(members: places.map { search.order[$0 % n] }, owned: places.count { $0 < n })
  }
}

/// The direction of a vector; that of the x axis if it has none, as in a patch of coincident points.
private func unit(_ x: SIMD3<Double>) -> SIMD3<Double> {
  let length = (x * x).sum().squareRoot()
  return length > 0 && length.isFinite ? x / length : SIMD3(1, 0, 0)
}

/// The patches [patches, size, 3] with their means at the origin and a root mean square distance of 1 from it.
private func centered(_ patches: [[Int32]], _ points: [Double]) -> Tensor<Float> {
  var values: [Float] = []
  for patch in patches {
    let rows = patch.map { SIMD3(points[3 * Int($0)], points[3 * Int($0) + 1], points[3 * Int($0) + 2]) }
    let mean = rows.reduce(SIMD3<Double>()) { $0 + $1 / Double(rows.count) }
    let extent = rows.reduce(0) { max($0, ($1 - mean).max(), -($1 - mean).min()) }
    let offsets = rows.map { extent > 0 ? ($0 - mean) / extent : $0 - mean }
    let square = offsets.reduce(0) { $0 + ($1 * $1).sum() } / Double(rows.count)
    let scale = square > 0 ? 1 / square.squareRoot() : 1
    for offset in offsets { for axis in 0..<3 { values.append(Float(scale * offset[axis])) } }
  }
  return Tensor(values, shape: [patches.count, patches.first?.count ?? 0, 3])
}

/// A network that `pointclouds train --task normals` has trained.
struct TrainedNormals: PatchNormals {
  let model: CloudModel
  let patchSize: Int
  let isLocal: Bool
  /// The smallest number of points of a cloud. Networks look at the neighbours of a point, of which there must be enough.
  var leastPoints: Int { min(patchSize, 64) }

  /// - Parameter name: the folder of a run, or the file of a model.
  init(_ name: String) throws {
    let path = modelFile(name)
    let (model, configuration, _) = try CloudConfiguration.load(path)
    let task = configuration.task
    guard task.kind == .normals else {
      throw FileFormatError(
        .unsupported, path: path, cause: "this model was trained for \(task.kind.rawValue)",
        cure: "give a model trained with --task normals")
    }
    (self.model, patchSize, isLocal) = (model, task.points, task.patches)
  }

  func normals(of patches: Tensor<Float>) -> Tensor<Float> { model(patches) }
}
