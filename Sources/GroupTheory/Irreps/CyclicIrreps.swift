import Requirements

/// The irrep of ``CyclicGroup`` with frequency k in 0...n/2: trivial for k = 0, (−1)ʲ for k = n/2, otherwise the rotation by 2πjk/n on ℝ²
/// (complex type).
public struct CyclicIrrep: IrreducibleRepresentation {
  /// The order of the group.
  public let n: Int
  /// The frequency k.
  public let frequency: Int

  /// The irrep of C_n with frequency k; traps unless k is in 0...n/2.
  public init(n: Int, frequency: Int) {
    CyclicGroup.check(order: n)
    require(frequency >= 0 && frequency <= n / 2, "expected a frequency in 0...\(n / 2), received \(frequency)")
    (self.n, self.frequency) = (n, frequency)
  }

  /// 1 or 2.
  public var dimension: Int { frequency == 0 || 2 * frequency == n ? 1 : 2 }

  /// The matrix ρ(g).
  public func callAsFunction(_ g: Int) -> Matrix<Double> {
    let turn = cyclicTurn(g, frequency: frequency, n: n)
    return dimension == 1 ? Matrix([[turn.cosine]]) : turn.matrix
  }

  /// 1, and the quarter turn in two dimensions.
  public var endomorphisms: [Matrix<Double>] { dimension == 1 ? [.identity(1)] : [.identity(2), quarterTurn] }

  /// "k=2".
  public var description: String { "k=\(frequency)" }
}

extension CyclicGroup: GroupWithIrreps {
  /// All frequencies 0...n/2, whatever the degree.
  public func irreps(upTo degree: Int) -> [CyclicIrrep] {
    (0...(n / 2)).map { CyclicIrrep(n: n, frequency: $0) }
  }
}

/// The rotation by 2πjk/n; jk is reduced modulo n first, and quarter turns are exact.
func cyclicTurn(_ j: Int, frequency k: Int, n: Int) -> Rotation2 {
  let steps = (j % n) * k % n
  switch 4 * steps {
  case 0: return .identity
  case n: return Rotation2(normalizing: 0, 1)
  case 2 * n: return Rotation2(normalizing: -1, 0)
  case 3 * n: return Rotation2(normalizing: 0, -1)
  default: return Rotation2(angle: 2 * .pi * Double(steps) / Double(n))
  }
}
