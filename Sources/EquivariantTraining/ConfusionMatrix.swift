import Requirements

/// How often things of each class were taken for each class.
public struct ConfusionMatrix: Sendable, Equatable {
  /// Numbers of things, [class][predicted class].
  public private(set) var counts: [[Int]]

  /// Of nothing, with so many classes.
  public init(classes: Int) {
    require(classes >= 0, "at least 0 classes are expected, received \(classes)")
    counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
  }

  /// Counts one thing of a class. Traps on a class that there is not.
  public mutating func add(_ label: Int, predicted: Int) {
    require(
      counts.indices.contains(label) && counts.indices.contains(predicted),
      "classes in 0 ..< \(counts.count) are expected, received \(label) and \(predicted)")
    counts[label][predicted] += 1
  }

  /// The number of things.
  public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }
  /// How many were taken for what they are.
  public var right: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }
  /// The share of right answers; not a number without things.
  public var accuracy: Double { Double(right) / Double(total) }
}
