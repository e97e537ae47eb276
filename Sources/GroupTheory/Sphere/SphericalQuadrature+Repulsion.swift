import RealModule
import Requirements

extension SphericalQuadrature {
  /// Points that repel each other like equal charges: a local minimum of the energy Σ_{i<j} 1/|xᵢ − xⱼ| (Thomson's problem), equally
  /// weighted.
  ///
  /// Random points from `generator` move against the gradient with a step that grows while the energy falls and is halved when it does not;
  /// the same state of the generator gives the same points. Chords have no kink at antipodes, so that the minimum is reached. The rule is
  /// known to be exact for constants only; ``measuredExactnessDegree(upTo:tolerance:)`` tells more.
  /// - Parameters:
  ///   - count: The number of points, a multiple of the order of the symmetry group.
  ///   - symmetries: All elements of a finite group. The points are a union of its orbits, in general position, and the least energy of
  ///     such unions is sought. The points of one orbit follow each other, in the order of the elements.
  ///   - iterations: The number of steps of the descent.
  ///   - generator: The source of the first points.
  public static func repulsion(
    count: Int, under symmetries: [OrthogonalElement] = [.identity], iterations: Int = 500,
    using generator: inout some RandomNumberGenerator
  ) -> SphericalQuadrature {
    let order = symmetries.count
    require(count >= 1 && iterations >= 0, "expected at least 1 point and 0 iterations, received \((count, iterations))")
    require(order >= 1 && count % order == 0, "expected a multiple of the group's \(order) elements, received \(count) points")
    func union(_ representatives: [SIMD3<Double>]) -> [SIMD3<Double>] { representatives.flatMap { x in symmetries.map { $0 * x } } }
    var first = (0..<count / order).map { _ in SO3().randomElement(using: &generator) * SIMD3(0, 1, 0) }
    var (energy, gradient) = repulsionEnergy(of: union(first))
    var step = 0.01 / Double(count * count)
    for _ in 0..<iterations {
      // The gradient at g x is that at x, moved by g: it is enough to move one point of each orbit, by the gradient at its first image.
      let moved = first.indices.map { normalized(first[$0] - step * (symmetries[0].inverse * gradient[$0 * order])) }
      let (newEnergy, newGradient) = repulsionEnergy(of: union(moved))
      if newEnergy < energy {
        (first, energy, gradient) = (moved, newEnergy, newGradient)
        step *= 1.5
      } else {
        step /= 2
      }
    }
    return SphericalQuadrature(equallyWeighted: union(first), exactnessDegree: 0)
  }

  /// The orientation grid of PONITA (Bekkers et al., ICLR 2024, and the authors' code): random points after 100 steps of size 0.1 against
  /// the gradient of the mean over pairs of (d/π)⁻², d the geodesic distance, with normal noise of deviation 0.001 in the gradient that
  /// falls to 0; equally weighted. The points are not at a minimum, and the rule is exact for constants only.
  public static func geodesicRepulsion(count: Int, using generator: inout some RandomNumberGenerator) -> SphericalQuadrature {
    require(count >= 1, "expected at least 1 point, received \(count)")
    let steps = 100
    var points = (0..<count).map { _ in SO3().randomElement(using: &generator) * SIMD3(0, 1, 0) }
    for k in 0..<steps {
      let gradient = geodesicEnergy(of: points).gradient
      let noise = 0.001 * (1 - Double(k) / Double(steps))
      points = zip(points, gradient).map { point, force in
        let (a, b) = generator.normalPair()
        let c = generator.normalPair().0
        return normalized(point - 0.1 * (force + noise * SIMD3(a, b, c)))
      }
    }
    return SphericalQuadrature(equallyWeighted: points, exactnessDegree: 0)
  }
}

extension OrthogonalElement {
  /// The eight changes of signs of x, y and z: the point group D₂ₕ, −1 among them. An element and its negative stand four places apart.
  public static let signFlips: [OrthogonalElement] = [false, true].flatMap { isImproper in
    [.identity, Rotation3(normalizing: 0, 1, 0, 0), Rotation3(normalizing: 0, 0, 1, 0), Rotation3(normalizing: 0, 0, 0, 1)].map {
      OrthogonalElement($0, isImproper: isImproper)
    }
  }
}

/// The mean over ordered pairs of (d/π)⁻², d the angle between two points, and its gradient in the tangent planes.
func geodesicEnergy(of points: [SIMD3<Double>]) -> (energy: Double, gradient: [SIMD3<Double>]) {
  var energy = 0.0
  var gradient = [SIMD3<Double>](repeating: .zero, count: points.count)
  let share = 2 / Double(max(1, points.count * (points.count - 1)))
  for i in points.indices {
    for j in points.indices where j != i {
      let across = cross(points[i], points[j])
      let sine = Double.sqrt((across * across).sum())
      let cosine = (points[i] * points[j]).sum()
      let angle = Double.atan2(y: sine, x: cosine)
      // One step at a time: as one expression the compiler takes seconds to find its types.
      let numerator: Double = share / 2 * Double.pi * Double.pi
      energy += numerator / (angle * angle)
      // Opposite points do not push each other anywhere.
      guard sine > 1e-12 else { continue }
      // ∂d/∂xᵢ = −(xⱼ − xᵢ cos d)/sin d
      let away = (points[i] * cosine - points[j]) / sine
      let slope: Double = share * 2 * Double.pi * Double.pi
      let force: Double = slope / (angle * angle * angle)
      gradient[i] -= force * away
    }
  }
  return (energy, gradient)
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
