import DifferentiableTensors
import Requirements

/// Which graphs are for training, which for choosing the model, and which for testing.
public struct GraphSplit: Sendable, Equatable {
  /// The graphs to learn from.
  public let train: [Int]
  /// The graphs to choose a model by; there may be none.
  public let valid: [Int]
  /// The graphs to test on.
  public let test: [Int]
}

/// Samples divided into folds, each of which tests what was learnt from the others.
public struct GraphFolds: Sendable, Equatable {
  /// The fold in which each sample tests; nil for one that only trains.
  public let folds: [Int?]
  /// The number of folds.
  public let count: Int

  /// The folds as given, each in 0 ..< `count`; traps on others.
  public init(of folds: [Int?], count: Int) {
    for fold in folds.compactMap({ $0 }) {
      require((0..<count).contains(fold), "folds in 0 ..< \(count) are expected, received \(fold)")
    }
    (self.folds, self.count) = (folds, count)
  }

  /// The samples of each class are dealt in random order, class after class, to one fold after the other, so that folds differ by at most
  /// one in their size, and by at most one in the samples of each class. The same seed gives the same folds.
  public init(stratifying labels: [Int], count: Int, seed: UInt64) {
    require(count > 0, "at least one fold is expected, received \(count)")
    var generator = RandomSource(seed: seed)
    var folds = [Int?](repeating: nil, count: labels.count)
    var next = 0
    for label in Set(labels).sorted() {
      let own = labels.indices.filter { labels[$0] == label }
      for k in generator.permutation(own.count) {
        folds[own[k]] = next % count
        next += 1
      }
    }
    (self.folds, self.count) = (folds, count)
  }

  /// The samples that are tested in a fold, and the others. Of the latter one part in `validationParts` is held out to choose a model by,
  /// stratified by class with the given seed; with nil, none is.
  public func split(_ fold: Int, labels: [Int], validationParts: Int?, seed: UInt64) -> GraphSplit {
    require(labels.count == folds.count, "\(folds.count) labels are expected, received \(labels.count)")
    require((0..<count).contains(fold), "a fold in 0 ..< \(count) is expected, received \(fold)")
    let test = folds.indices.filter { folds[$0] == fold }
    let others = folds.indices.filter { folds[$0] != fold }
    guard let validationParts else { return GraphSplit(train: others, valid: [], test: test) }
    let parts = GraphFolds(stratifying: others.map { labels[$0] }, count: validationParts, seed: seed).folds
    return GraphSplit(
      train: zip(others, parts).filter { $1 != 0 }.map(\.0), valid: zip(others, parts).filter { $1 == 0 }.map(\.0), test: test)
  }
}
