import Requirements

/// The irreps of ``DihedralGroup``, all of the real type, by their Mulliken symbols.
public struct DihedralIrrep: IrreducibleRepresentation {
  /// The symbols; r is the smallest rotation and s the reflection.
  public enum Symbol: Hashable, Sendable {
    /// Trivial.
    case a1
    /// The determinant: r ↦ 1, s ↦ −1.
    case a2
    /// For even n: r ↦ −1, s ↦ 1.
    case b1
    /// For even n: r ↦ −1, s ↦ −1.
    case b2
    /// The frequency k with 1 ≤ k < n/2: r turns by 2πk/n, s reflects (x, y) ↦ (x, −y).
    case e(Int)
  }

  /// Half the order of the group.
  public let n: Int
  /// Which irrep.
  public let symbol: Symbol

  /// The irrep of D_n with a symbol; traps if D_n has no such irrep.
  public init(n: Int, _ symbol: Symbol) {
    switch symbol {
    case .a1, .a2: require(n >= 1, "expected n of at least 1, received \(n)")
    case .b1, .b2: require(n >= 2 && n.isMultiple(of: 2), "expected an even n for the symbol B, received \(n)")
    case .e(let k): require(k >= 1 && 2 * k < n, "expected a frequency k with 1 <= k < \(n)/2, received \(k)")
    }
    (self.n, self.symbol) = (n, symbol)
  }

  /// 1 or 2.
  public var dimension: Int { if case .e = symbol { 2 } else { 1 } }

  /// The matrix ρ(g).
  public func callAsFunction(_ g: DihedralElement) -> Matrix<Double> {
    let parity: Double = g.isReflection ? -1 : 1
    let alternating: Double = g.rotation.isMultiple(of: 2) ? 1 : -1
    switch symbol {
    case .a1: return .identity(1)
    case .a2: return Matrix([[parity]])
    case .b1: return Matrix([[alternating]])
    case .b2: return Matrix([[alternating * parity]])
    case .e(let k):
      return OrthogonalElement2(cyclicTurn(g.rotation, frequency: k, n: n), isReflection: g.isReflection).matrix
    }
  }

  /// "A1", "A2", "B1", "B2" or "E3".
  public var description: String {
    switch symbol {
    case .a1: "A1"
    case .a2: "A2"
    case .b1: "B1"
    case .b2: "B2"
    case .e(let k): "E\(k)"
    }
  }
}

extension DihedralGroup: GroupWithIrreps {
  /// All of A1, A2, then B1, B2 if n is even, then E_k for 1 ≤ k < n/2, whatever the degree.
  public func irreps(upTo degree: Int) -> [DihedralIrrep] {
    let one: [DihedralIrrep.Symbol] = n.isMultiple(of: 2) ? [.a1, .a2, .b1, .b2] : [.a1, .a2]
    return (one + (1..<max((n + 1) / 2, 1)).map { .e($0) }).map { DihedralIrrep(n: n, $0) }
  }
}
