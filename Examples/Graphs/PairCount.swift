/// Vectors of several runs: run r gives row i the numbers `runs[r][i * width ..< (i + 1) * width]`.
struct Embeddings {
  let width: Int
  var runs: [[Double]] = []
  var count: Int { (runs.first?.count ?? 0) / width }

  /// Whether rows i and j differ by more than the threshold (in the sum of absolute differences) in any run.
  func separates(_ i: Int, _ j: Int, threshold: Double) -> Bool {
    for run in runs {
      let isFar = run.withUnsafeBufferPointer { x in
        var distance: Double = 0
        for c in 0..<width { distance += (x[i * width + c] - x[j * width + c]).magnitude }
        return distance > threshold
      }
      if isFar { return true }
    }
    return false
  }

  /// All pairs that are not separated in any run, i < j.
  ///
  /// Rows that are not separated lie within the threshold in each single number, so only pairs that are neighbours in one of them are
  /// compared; the number with the fewest such pairs is taken.
  func undistinguishedPairs(threshold: Double) -> [(Int, Int)] {
    var fewest: (candidates: Int, order: [Int], values: [Double])?
    for run in runs.prefix(10) {
      for c in 0..<width {
        let values = (0..<count).map { run[$0 * width + c] }
        let order = values.indices.sorted { values[$0] < values[$1] }
        var (candidates, start) = (0, 0)
        for (k, i) in order.enumerated() {
          while values[i] - values[order[start]] > threshold { start += 1 }
          candidates += k - start
        }
        if candidates < fewest?.candidates ?? .max { fewest = (candidates, order, values) }
      }
    }
    guard let (_, order, values) = fewest else { return [] }
    var pairs: [(Int, Int)] = []
    var start = 0
    for (k, i) in order.enumerated() {
      while values[i] - values[order[start]] > threshold { start += 1 }
      for j in order[start..<k] where !separates(i, j, threshold: threshold) { pairs.append((min(i, j), max(i, j))) }
    }
    return pairs.sorted { $0 < $1 }
  }
}
