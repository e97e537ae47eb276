import Requirements

/// The real Wigner 3j coefficient of e3nn's conventions, exactly: the invariant of three real irreps, with Frobenius norm 1.
///
/// With Q the change from real to complex harmonics (rows m, columns μ; times (−i)^l: Q[−n, n] = 1/√2, Q[n, n] = (−1)ⁿ/√2,
/// Q[−n, −n] = −i/√2, Q[n, −n] = i(−1)ⁿ/√2 for n > 0, and Q[0, 0] = 1) it is
///
/// Σ Q[m₁, μ₁] Q[m₂, μ₂] Q*[m₃, μ₃] ⟨l₁ m₁ l₂ m₂ | l₃ m₃⟩ / √(2l₃+1).
///
/// Only m = ±|μ| contribute, and of those a pair (m₁, m₂, m₃) and its negative, with equal or opposite amounts. Every real coefficient is
/// therefore zero or one complex 3j symbol times ±1 or ±1/√2: there is no sum, and no rounding but the last.
public struct RealWigner3j: Sendable {
  let root: FactorialRoot

  /// The coefficient for the components μᵢ = −lᵢ ... lᵢ of the real irreps of degrees lᵢ; it is zero where the degrees do not form a
  /// triangle. Traps where a degree is negative or a component outside its irrep.
  public init(_ l1: Int, _ l2: Int, _ l3: Int, _ m1: Int, _ m2: Int, _ m3: Int) {
    checkDegrees(l1, l2, l3)
    for (l, m) in [(l1, m1), (l2, m2), (l3, m3)] {
      require(l >= 0 && m.magnitude <= l, "expected a component in -\(l)...\(l) of a degree of at least 0, received \(m)")
    }
    var root = FactorialRoot.zero
    if let isNegative = realCouplingIsNegative(l1, l2, l3, m1, m2, m3) {
      root = FactorialRoot(realMagnitude: l1, l2, l3, abs(m1), abs(m2), abs(m3))
      if isNegative { root.integer.isNegative.toggle() }
    }
    self.root = root
  }

  /// The value, correctly rounded.
  public var value: Double { root.value() }

  /// The value as ±√(p/q).
  public var exact: SignedSquareRoot { root.exact }
}

extension FactorialRoot {
  /// What all real coefficients of components ±n₁, ±n₂, ±n₃ have in common: (l₁ l₂ l₃; n₁ k −n) with k = ±n₂, n = ±n₃, and the 1/√2 of
  /// three non-zero components.
  init(realMagnitude l1: Int, _ l2: Int, _ l3: Int, _ n1: Int, _ n2: Int, _ n3: Int) {
    let k = n1 + n2 == n3 ? n2 : -n2
    self.init(doubled3j: 2 * l1, 2 * l2, 2 * l3, 2 * n1, 2 * k, -2 * (n1 + k))
    if n1 != 0 && n2 != 0 && n3 != 0 { denominator.append(2) }
  }
}

/// Whether a real coefficient is minus its `FactorialRoot(realMagnitude:)`; nil where it vanishes: |μ₃| must be |μ₁|+|μ₂| or their
/// difference, and the number of negative components must be even or odd with l₁+l₂+l₃.
func realCouplingIsNegative(_ l1: Int, _ l2: Int, _ l3: Int, _ m1: Int, _ m2: Int, _ m3: Int) -> Bool? {
  let (n1, n2, n3) = (abs(m1), abs(m2), abs(m3))
  guard n3 == n1 + n2 || n3 == abs(n1 - n2) else { return nil }
  // The exponent of i in Q[n₁, μ₁] Q[k, μ₂] Q*[n, μ₃].
  let exponent = (m1 < 0 ? 1 : 0) + (m2 < 0 ? 1 : 0) - (m3 < 0 ? 1 : 0) - l1 - l2 + l3
  guard exponent.isMultiple(of: 2) else { return nil }
  let k = n1 + n2 == n3 ? n2 : -n2
  // (−1)^(l₁−l₂+n) turns the 3j symbol into a Clebsch-Gordan coefficient.
  let signs = [
    exponent & 2 != 0, !(l1 - l2 + n1 + k).isMultiple(of: 2),
    realToComplexIsNegative(m1, to: n1), realToComplexIsNegative(m2, to: k), realToComplexIsNegative(m3, to: n1 + k),
  ]
  return !signs.count { $0 }.isMultiple(of: 2)
}

/// The sign of Q[m, μ] without its power of i.
private func realToComplexIsNegative(_ real: Int, to m: Int) -> Bool {
  m > 0 ? !m.isMultiple(of: 2) : m < 0 && real < 0
}
