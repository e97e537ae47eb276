import RealModule

extension SphericalQuadrature {
  /// Points that repel each other like equal charges: a local minimum of the energy Σ_{i<j} 1/|xᵢ − xⱼ| (Thomson's problem), equally
  /// weighted.
  ///
  /// Random points from `generator` move against the gradient with a step that grows while the energy falls and is halved when it does not;
  /// the same state of the generator gives the same points. Of the kind of PONITA's orientation grids (Bekkers et al., ICLR 2024), which
  /// take geodesic distances and stop after 100 steps; chords have no kink at antipodes, so that the minimum is reached. Exact for
  /// constants only: ``measuredExactnessDegree(upTo:tolerance:)`` tells more.
  public static func repulsion(
    count: Int, iterations: Int = 500, using generator: inout some RandomNumberGenerator
  ) -> SphericalQuadrature {
    precondition(count >= 1 && iterations >= 0, "expected at least 1 point and 0 iterations, received \((count, iterations))")
    var points = (0..<count).map { _ in SO3().randomElement(using: &generator) * SIMD3(0, 1, 0) }
    var (energy, gradient) = repulsionEnergy(of: points)
    var step = 0.01 / Double(count * count)
    for _ in 0..<iterations {
      let moved = zip(points, gradient).map { normalized($0 - step * $1) }
      let (newEnergy, newGradient) = repulsionEnergy(of: moved)
      if newEnergy < energy {
        (points, energy, gradient) = (moved, newEnergy, newGradient)
        step *= 1.5
      } else {
        step /= 2
      }
    }
    return SphericalQuadrature(equallyWeighted: points, exactnessDegree: 0)
  }
}

/// The energy Σ_{i<j} 1/|xᵢ − xⱼ| and its gradient in the tangent planes.
func repulsionEnergy(of points: [SIMD3<Double>]) -> (energy: Double, gradient: [SIMD3<Double>]) {
  var energy = 0.0
  var gradient = [SIMD3<Double>](repeating: .zero, count: points.count)
  for i in points.indices {
    for j in 0..<i {
      let chord = points[i] - points[j]
      let squared = (chord * chord).sum()
      let inverse = 1 / Double.sqrt(squared)
      energy += inverse
      let force = chord * (inverse / squared)
      gradient[i] -= force
      gradient[j] += force
    }
  }
  for (i, point) in points.enumerated() { gradient[i] -= (gradient[i] * point).sum() * point }
  return (energy, gradient)
}
