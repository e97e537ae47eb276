/// The symmetric group S_n: all permutations of n points; finite, so random elements are uniform.
public struct SymmetricGroup: Group {
  /// The number of points.
  public let n: Int

  /// S_n; traps for n < 0.
  public init(_ n: Int) {
    precondition(n >= 0, "expected at least 0 points, received \(n)")
    self.n = n
  }

  /// The permutation that moves nothing.
  public var identity: Permutation { .identity(n) }

  /// The composition ab, b first.
  public func product(_ a: Permutation, _ b: Permutation) -> Permutation {
    precondition(a.count == n && b.count == n, "expected permutations of \(n) points, received \(a.count) and \(b.count)")
    return a * b
  }

  /// The inverse permutation.
  public func inverse(of a: Permutation) -> Permutation {
    precondition(a.count == n, "expected a permutation of \(n) points, received \(a.count)")
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

  /// The representation on ℝⁿ by permutation matrices.
  public var standard: PermutationRepresentation { PermutationRepresentation(n) }

  /// The one-dimensional representation by the sign.
  public var sign: SignRepresentation { SignRepresentation() }
}
