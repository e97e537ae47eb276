/// The Gaunt coefficient ∫ Y_{l₁m₁} Y_{l₂m₂} Y_{l₃m₃} dΩ of three orthonormal complex harmonics (Condon-Shortley phases).
///
/// It is √((2l₁+1)(2l₂+1)(2l₃+1)/(4π)) (l₁ l₂ l₃; 0 0 0) (l₁ l₂ l₃; m₁ m₂ m₃). ``CouplingCoefficients/gaunt(_:_:_:)`` has the real ones.
public struct Gaunt: Sendable {
  let root: FactorialRoot

  /// The coefficient, which is zero where l₁+l₂+l₃ is odd or the 3j symbol vanishes; traps as ``Wigner3j`` does.
  public init(_ l1: Int, _ l2: Int, _ l3: Int, _ m1: Int, _ m2: Int, _ m3: Int) {
    checkDegrees(l1, l2, l3)
    root = FactorialRoot(gauntScale: l1, l2, l3) * Wigner3j(l1, l2, l3, m1, m2, m3).root
  }

  /// The value, correctly rounded.
  public var value: Double { root.value(times: .inverseRootPi) }

  /// The exact value of √π times the coefficient, as ±√(p/q).
  public var exactTimesRootPi: SignedSquareRoot { root.exact }
}

extension FactorialRoot {
  /// √π times what is common to the Gaunt coefficients of three degrees: √((2l₁+1)(2l₂+1)(2l₃+1)/4) (l₁ l₂ l₃; 0 0 0).
  init(gauntScale l1: Int, _ l2: Int, _ l3: Int) {
    self.init(doubled3j: 2 * l1, 2 * l2, 2 * l3, 0, 0, 0)
    // 2l + 1 = (2l+1)! / (2l)!, and 4 = 2! 2!.
    numerator += [2 * l1 + 1, 2 * l2 + 1, 2 * l3 + 1]
    denominator += [2 * l1, 2 * l2, 2 * l3, 2, 2]
  }
}
