import RealModule

extension RigidMotion {
  /// exp of the twist (ω, v): rotation exp ω, translation V(ω) v.
  init(rotationVector omega: SIMD3<Double>, velocity v: SIMD3<Double>) {
    let angle = euclideanNorm(omega)
    let first = cross(omega, v)
    // (1 − cos θ)/θ² = ½ sinc²(θ/2) has no cancellation.
    let half = sinc(angle / 2)
    let translation = v + half * half / 2 * first + sineDefect(angle) * cross(omega, first)
    self.init(rotation: Rotation3(rotationVector: omega), translation: translation)
  }

  /// The twist (ω, V(ω)⁻¹ t) of a proper motion, V⁻¹ = 1 − ½ [ω] + (1 − θ/2 cot θ/2)/θ² [ω]².
  var twist: [Double] {
    let omega = linear.rotation.rotationVector
    let angle = euclideanNorm(omega)
    let first = cross(omega, translation)
    // (1 − x cot x)/(4 x²) with x = θ/2 in [0, π/2]: (sin x − x cos x)/x³ over 4 sinc x.
    let coefficient = cotangentDefect(angle / 2) / (4 * sinc(angle / 2))
    let v = translation - 0.5 * first + coefficient * cross(omega, first)
    return [omega.x, omega.y, omega.z, v.x, v.y, v.z]
  }
}

/// (θ − sin θ)/θ³ = Σ (−1)ᵏ θ²ᵏ/(2k+3)!; the series where the closed form would cancel.
private func sineDefect(_ angle: Double) -> Double {
  if angle > 1 { return (angle - Double.sin(angle)) / (angle * angle * angle) }
  return alternatingSeries(angle * angle, first: 1.0 / 6) { k in (2 * k + 2) * (2 * k + 3) }
}

/// (sin x − x cos x)/x³ = Σ (−1)ᵏ 2(k+1) x²ᵏ/(2k+3)!; the series where the closed form would cancel.
private func cotangentDefect(_ x: Double) -> Double {
  if x > 1 { return (Double.sin(x) - x * Double.cos(x)) / (x * x * x) }
  return alternatingSeries(x * x, first: 1.0 / 3) { k in 2 * k * (2 * k + 3) }
}

/// Σ (−1)ᵏ aₖ xᵏ for x in [0, 1], with a₀ = `first` and aₖ₋₁/aₖ = `ratio`(k) ≥ 10: twelve terms reach the last bit.
private func alternatingSeries(_ x: Double, first: Double, ratio: (Double) -> Double) -> Double {
  var (term, sum) = (first, first)
  for k in 1..<12 {
    term *= -x / ratio(Double(k))
    sum += term
  }
  return sum
}
