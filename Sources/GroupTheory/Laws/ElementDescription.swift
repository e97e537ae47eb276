/// A group element in words for reports; text of its own where the type is not one of ours.
package func describe(_ element: Any) -> String {
  switch element {
  case let r as Rotation3: describe(r)
  case let g as OrthogonalElement: g.isImproper ? "the inversion times \(describe(g.rotation))" : describe(g.rotation)
  case let g as RigidMotion: "\(describe(g.linear)), then the translation \(describe(g.translation))"
  case let p as Permutation: "the permutation \(p)"
  case let r as Rotation2: "the rotation by \(short(r.angle)) rad"
  default: String(describing: element)
  }
}

private func describe(_ r: Rotation3) -> String {
  r.angle == 0 ? "the identity" : "the rotation by \(short(r.angle)) rad about \(describe(r.axis))"
}

private func describe(_ v: SIMD3<Double>) -> String { "(\(short(v.x)), \(short(v.y)), \(short(v.z)))" }

/// Three significant digits.
package func short(_ x: Double) -> String {
  guard x.isFinite, x != 0 else { return x == 0 ? "0" : "\(x)" }
  var (m, exponent) = (x.magnitude, 0)
  while m >= 10 { (m, exponent) = (m / 10, exponent + 1) }
  while m < 1 { (m, exponent) = (m * 10, exponent - 1) }
  var digits = Int((m * 100).rounded())
  if digits == 1000 { (digits, exponent) = (100, exponent + 1) }
  let sign = x < 0 ? "-" : ""
  if exponent == 0 || exponent == -1 || exponent == 1 {
    let hundredths = exponent == 1 ? digits * 10 : exponent == 0 ? digits : (digits + 5) / 10
    let fraction = hundredths % 100
    return "\(sign)\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }
  let fraction = digits % 100
  return "\(sign)\(digits / 100).\(fraction < 10 ? "0" : "")\(fraction)e\(exponent)"
}
