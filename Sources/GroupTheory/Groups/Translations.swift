import RealModule
import Requirements

/// The group of translations of ℝⁿ: vectors under addition.
///
/// It is not compact: random elements have normal components of mean 0 and standard deviation ``translationScale``. The exponential is the
/// identity map of coordinates.
public struct Translations: LieGroup {
  /// n, the dimension of the space.
  public let n: Int
  /// The standard deviation of each component of a random translation.
  public let translationScale: Double

  /// The translations of ℝⁿ; `translationScale` only enters ``randomElement(using:)``.
  public init(_ n: Int, translationScale: Double = 1) {
    require(n >= 0, "expected a dimension of at least 0, received \(n)")
    require(translationScale >= 0, "expected a translation scale of at least 0, received \(translationScale)")
    (self.n, self.translationScale) = (n, translationScale)
  }

  /// The zero vector.
  public var identity: [Double] { Array(repeating: 0, count: n) }

  /// a + b.
  public func product(_ a: [Double], _ b: [Double]) -> [Double] {
    check(a)
    check(b)
    return zip(a, b).map(+)
  }

  /// −a.
  public func inverse(of a: [Double]) -> [Double] {
    check(a)
    return a.map { -$0 }
  }

  /// Independent normal components.
  public func randomElement(using generator: inout some RandomNumberGenerator) -> [Double] {
    (0..<n).map { _ in generator.normalPair().0 * translationScale }
  }

  /// The Euclidean distance.
  public func distance(_ a: [Double], _ b: [Double]) -> Double {
    check(a)
    check(b)
    return euclideanNorm(zip(a, b).map { $0 - $1 })
  }

  /// The unit vectors and √2 times them: integer combinations of 1 and √2 are dense in ℝ.
  public var generators: [[Double]] {
    [1, Double.sqrt(2)].flatMap { length in
      (0..<n).map { axis in (0..<n).map { $0 == axis ? length : 0 } }
    }
  }

  /// n.
  public var algebraDimension: Int { n }

  /// The coordinates themselves.
  public func exponential(_ coordinates: [Double]) -> [Double] {
    check(coordinates)
    return coordinates
  }

  /// The vector itself.
  public func logarithm(of a: [Double]) -> [Double]? {
    check(a)
    return a
  }

  /// 0: the group is commutative.
  public func bracket(_ x: [Double], _ y: [Double]) -> [Double] {
    check(x)
    check(y)
    return identity
  }
}
