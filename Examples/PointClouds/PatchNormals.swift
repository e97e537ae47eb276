import ArgumentParser
import Equivariant
import ExampleSupport

/// Something that estimates the normals of patches of a cloud.
protocol PatchNormals {
  /// The points of a patch.
  var patchSize: Int { get }
  /// Normals [patches, n, 3], of any length and either orientation, of patches [patches, n, 3] whose mean is the origin and whose root mean
  /// square distance from it is 1. All patches have `patchSize` points, but where the whole cloud has fewer.
  func normals(of patches: Tensor<Float>) -> Tensor<Float>
}

/// Unit normals [1, n, 3] of a cloud [1, n, 3], patch by patch, in memory that grows with the points alone.
///
/// The cells of a k-d tree with at most half as many points as a patch has are filled up with the nearest points around them, so that each
/// point is seen with its surroundings; only the cell's own points are given their normals.
/// - Throws: `ExitCode` 130 after Ctrl-C.
func patchwiseNormals(of cloud: Tensor<Double>, by network: some PatchNormals) throws -> Tensor<Double> {
  let n = cloud.shape[1]
  let points = cloud.elements
  let search = NearestNeighbors(cloud.reshaped(n, 3))
  let size = min(network.patchSize, n)
  var level = 0
  while n > size && n > (size / 2) << level && n >> (level + 1) > 0 { level += 1 }
  var result = [Double](repeating: 0, count: 3 * n)
  var progress = ProgressDisplay(total: 1 << level, from: 0)
  let batch = 32
  for first in stride(from: 0, to: 1 << level, by: batch) {
    if Interruption.requested { throw ExitCode(130) }
    let cells = (first..<min(1 << level, first + batch)).map { search.order[search.cell($0, level: level)] }
    let patches = filled(cells, to: size, points, search)
    let normals = withoutRecording { network.normals(of: centered(patches, points)) }.elements
    for (row, cell) in cells.enumerated() {
      for (place, point) in cell.enumerated() {
        let start = 3 * (row * size + place)
        let normal = unit(SIMD3(Double(normals[start]), Double(normals[start + 1]), Double(normals[start + 2])))
        for axis in 0..<3 { result[3 * Int(point) + axis] = normal[axis] }
      }
    }
    progress.show("patches", min(1 << level, first + batch))
  }
  progress.finish()
  return Tensor(result, shape: [1, n, 3])
}

/// The direction of a vector; that of x where it has none, as in a patch of points that coincide.
private func unit(_ x: SIMD3<Double>) -> SIMD3<Double> {
  let length = (x * x).sum().squareRoot()
  return length > 0 && length.isFinite ? x / length : SIMD3(1, 0, 0)
}

/// Each cell, and behind it as many of the points nearest to its mean as fill the patch.
private func filled(
  _ cells: [ArraySlice<Int32>], to size: Int, _ points: [Double], _ search: NearestNeighbors<Double>
) -> [[Int32]] {
  let means = cells.flatMap { cell in
    (0..<3).map { axis in cell.reduce(0) { $0 + points[3 * Int($1) + axis] / Double(cell.count) } }
  }
  let near = search.nearest(size, to: Tensor(means, shape: [cells.count, 3]))
  return cells.enumerated().map { row, cell in
    let own = Set(cell)
    return Array(cell) + near[row].indices.lazy.filter { !own.contains($0) }.prefix(size - cell.count)
  }
}

/// Patches with their means at the origin and a root mean square distance of 1 from it, [patches, size, 3].
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
  /// Networks look at the neighbours of a point, of which the cloud must have enough.
  var leastPoints: Int { min(patchSize, 64) }

  /// - Parameter name: the folder of a run, or a file.
  init(_ name: String) throws {
    let path = modelFile(name)
    let (model, configuration) = try loadCloudModel(path)
    guard configuration.task == .normals else {
      throw FileFormatError(
        .unsupported, path: path, cause: "this model was trained for \(configuration.task.rawValue)",
        cure: "give a model trained with --task normals")
    }
    (self.model, patchSize) = (model, configuration.points)
  }

  func normals(of patches: Tensor<Float>) -> Tensor<Float> { model(patches) }
}
