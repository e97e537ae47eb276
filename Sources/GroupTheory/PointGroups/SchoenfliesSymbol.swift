import Requirements

/// The symbol of a finite point group of molecules, after Schoenflies: `.d(4, .h)` is D₄ₕ. There are all but C∞ᵥ and D∞ₕ, which are not
/// finite.
public enum SchoenfliesSymbol: Hashable, Sendable, CustomStringConvertible {
  /// Mirrors beside the rotations of Cₙ and Dₙ.
  public enum Mirror: String, Hashable, Sendable {
    /// Orthogonal to the principal axis.
    case h
    /// Through the principal axis of Cₙ.
    case v
    /// Through the principal axis of Dₙ, between the two-fold axes.
    case d
  }
  /// Cₙ, Cₙₕ, Cₙᵥ; C₁ₕ = C₁ᵥ is Cₛ.
  case c(Int, Mirror? = nil)
  /// The inversion alone: Cᵢ = S₂.
  case ci
  /// S₂ₙ, by its order: `.s(4)` is S₄.
  case s(Int)
  /// Dₙ, Dₙₕ, Dₙ_d.
  case d(Int, Mirror? = nil)
  /// The polyhedral groups.
  case polyhedral(PointGroup)

  /// The symbol as text, such as "D4h", "C3v", "S4" or "Oh".
  public var description: String {
    switch self {
    case .c(1, .h), .c(1, .v): "Cs"
    case .c(let n, let mirror): "C\(n)\(mirror?.rawValue ?? "")"
    case .ci: "Ci"
    case .s(let n): "S\(n)"
    case .d(let n, let mirror): "D\(n)\(mirror?.rawValue ?? "")"
    case .polyhedral(let group): group.rawValue
    }
  }

  /// The symbol that a text names, such as "D4h"; nil where there is none.
  public init?(_ text: some StringProtocol) {
    if let group = PointGroup(rawValue: String(text)) {
      self = .polyhedral(group)
      return
    }
    if text == "Cs" || text == "Ci" {
      self = text == "Cs" ? .c(1, .h) : .ci
      return
    }
    let digits = text.dropFirst().prefix(while: \.isNumber)
    guard let letter = text.first, let n = Int(digits), n >= 1, n <= Self.largestOrder else { return nil }
    let rest = text.dropFirst(1 + digits.count)
    let mirror = rest.isEmpty ? nil : Mirror(rawValue: String(rest))
    guard rest.isEmpty || mirror != nil else { return nil }
    switch (letter, mirror) {
    case ("C", nil), ("C", .h), ("C", .v): self = .c(n, mirror)
    case ("S", nil) where n.isMultiple(of: 2): self = n == 2 ? .ci : .s(n)
    case ("D", nil) where n >= 2, ("D", .h) where n >= 2, ("D", .d) where n >= 2: self = .d(n, mirror)
    default: return nil
    }
  }

  /// The most turns about the principal axis that are taken.
  static let largestOrder = 24

  /// Elements that generate the group, with the principal axis along z and, where there are, a two-fold axis or a plane of reflection
  /// through x.
  var generators: [OrthogonalElement] {
    let (x, z) = (SIMD3(1.0, 0, 0), SIMD3(0.0, 0, 1))
    func turn(_ n: Int) -> OrthogonalElement { OrthogonalElement(Rotation3(axis: z, angle: 2 * .pi / Double(n))) }
    let horizontal = OrthogonalElement.reflection(normal: z)
    let halfTurn = OrthogonalElement(Rotation3(axis: x, angle: .pi))
    func checked(_ n: Int, from least: Int) -> Int {
      require((least...Self.largestOrder).contains(n), "expected \(least) to \(Self.largestOrder) turns about the axis, received \(n)")
      return n
    }
    switch self {
    case .c(let n, let mirror):
      let rotation = checked(n, from: 1) == 1 ? [] : [turn(n)]
      switch mirror {
      case nil: return rotation
      case .h: return rotation + [horizontal]
      case .v where n == 1: return [horizontal]
      case .v: return rotation + [.reflection(normal: SIMD3(0, 1, 0))]
      case .d: fatalError("expected mirrors h or v of C\(n), received d")
      }
    case .ci: return [.inversion]
    case .s(let n):
      require(n.isMultiple(of: 2), "expected an even order of S, received \(n)")
      return [horizontal * turn(checked(n, from: 2))]
    case .d(let n, let mirror):
      let rotations = [turn(checked(n, from: 2)), halfTurn]
      switch mirror {
      case nil: return rotations
      case .h: return rotations + [horizontal]
      case .d: return [horizontal * turn(2 * n), halfTurn]
      case .v: fatalError("expected mirrors h or d of D\(n), received v")
      }
    case .polyhedral(let group): return group.generators.map { group.orthogonalElement(of: $0) }
    }
  }
}
