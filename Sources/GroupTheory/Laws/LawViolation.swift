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
    /// ρ(g) has the announced dimension.
    case dimension = "dimension"
    /// ρ(ab) = ρ(a) ρ(b).
    case homomorphism = "homomorphism"
    /// ρ(g)ᵀ ρ(g) = 1.
    case orthogonality = "orthogonality"
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
  private var worst: [(law: LawViolation.Law, distance: Double)] = []

  mutating func note(_ law: LawViolation.Law, _ distance: Double) {
    guard let place = worst.firstIndex(where: { $0.law == law }) else { return worst.append((law, distance)) }
    if distance.isNaN || distance > worst[place].distance { worst[place].distance = distance }
  }

  func violations(tolerance: Double) -> [LawViolation] {
    worst.filter { !($0.distance <= tolerance) }
      .map { LawViolation(law: $0.law, distance: $0.distance, tolerance: tolerance) }
  }
}
