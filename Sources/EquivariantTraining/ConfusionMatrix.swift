import Requirements

/// How often samples of each class were predicted to be of each class.
public struct ConfusionMatrix: Sendable, Equatable {
  /// The numbers of samples, [class][predicted class].
  public private(set) var counts: [[Int]]

  /// An empty matrix for the given number of classes.
  public init(classes: Int) {
    require(classes >= 0, "at least 0 classes are expected, received \(classes)")
    counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
  }

  /// Counts one sample. Traps if one of the classes does not exist.
  public mutating func add(_ label: Int, predicted: Int) {
    require(
      counts.indices.contains(label) && counts.indices.contains(predicted),
      "classes in 0 ..< \(counts.count) are expected, received \(label) and \(predicted)")
    counts[label][predicted] += 1
  }

  /// The number of samples.
  public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }
  /// The number of samples whose class was predicted correctly.
  public var right: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }
  /// The share of correct predictions; not a number if there are no samples.
  public var accuracy: Double { Double(right) / Double(total) }
}
