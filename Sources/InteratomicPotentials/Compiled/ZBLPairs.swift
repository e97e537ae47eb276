import DifferentiableTensors
import Foundation

/// The repulsion of nuclei (``ZBLRepulsion``) of the edges of a structure, by its closed form; few edges are so short.
struct ZBLPairs: Sendable {
  private let charges: [Double]
  private let powers: [Double]
  private let radii: [Double]
  private let screening: Double
  private let envelope: Double
  private let scale: Double
  private static let terms: [(Double, Double)] = [(0.1818, 3.2), (0.5099, 0.9423), (0.2802, 0.4028), (0.02817, 0.2016)]

  init(_ repulsion: ZBLRepulsion<Double>, scale: Double) {
    charges = repulsion.elements.map { Double($0) }
    let exponent = repulsion.exponent.elements[0]
    powers = charges.map { pow($0, exponent) }
    radii = repulsion.radii.elements
    screening = repulsion.screening.elements[0] * 0.529
    (envelope, self.scale) = (Double(repulsion.power), scale)
  }

  /// Half the energy of a pair at a distance, and its derivative.
  private func energy(_ a: Int, _ b: Int, _ r: Double) -> (Double, Double) {
    let cutoff = radii[a] + radii[b]
    if r >= cutoff { return (0, 0) }
    let inverse = (powers[a] + powers[b]) / screening
    var (sum, slope) = (0.0, 0.0)
    for (weight, rate) in ZBLPairs.terms {
      let value = weight * exp(-rate * inverse * r)
      sum += value
      slope -= rate * inverse * value
    }
    let factor = scale * 0.5 * 14.3996 * charges[a] * charges[b]
    let (bare, bareSlope) = (factor * sum / r, factor * (slope / r - sum / (r * r)))
    let (t, p) = (r / cutoff, envelope)
    let u = 1 + pow(t, p) * (p * (p + 2) * t - (p + 1) * (p + 2) / 2 - p * (p + 1) / 2 * t * t)
    let uSlope = p * (p + 1) * (p + 2) / 2 * pow(t, p - 1) * (2 * t - 1 - t * t) / cutoff
    return (bare * u, bareSlope * u + bare * uSlope)
  }

  /// Adds energies, forces and derivatives by the strain of all edges.
  func add<Scalar: TensorScalar>(
    _ system: PotentialSystem<Scalar>, energies: inout [Double], forces: inout [SIMD3<Double>], strain: inout [Double]
  ) {
    for i in 0..<system.atomCount {
      for e in Int(system.first[i])..<Int(system.first[i + 1]) {
        let (j, r) = (Int(system.neighbors[e]), system.vector(i, e))
        let length = (r * r).sum().squareRoot()
        let (value, slope) = energy(Int(system.species[i]), Int(system.species[j]), length)
        if value == 0 && slope == 0 { continue }
        energies[i] += value
        let gradient = r * (slope / length)
        forces[i] += gradient
        forces[j] -= gradient
        for a in 0..<3 { for b in 0..<3 { strain[3 * a + b] += r[a] * gradient[b] } }
      }
    }
  }
}
