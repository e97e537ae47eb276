import Requirements

/// An irrep of a rotation group, known by its degree (and for O(3) its parity): what ``Irreps`` lists.
///
/// Irreps are ordered; ``Irreps/sorted()`` uses that order.
public protocol RotationIrrep<Element>: IrreducibleRepresentation, Comparable {
  /// The irrep written as `text`, or nil when it is not an irrep; the inverse of `description`.
  init?(_ text: some StringProtocol)

  /// How irreps are written, for messages: "a degree, such as 1".
  static var syntax: String { get }

  /// The irrep of the spherical harmonics of a degree.
  static func sphericalHarmonic(degree: Int) -> Self

  /// The degree l; the dimension is 2l + 1.
  var degree: Int { get }

  /// The irreps in a ⊗ b, each once, in ascending degree.
  static func * (a: Self, b: Self) -> [Self]
}

extension RotationIrrep {
  /// The dimension 2l + 1; components run from −l to l in the real basis of ``SphericalHarmonics``.
  public var dimension: Int { 2 * degree + 1 }
}

/// Behaviour under the inversion x ↦ −x.
public enum Parity: Int, Sendable, CaseIterable {
  /// Unchanged; written e.
  case even = 1
  /// Multiplied by −1; written o.
  case odd = -1

  /// (−1)^l, the parity of the spherical harmonics.
  public init(ofDegree l: Int) { self = l.isMultiple(of: 2) ? .even : .odd }

  /// The parity of a product.
  public static func * (a: Parity, b: Parity) -> Parity { a == b ? .even : .odd }
}

/// The largest degree that a text may name: far beyond use, and small enough that no dimension overflows.
private let largestDegree = 100_000

extension O3: GroupWithIrreps {
  /// An irrep of O(3): a degree and a parity, written "1o" or "2e"; "2y" is the degree 2 with the parity of its harmonics.
  ///
  /// Irreps are ordered by degree, and within a degree the harmonics' parity comes first: 0e < 0o < 1o < 1e < 2e < 2o (as e3nn-jax and
  /// cuEquivariance; e3nn for PyTorch sorts o before e).
  public struct Irrep: RotationIrrep {
    /// The degree l ≥ 0.
    public let degree: Int
    /// The behaviour under inversion.
    public let parity: Parity

    /// The irrep of a degree and a parity.
    public init(degree: Int, parity: Parity) {
      require(degree >= 0, "expected a degree of at least 0, received \(degree)")
      (self.degree, self.parity) = (degree, parity)
    }

    /// The irrep written as `text`.
    public init?(_ text: some StringProtocol) {
      guard let last = text.last, let degree = parseCount(text.dropLast()), degree <= largestDegree else { return nil }
      switch last {
      case "e": self.init(degree: degree, parity: .even)
      case "o": self.init(degree: degree, parity: .odd)
      case "y": self.init(degree: degree, parity: Parity(ofDegree: degree))
      default: return nil
      }
    }

    /// How irreps are written.
    public static var syntax: String { "a degree followed by e (even), o (odd) or y (that of the harmonics), such as 1o" }

    /// "1o".
    public var description: String { "\(degree)\(parity == .even ? "e" : "o")" }

    /// The irrep of degree l and parity (−1)^l.
    public static func sphericalHarmonic(degree: Int) -> Irrep { Irrep(degree: degree, parity: Parity(ofDegree: degree)) }

    /// Degrees |l₁−l₂| ... l₁+l₂ with the product of the parities.
    public static func * (a: Irrep, b: Irrep) -> [Irrep] {
      (abs(a.degree - b.degree)...(a.degree + b.degree)).map { Irrep(degree: $0, parity: a.parity * b.parity) }
    }

    /// Whether a comes first: by (l, −p(−1)^l).
    public static func < (a: Irrep, b: Irrep) -> Bool {
      a.degree == b.degree ? a.parity != b.parity && a.parity == Parity(ofDegree: a.degree) : a.degree < b.degree
    }

    /// D^l of the rotation, times the parity when the element is improper.
    public func callAsFunction(_ g: OrthogonalElement) -> Matrix<Double> {
      let rotation = WignerD.real(degree: degree, of: g.rotation)
      return g.isImproper && parity == .odd ? -1 * rotation : rotation
    }

    /// The character of SO(3), times the parity when the element is improper.
    public func character(of g: OrthogonalElement) -> Double {
      (g.isImproper && parity == .odd ? -1 : 1) * rotationCharacter(degree: degree, of: g.rotation)
    }
  }

  /// The irreps of degrees 0 ... `degree` with both parities, in ascending order.
  public func irreps(upTo degree: Int) -> [Irrep] {
    (0..<degreeCount(degree)).flatMap { l in Parity.allCases.map { Irrep(degree: l, parity: $0) }.sorted() }
  }
}

extension SO3: GroupWithIrreps {
  /// An irrep of SO(3): a degree, written "1".
  public struct Irrep: RotationIrrep {
    /// The degree l ≥ 0.
    public let degree: Int

    /// The irrep of a degree.
    public init(degree: Int) {
      require(degree >= 0, "expected a degree of at least 0, received \(degree)")
      self.degree = degree
    }

    /// The irrep written as `text`.
    public init?(_ text: some StringProtocol) {
      guard let degree = parseCount(text), degree <= largestDegree else { return nil }
      self.init(degree: degree)
    }

    /// How irreps are written.
    public static var syntax: String { "a degree, such as 1" }

    /// "1".
    public var description: String { "\(degree)" }

    /// The irrep of degree l.
    public static func sphericalHarmonic(degree: Int) -> Irrep { Irrep(degree: degree) }

    /// Degrees |l₁−l₂| ... l₁+l₂.
    public static func * (a: Irrep, b: Irrep) -> [Irrep] {
      (abs(a.degree - b.degree)...(a.degree + b.degree)).map { Irrep(degree: $0) }
    }

    /// Whether a is of smaller degree.
    public static func < (a: Irrep, b: Irrep) -> Bool { a.degree < b.degree }

    /// D^l of the rotation.
    public func callAsFunction(_ g: Rotation3) -> Matrix<Double> { WignerD.real(degree: degree, of: g) }

    /// sin((2l + 1)θ/2) / sin(θ/2) for the angle θ, without the cancellation near θ = 0.
    public func character(of g: Rotation3) -> Double { rotationCharacter(degree: degree, of: g) }
  }

  /// The irreps of degrees 0 ... `degree`.
  public func irreps(upTo degree: Int) -> [Irrep] { (0..<degreeCount(degree)).map { Irrep(degree: $0) } }
}

/// 1 + 2 Σ cos kθ over k = 1 ... l, by powers of e^{iθ}, θ the angle of rotation.
private func rotationCharacter(degree: Int, of g: Rotation3) -> Double {
  let half = Rotation2(normalizing: g.w, euclideanNorm(SIMD3(g.x, g.y, g.z)))
  let turn = half * half
  var (power, sum) = (Rotation2.identity, 1.0)
  for _ in 0..<degree {
    power = power * turn
    sum += 2 * power.cosine
  }
  return sum
}

/// A number written in decimal digits only, or nil: `Int("+1")` would be accepted by the standard library.
func parseCount(_ text: some StringProtocol) -> Int? {
  text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
}
