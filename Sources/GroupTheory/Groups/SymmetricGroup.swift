import Requirements

/// The symmetric group S_n: all permutations of n points; finite, so random elements are uniform.
public struct SymmetricGroup: FiniteGroup {
  /// The number of points.
  public let n: Int

  /// S_n; traps for n < 0.
  public init(_ n: Int) {
    require(n >= 0, "expected at least 0 points, received \(n)")
    self.n = n
  }

  /// The permutation that moves nothing.
  public var identity: Permutation { .identity(n) }

  /// The composition ab, b first.
  public func product(_ a: Permutation, _ b: Permutation) -> Permutation {
    require(a.count == n && b.count == n, "expected permutations of \(n) points, received \(a.count) and \(b.count)")
    return a * b
  }

  /// The inverse permutation.
  public func inverse(of a: Permutation) -> Permutation {
    require(a.count == n, "expected a permutation of \(n) points, received \(a.count)")
    return a.inverse
  }

  /// A uniform permutation, by the Fisher-Yates shuffle with unbiased indices.
  public func randomElement(using generator: inout some RandomNumberGenerator) -> Permutation {
    var images = Array(0..<n)
    for last in stride(from: n - 1, to: 0, by: -1) {
      images.swapAt(last, Int.random(in: 0...last, using: &generator))
    }
    return Permutation(unchecked: images)
  }

  /// The number of points on which the two differ (``Permutation/distance(to:)``).
  public func distance(_ a: Permutation, _ b: Permutation) -> Double { a.distance(to: b) }

  /// n!; traps for n > 20, where it exceeds an `Int`.
  public var order: Int {
    require(n <= 20, "expected at most 20 points, received \(n): the order exceeds an Int")
    return (0..<n).reduce(1) { $0 * ($1 + 1) }
  }

  /// All n! permutations, in lexicographic order of their images.
  public var elements: [Permutation] {
    var images = Array(0..<n)
    var result = [Permutation(unchecked: images)]
    result.reserveCapacity(order)
    while let descent = images.indices.dropLast().last(where: { images[$0] < images[$0 + 1] }) {
      images.swapAt(descent, images.lastIndex { $0 > images[descent] }!)
      images[(descent + 1)...].reverse()
      result.append(Permutation(unchecked: images))
    }
    return result
  }

  /// The lexicographic rank, by the Lehmer code; traps for n > 20, as ``order`` does.
  public func index(of a: Permutation) -> Int {
    require(n <= 20, "expected at most 20 points, received \(n): the index may exceed an Int")
    require(a.count == n, "expected a permutation of \(n) points, received \(a.count)")
    return (0..<n).reduce(0) { rank, i in
      rank * (n - i) + a.images[(i + 1)...].count { $0 < a[i] }
    }
  }

  /// The transposition (0 1) and the cycle (0 1 … n−1).
  public var generators: [Permutation] {
    guard n > 1 else { return [] }
    let transposition = Permutation(unchecked: [1, 0] + Array(2..<n))
    return n == 2 ? [transposition] : [transposition, Permutation(unchecked: Array(1..<n) + [0])]
  }

  /// The representation on ℝⁿ by permutation matrices.
  public var standard: PermutationRepresentation { PermutationRepresentation(n) }

  /// The one-dimensional representation by the sign.
  public var sign: SignRepresentation { SignRepresentation() }
}
