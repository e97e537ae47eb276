import Requirements

/// A permutation σ of 0..<n: an element of ``SymmetricGroup``.
///
/// Composition is that of maps, τ first: (στ)(i) = σ(τ(i)). In a row of things, σ moves the thing at place i to place σ(i).
public struct Permutation: Sendable, Hashable {
  /// The images: σ(i) is `images[i]`.
  public let images: [Int]

  /// The permutation i ↦ `images[i]`; throws unless every number of 0..<n appears exactly once.
  public init(_ images: [Int]) throws(GroupElementError) {
    var seen = [Bool](repeating: false, count: images.count)
    for (i, image) in images.enumerated() {
      guard images.indices.contains(image) else {
        throw .notAPermutation(reason: "entry \(i) is \(image), outside 0..<\(images.count)")
      }
      guard !seen[image] else { throw .notAPermutation(reason: "entry \(i) repeats \(image)") }
      seen[image] = true
    }
    self.images = images
  }

  /// The permutation of `count` points with the given disjoint cycles: [0, 1, 2] sends 0 to 1, 1 to 2 and 2 to 0.
  public init(cycles: [[Int]], count: Int) throws(GroupElementError) {
    require(count >= 0, "expected at least 0 points, received \(count)")
    var images = Array(0..<count)
    var seen = Set<Int>()
    for cycle in cycles {
      for (place, i) in cycle.enumerated() {
        guard images.indices.contains(i) else {
          throw .notAPermutation(reason: "a cycle names \(i), outside 0..<\(images.count)")
        }
        guard seen.insert(i).inserted else { throw .notAPermutation(reason: "the cycles name \(i) twice") }
        images[i] = cycle[(place + 1) % cycle.count]
      }
    }
    self.init(unchecked: images)
  }

  /// A permutation from images that are known to be one.
  init(unchecked images: [Int]) { self.images = images }

  /// The identity of n points.
  public static func identity(_ n: Int) -> Permutation {
    require(n >= 0, "expected at least 0 points, received \(n)")
    return Permutation(unchecked: Array(0..<n))
  }

  /// n, the number of points.
  public var count: Int { images.count }

  /// The image σ(i).
  public subscript(i: Int) -> Int { images[i] }

  /// The inverse permutation.
  public var inverse: Permutation {
    var result = images
    for (i, image) in images.enumerated() { result[image] = i }
    return Permutation(unchecked: result)
  }

  /// The composition στ, τ first; traps unless both permute the same number of points.
  public static func * (a: Permutation, b: Permutation) -> Permutation {
    require(a.count == b.count, "expected two permutations of \(a.count) points, received one of \(b.count)")
    return Permutation(unchecked: b.images.map { a.images[$0] })
  }

  /// Moves the value at place i to place σ(i): result[σ(i)] = values[i].
  public func apply<Value>(to values: [Value]) -> [Value] {
    require(values.count == count, "expected \(count) values, received \(values.count)")
    let source = inverse
    return source.images.map { values[$0] }
  }

  /// The disjoint cycles, fixed points included, each starting at its smallest point and ordered by it.
  public var cycles: [[Int]] {
    var seen = [Bool](repeating: false, count: count)
    var result: [[Int]] = []
    for start in images.indices where !seen[start] {
      var cycle: [Int] = []
      var i = start
      repeat {
        seen[i] = true
        cycle.append(i)
        i = images[i]
      } while i != start
      result.append(cycle)
    }
    return result
  }

  /// The cycle lengths, largest first: a partition of n that names the conjugacy class.
  public var cycleType: [Int] { cycles.map(\.count).sorted(by: >) }

  /// +1 for an even and −1 for an odd permutation: (−1)^(n − number of cycles).
  public var sign: Int { (count - cycles.count).isMultiple(of: 2) ? 1 : -1 }

  /// The number of points on which the two permutations differ (Hamming distance); traps when their counts differ.
  public func distance(to other: Permutation) -> Double {
    require(count == other.count, "expected two permutations of \(count) points, received one of \(other.count)")
    return Double(zip(images, other.images).count { $0 != $1 })
  }
}

extension Permutation: CustomStringConvertible {
  /// Cycle notation without fixed points, "(0 1 2)(3 4)"; "()" for the identity.
  public var description: String {
    let moved = cycles.filter { $0.count > 1 }
    return moved.isEmpty ? "()" : moved.map { "(" + $0.map(String.init).joined(separator: " ") + ")" }.joined()
  }
}
