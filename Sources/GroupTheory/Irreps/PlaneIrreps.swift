import Requirements

/// The irrep of ``SO2`` with frequency k: trivial for k = 0, otherwise rotations by kθ on ℝ² (complex type).
public struct SO2Irrep: IrreducibleRepresentation {
  /// The frequency k ≥ 0.
  public let frequency: Int

  /// The irrep with frequency k; traps for k < 0.
  public init(frequency: Int) {
    require(frequency >= 0, "expected a frequency of at least 0, received \(frequency)")
    self.frequency = frequency
  }

  /// 1 for k = 0, otherwise 2.
  public var dimension: Int { frequency == 0 ? 1 : 2 }

  /// The matrix of the rotation by kθ.
  public func callAsFunction(_ g: Rotation2) -> Matrix<Double> { frequency == 0 ? .identity(1) : g.power(frequency).matrix }

  /// 1, and the quarter turn for k > 0.
  public var endomorphisms: [Matrix<Double>] { frequency == 0 ? [.identity(1)] : [.identity(2), quarterTurn] }

  /// "k=2".
  public var description: String { "k=\(frequency)" }
}

extension SO2: GroupWithIrreps {
  /// The frequencies 0...degree.
  public func irreps(upTo degree: Int) -> [SO2Irrep] { (0..<degreeCount(degree)).map { SO2Irrep(frequency: $0) } }
}

/// The irreps of ``O2``, all of the real type.
public enum O2Irrep: IrreducibleRepresentation {
  /// ρ(g) = 1.
  case trivial
  /// ρ(g) = det g.
  case sign
  /// The frequency k ≥ 1: the rotation by kθ, after the reflection (x, y) ↦ (x, −y) if it is a factor.
  case frequency(Int)

  /// 1 or 2.
  public var dimension: Int { if case .frequency = self { 2 } else { 1 } }

  /// The matrix ρ(g).
  public func callAsFunction(_ g: OrthogonalElement2) -> Matrix<Double> {
    switch self {
    case .trivial: return .identity(1)
    case .sign: return Matrix([[Double(g.parity)]])
    case .frequency(let k):
      require(k >= 1, "expected a frequency of at least 1, received \(k)")
      return OrthogonalElement2(g.rotation.power(k), isReflection: g.isReflection).matrix
    }
  }

  /// "trivial", "sign" or "k=2".
  public var description: String {
    switch self {
    case .trivial: "trivial"
    case .sign: "sign"
    case .frequency(let k): "k=\(k)"
    }
  }
}

extension O2: GroupWithIrreps {
  /// The two of degree 0 (trivial, sign), then the frequencies 1...degree.
  public func irreps(upTo degree: Int) -> [O2Irrep] {
    let count = degreeCount(degree)
    return count == 0 ? [] : [.trivial, .sign] + (1..<count).map { .frequency($0) }
  }
}
