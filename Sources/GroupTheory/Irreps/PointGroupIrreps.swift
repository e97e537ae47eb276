/// An irrep of a ``PointGroup``, by its Mulliken symbol. All are of the real type except E of T and T_h, which is complex.
public struct PointGroupIrrep: IrreducibleRepresentation {
  /// The Mulliken symbols, without the parity g or u.
  public enum Symbol: String, Sendable {
    /// The trivial irrep of T and I.
    case a = "A"
    /// The trivial irrep of O and T_d.
    case a1 = "A1"
    /// The sign by which the coordinate axes are permuted (O); the determinant (T_d).
    case a2 = "A2"
    /// Two-dimensional: how x², y², z² less their mean are permuted.
    case e = "E"
    /// Three-dimensional: rotations (T).
    case t = "T"
    /// Three-dimensional: rotations, with pseudovectors in T_d.
    case t1 = "T1"
    /// Three-dimensional: A2 ⊗ T1 (O; vectors in T_d), or rotations with √5 replaced by −√5 (I).
    case t2 = "T2"
    /// Four-dimensional: how the five orthogonal triples of two-fold axes are permuted, less the invariant (I).
    case g = "G"
    /// Five-dimensional: the symmetric traceless tensors (I).
    case h = "H"
  }

  /// The group.
  public let group: PointGroup
  /// The symbol without parity.
  public let symbol: Symbol
  /// Whether the inversion, if the group has it, is −1 (u, ungerade) instead of 1 (g, gerade).
  public let isOdd: Bool

  /// The dimension that the symbol's letter stands for.
  public var dimension: Int {
    switch symbol {
    case .a, .a1, .a2: 1
    case .e: 2
    case .t, .t1, .t2: 3
    case .g: 4
    case .h: 5
    }
  }

  /// The matrix ρ(g).
  public func callAsFunction(_ g: Int) -> Matrix<Double> {
    let rotations = group.rotations
    let index = group.index(of: g) % rotations.order
    let (rotation, permutation) = (rotations.rotations[index], rotations.permutations[index])
    let matrix: Matrix<Double> =
      switch symbol {
      case .a, .a1: .identity(1)
      case .a2: Matrix([[Double(permutation.sign)]])
      case .e: Self.young[0](permutation)
      case .t, .t1: rotation.matrix
      case .t2 where rotations.permutations[0].count == 3: Double(permutation.sign) * rotation.matrix
      case .t2: rotation.matrix.galoisConjugate
      case .g: Self.young[1](permutation)
      case .h: Self.young[2](permutation)
      }
    return isOdd && g >= rotations.order ? -1 * matrix : matrix
  }

  /// 1, and the quarter turn for E of T and T_h.
  public var endomorphisms: [Matrix<Double>] {
    symbol == .e && group.rotations.order == 12 ? [.identity(2), quarterTurn] : [.identity(dimension)]
  }

  /// "T2", or with parity "T2u".
  public var description: String { symbol.rawValue + (group.containsInversion ? isOdd ? "u" : "g" : "") }

  /// E, G and H are restrictions of irreps of S₃ and S₅ to the permutations that the rotations make.
  private static let young = [[2, 1], [4, 1], [3, 2]].map { SymmetricGroupIrrep(Partition($0)) }
}

extension PointGroup: GroupWithIrreps {
  /// All irreps, whatever the degree; with the inversion, the even ones first.
  public func irreps(upTo degree: Int) -> [PointGroupIrrep] {
    let symbols: [PointGroupIrrep.Symbol] =
      switch self {
      case .t, .th: [.a, .e, .t]
      case .o, .oh, .td: [.a1, .a2, .e, .t1, .t2]
      case .i, .ih: [.a, .t1, .t2, .g, .h]
      }
    return (containsInversion ? [false, true] : [false]).flatMap { odd in
      symbols.map { PointGroupIrrep(group: self, symbol: $0, isOdd: odd) }
    }
  }
}

extension Matrix<Double> {
  /// Entries of the rotations of I are a + b√5 with rational a, b; this changes the sign of √5. Of those that occur, ±φ/2 and ±1/(2φ)
  /// are exchanged with a change of sign and the others are rational.
  fileprivate var galoisConjugate: Matrix {
    let (long, short) = (goldenRatio / 2, 0.5 / goldenRatio)
    return Matrix(
      rows: rows, columns: columns,
      elements.map { v in
        let image = abs(v.magnitude - long) < 1e-6 ? short : abs(v.magnitude - short) < 1e-6 ? long : -v.magnitude
        return v < 0 ? image : -image
      })
  }
}
