import Requirements

/// An element rᵏ s of a ``DihedralGroup``: the reflection s (if it is a factor) acts first, then k steps of rotation.
public struct DihedralElement: Hashable, Sendable {
  /// k, in 0..<n.
  public let rotation: Int
  /// Whether s is a factor.
  public let isReflection: Bool

  /// rᵏ, or rᵏ s.
  public init(rotation: Int, isReflection: Bool = false) { (self.rotation, self.isReflection) = (rotation, isReflection) }
}

/// The dihedral group D_n of 2n elements: rotations of the plane by multiples of 2π/n, and reflections. s r = r⁻¹ s.
public struct DihedralGroup: FiniteGroup {
  /// The number of rotations, half the order.
  public let n: Int
  private var rotations: CyclicGroup { CyclicGroup(n) }

  /// D_n, of order 2n; traps for n < 1 and for n > 2³⁰.
  public init(_ n: Int) {
    require(n >= 1 && n <= 1 << 30, "expected a dihedral group of 1 to 2^30 rotations, received \(n)")
    self.n = n
  }

  /// r⁰.
  public var identity: DihedralElement { DihedralElement(rotation: 0) }

  /// The composition ab, b first.
  public func product(_ a: DihedralElement, _ b: DihedralElement) -> DihedralElement {
    let turned = a.isReflection ? rotations.inverse(of: b.rotation) : b.rotation
    return DihedralElement(rotation: rotations.product(a.rotation, turned), isReflection: a.isReflection != b.isReflection)
  }

  /// The inverse; a reflection is its own.
  public func inverse(of a: DihedralElement) -> DihedralElement {
    a.isReflection ? a : DihedralElement(rotation: rotations.inverse(of: a.rotation))
  }

  /// A uniform element.
  public func randomElement(using generator: inout some RandomNumberGenerator) -> DihedralElement {
    elements[Int.random(in: 0..<order, using: &generator)]
  }

  /// 2n.
  public var order: Int { 2 * n }

  /// The rotations by increasing angle, then the reflections.
  public var elements: [DihedralElement] {
    [false, true].flatMap { reflection in (0..<n).map { DihedralElement(rotation: $0, isReflection: reflection) } }
  }

  /// k for a rotation, n + k for a reflection.
  public func index(of a: DihedralElement) -> Int { rotations.index(of: a.rotation) + (a.isReflection ? n : 0) }

  /// r and s.
  public var generators: [DihedralElement] {
    rotations.generators.map { DihedralElement(rotation: $0) } + [DihedralElement(rotation: 0, isReflection: true)]
  }

  /// The embedding in O(2): s is the reflection (x, y) ↦ (x, −y).
  public func orthogonalElement(of a: DihedralElement) -> OrthogonalElement2 {
    OrthogonalElement2(rotations.rotation(of: a.rotation), isReflection: a.isReflection)
  }
}
