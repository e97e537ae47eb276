/// A group: a set with an associative product, an identity and inverses.
///
/// Groups are values, and so are their elements: `SO3()` is the group, a ``Rotation3`` one of its elements. The identity is an instance
/// property because some groups are a family (``SymmetricGroup`` needs its `n`).
///
/// The refinements of this protocol are ``MetricGroup``, ``GeneratedGroup``, ``CompactGroup``, ``FiniteGroup``, ``LieGroup`` and
/// ``GroupWithIrreps``.
///
/// ``GroupLaws`` checks the laws: (ab)c = a(bc), ea = ae = a, a⁻¹a = aa⁻¹ = e, up to rounding.
public protocol Group<Element>: Sendable {
  /// The type of the group's elements.
  associatedtype Element: Sendable

  /// The neutral element e.
  var identity: Element { get }

  /// The product ab; for groups of maps, b acts first.
  func product(_ a: Element, _ b: Element) -> Element

  /// The inverse a⁻¹.
  func inverse(of a: Element) -> Element

  /// A random element: from the Haar measure where the group is compact, otherwise from the law that the group documents.
  func randomElement(using generator: inout some RandomNumberGenerator) -> Element
}

extension Group {
  /// The conjugate g a g⁻¹.
  public func conjugate(_ a: Element, by g: Element) -> Element {
    product(product(g, a), inverse(of: g))
  }

  /// The commutator a b a⁻¹ b⁻¹.
  public func commutator(_ a: Element, _ b: Element) -> Element {
    product(product(a, b), inverse(of: product(b, a)))
  }

  /// The power aⁿ, by repeated squaring; a negative exponent gives the power of the inverse.
  public func power(_ a: Element, _ exponent: Int) -> Element {
    var result = identity
    var square = exponent < 0 ? inverse(of: a) : a
    var rest = exponent.magnitude
    while rest > 0 {
      if rest & 1 == 1 { result = product(result, square) }
      rest >>= 1
      if rest > 0 { square = product(square, square) }
    }
    return result
  }

  /// Independent random elements, drawn one after the other from `generator`.
  public func randomElements(_ count: Int, using generator: inout some RandomNumberGenerator) -> [Element] {
    var result: [Element] = []
    result.reserveCapacity(count)
    for _ in 0..<count { result.append(randomElement(using: &generator)) }
    return result
  }
}

/// Why a value from outside is not an element of a group; each case says how far off it is.
public enum GroupElementError: Error, Equatable, CustomStringConvertible {
  /// The matrix M has the given shape instead of `expected` × `expected`.
  case wrongShape(rows: Int, columns: Int, expected: Int = 3)
  /// max |MᵀM − 1| exceeds the tolerance.
  case notOrthogonal(deviation: Double, tolerance: Double)
  /// The matrix is orthogonal with determinant −1 where +1 is needed.
  case improper(determinant: Double)
  /// The quaternion is zero or not finite, so that it has no direction.
  case degenerateQuaternion(norm: Double)
  /// The vector is zero or not finite, so that it has no direction.
  case degenerateDirection(norm: Double)
  /// The array is not a permutation of 0..<count; `reason` names the first offending entry.
  case notAPermutation(reason: String)

  /// What was expected and what was received, in one sentence.
  public var description: String {
    switch self {
    case .wrongShape(let rows, let columns, let expected):
      "expected a \(expected)×\(expected) matrix, received \(rows)×\(columns)"
    case .notOrthogonal(let deviation, let tolerance):
      "expected an orthogonal matrix, received one with max |MᵀM − 1| = \(deviation) (tolerance \(tolerance))"
    case .improper(let determinant):
      "expected a rotation (determinant 1), received an orthogonal matrix with determinant \(determinant)"
    case .degenerateQuaternion(let norm):
      "expected a quaternion of non-zero finite norm, received norm \(norm)"
    case .degenerateDirection(let norm):
      "expected a vector of non-zero finite norm, received norm \(norm)"
    case .notAPermutation(let reason):
      "expected a permutation of 0..<n, but \(reason)"
    }
  }
}
