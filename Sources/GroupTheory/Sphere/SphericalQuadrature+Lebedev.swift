import RealModule

extension SphericalQuadrature {
  /// The degrees for which there is a Lebedev rule: 3, 5, ... 31 and 35, 41, ... 131.
  public static let lebedevDegrees = Array(stride(from: 3, through: 31, by: 2)) + Array(stride(from: 35, through: 131, by: 6))

  /// The smallest Lebedev rule that is exact to at least `degree` ≤ 131; its ``exactnessDegree`` is its own degree.
  ///
  /// It has about (degree + 1)²/3 points with octahedral symmetry, two thirds of what a product rule needs. The rules of degree 13, 25 and
  /// 27 have negative weights (``hasNegativeWeights``).
  ///
  /// The source is V. I. Lebedev and D. N. Laikov, Doklady Mathematics 59 (1999) 477; see `Scripts/lebedev_rules.py`.
  public static func lebedev(degree: Int) -> SphericalQuadrature {
    guard degree >= 0, let own = lebedevDegrees.first(where: { $0 >= degree }) else {
      fatalError("expected a degree in 0...131, received \(degree)")
    }
    let table = lebedevGenerators3To71(degree: own) ?? lebedevGenerators77To107(degree: own) ?? lebedevGenerators113To131(degree: own)!
    var points: [SIMD3<Double>] = []
    var weights: [Double] = []
    for i in stride(from: 0, to: table.count, by: 3) {
      let orbit = octahedralOrbit(table[i + 1], table[i + 2])
      points += orbit
      weights += Array(repeating: table[i], count: orbit.count)
    }
    return SphericalQuadrature(points: points, weights: weights, exactnessDegree: own)
  }
}

/// The images under the octahedral group of the unit vector whose smaller coordinates are 0 ≤ u ≤ v: 6, 8, 12, 24 or 48 points.
private func octahedralOrbit(_ u: Double, _ v: Double) -> [SIMD3<Double>] {
  // The largest coordinate is well conditioned; where the orbit lies on a mirror plane it equals v to the last bit.
  let largest = Double.sqrt(1 - u * u - v * v)
  let w = abs(largest - v) < 1e-12 ? v : largest
  let orders = [SIMD3(u, v, w), SIMD3(v, w, u), SIMD3(w, u, v), SIMD3(v, u, w), SIMD3(u, w, v), SIMD3(w, v, u)]
  var result: [SIMD3<Double>] = []
  for (i, order) in orders.enumerated() where !orders[..<i].contains(order) {
    for signs in 0..<8 {
      // A zero has one sign only.
      if (0..<3).contains(where: { signs >> $0 & 1 == 1 && order[$0] == 0 }) { continue }
      result.append(SIMD3(signs & 1 == 1 ? -order.x : order.x, signs & 2 == 2 ? -order.y : order.y, signs & 4 == 4 ? -order.z : order.z))
    }
  }
  return result
}
