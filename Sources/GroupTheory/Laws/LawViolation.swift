/// A law that did not hold, as a value: which one, and by how much.
public struct LawViolation: Sendable, Equatable, CustomStringConvertible {
  /// The laws of groups and representations.
  public enum Law: String, Sendable, CaseIterable {
    /// A product, an inverse or the identity lies outside the group.
    case closure = "closure"
    /// ea = ae = a.
    case identity = "identity"
    /// a⁻¹a = aa⁻¹ = e.
    case inverse = "inverse"
    /// (ab)c = a(bc).
    case associativity = "associativity"
    /// The distance is zero for equal elements only, symmetric, and subject to the triangle inequality.
    case metric = "metric"
    /// Random elements of a compact group follow the Haar measure. The distance is the size of a test statistic.
    case haarMeasure = "Haar measure"
    /// The generators generate the finite group, or a dense subgroup of the compact one.
    case generators = "generators"
    /// A finite group lists each element once, at its index.
    case enumeration = "enumeration"
    /// exp 0 = e, exp((s+t)X) = exp(sX) exp(tX), exp(log a) = a, and log(exp X) = X near 0.
    case exponential = "exponential"
    /// log(exp εX exp εY) − log(exp εY exp εX) = ε² [X, Y] + O(ε⁴).
    case bracket = "bracket"
    /// ρ(g) has the announced dimension.
    case dimension = "dimension"
    /// ρ(ab) = ρ(a) ρ(b).
    case homomorphism = "homomorphism"
    /// ρ(g)ᵀ ρ(g) = 1.
    case orthogonality = "orthogonality"
    /// The announced endomorphisms commute with ρ and are orthonormal.
    case endomorphisms = "endomorphisms"
    /// The mean of χ² is the number of endomorphisms (1, 2 or 4).
    case irreducibility = "irreducibility"
  }

  /// The law.
  public let law: Law
  /// The largest distance between the two sides over all the elements tried; infinite for a wrong shape, NaN if the arithmetic gave one.
  public let distance: Double
  /// The distance that was allowed.
  public let tolerance: Double

  /// One line: "associativity violated by 0.3 (tolerance 1e-12)".
  public var description: String { "\(law.rawValue) violated by \(distance) (tolerance \(tolerance))" }
}

/// The largest distance seen for each law; NaN counts as worse than anything.
struct LawRecord {
  private var worst: [LawViolation] = []

  mutating func note(_ law: LawViolation.Law, _ distance: Double, tolerance: Double) {
    let noted = LawViolation(law: law, distance: distance, tolerance: tolerance)
    guard let place = worst.firstIndex(where: { $0.law == law }) else { return worst.append(noted) }
    if distance.isNaN || distance > worst[place].distance { worst[place] = noted }
  }

  var violations: [LawViolation] { worst.filter { !($0.distance <= $0.tolerance) } }
}
