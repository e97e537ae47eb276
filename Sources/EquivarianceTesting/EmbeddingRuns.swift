import Requirements

/// Vectors of the same objects from several runs, such as networks of different random weights, and which objects no run tells apart.
public struct EmbeddingRuns: Sendable {
  /// The number of components of a vector.
  public let width: Int
  /// The vectors of each run, [run][object · width]: object i has the components `runs[r][i * width ..< (i + 1) * width]`.
  public private(set) var runs: [[Double]] = []

  /// No runs yet, of vectors with at least one component.
  public init(width: Int) {
    require(width > 0, "a width of at least 1 is expected, received \(width)")
    self.width = width
  }

  /// The number of objects; 0 before the first run.
  public var count: Int { (runs.first?.count ?? 0) / width }

  /// Adds the vectors of a run, [object · width]; traps unless there are as many as in the earlier runs.
  public mutating func append(_ run: [Double]) {
    require(run.count.isMultiple(of: width), "a multiple of \(width) components is expected, received \(run.count)")
    require(runs.isEmpty || run.count == runs[0].count, "\(count) vectors are expected, received \(run.count / width)")
    runs.append(run)
  }

  /// The first `count` objects alone.
  public func prefix(_ count: Int) -> EmbeddingRuns {
    require((0...self.count).contains(count), "0 to \(self.count) objects are expected, received \(count)")
    var result = self
    result.runs = runs.map { Array($0.prefix(count * width)) }
    return result
  }

  /// Whether Σ |xᵢ − xⱼ| over the components exceeds the threshold in any run. Differences that are not numbers count as 0.
  public func separates(_ i: Int, _ j: Int, threshold: Double) -> Bool {
    require(i >= 0 && j >= 0 && max(i, j) < count, "objects 0 to \(count - 1) are expected, received \(i) and \(j)")
    return runs.contains { run in
      run.withUnsafeBufferPointer { x in
        var distance: Double = 0
        for c in 0..<width {
          let difference = (x[i * width + c] - x[j * width + c]).magnitude
          if difference > 0 { distance += difference }
        }
        return distance > threshold
      }
    }
  }

  /// All pairs i < j that no run separates, in order.
  ///
  /// Vectors that are not separated differ by at most the threshold in each component. Only pairs that are so close in one component are
  /// compared; it is the component for which there are fewest, of those in the first ten runs that are numbers for every object. If there is
  /// none, all pairs are compared.
  public func indistinguishablePairs(threshold: Double) -> [(Int, Int)] {
    var fewest: (candidates: Int, order: [Int], values: [Double])?
    for run in runs.prefix(10) {
      for c in 0..<width {
        let values = (0..<count).map { run[$0 * width + c] }
        if values.contains(where: \.isNaN) { continue }
        let order = values.indices.sorted { values[$0] < values[$1] }
        var (candidates, start) = (0, 0)
        for (k, i) in order.enumerated() {
          while values[i] - values[order[start]] > threshold { start += 1 }
          candidates += k - start
        }
        if candidates < fewest?.candidates ?? .max { fewest = (candidates, order, values) }
      }
    }
    guard let (_, order, values) = fewest else {
      return (0..<count).flatMap { i in (i + 1..<count).filter { !separates(i, $0, threshold: threshold) }.map { (i, $0) } }
    }
    var pairs: [(Int, Int)] = []
    var start = 0
    for (k, i) in order.enumerated() {
      while values[i] - values[order[start]] > threshold { start += 1 }
      for j in order[start..<k] where !separates(i, j, threshold: threshold) { pairs.append((min(i, j), max(i, j))) }
    }
    return pairs.sorted { $0 < $1 }
  }
}
