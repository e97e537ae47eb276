/// The complex Clebsch-Gordan coefficient ⟨j₁ m₁ j₂ m₂ | j₃ m₃⟩ in the phases of Condon and Shortley, exactly.
///
/// ⟨j₁ m₁ j₂ m₂ | j₃ m₃⟩ = (−1)^(j₁−j₂+m₃) √(2j₃+1) (j₁ j₂ j₃; m₁ m₂ −m₃). See ``Wigner3j`` for precision and selection rules, and
/// ``CouplingCoefficients`` for the real coefficients of equivariant networks.
public struct ClebschGordan: Sendable {
  let root: FactorialRoot

  /// The coefficient ⟨j₁ m₁ j₂ m₂ | j₃ m₃⟩; traps as ``Wigner3j`` does.
  public init(
    _ j1: HalfInteger, _ m1: HalfInteger, _ j2: HalfInteger, _ m2: HalfInteger, _ j3: HalfInteger, _ m3: HalfInteger
  ) {
    var root = FactorialRoot(rootOfDimension: j3.doubled + 1) * Wigner3j(j1, j2, j3, m1, m2, -m3).root
    if (j1 - j2 + m3).doubled & 2 != 0 { root.integer.isNegative.toggle() }
    self.root = root
  }

  /// The coefficient of integer degrees ⟨l₁ m₁ l₂ m₂ | l₃ m₃⟩.
  public init(_ l1: Int, _ m1: Int, _ l2: Int, _ m2: Int, _ l3: Int, _ m3: Int) {
    self.init(HalfInteger(l1), HalfInteger(m1), HalfInteger(l2), HalfInteger(m2), HalfInteger(l3), HalfInteger(m3))
  }

  /// The value, correctly rounded.
  public var value: Double { root.value() }

  /// The value as ±√(p/q).
  public var exact: SignedSquareRoot { root.exact }
}
