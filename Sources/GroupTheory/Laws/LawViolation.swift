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
  /// The largest distance between the two sides over all the elements tried; it is infinite for a wrong shape, and NaN if the arithmetic
  /// gave one.
  public let distance: Double
  /// The distance that was allowed.
  public let tolerance: Double
  /// The elements where the distance was largest, in words and in the order in which the law names them; none where the law is about the
  /// group as a whole.
  public let elements: [String]

  init(law: Law, distance: Double, tolerance: Double, elements: [String] = []) {
    (self.law, self.distance, self.tolerance, self.elements) = (law, distance, tolerance, elements)
  }

  /// One line: "associativity violated by 0.3 (tolerance 1e-12), worst at a = ..., b = ..., c = ...".
  public var description: String {
    let names = ["a", "b", "c", "d"]
    let place = zip(names, elements).map { "\($0) = \($1)" }.joined(separator: ", ")
    return "\(law.rawValue) violated by \(distance) (tolerance \(tolerance))" + (place.isEmpty ? "" : ", worst at \(place)")
  }
}

/// The worst case that was seen for each law: a violation comes first, then the largest distance; NaN counts as worse than anything.
struct LawRecord {
  private var worst: [LawViolation] = []

  /// Elements are put into words only where the distance is the worst so far, and too large.
  mutating func note(_ law: LawViolation.Law, _ distance: Double, tolerance: Double, at elements: @autoclosure () -> [Any] = []) {
    var noted = LawViolation(law: law, distance: distance, tolerance: tolerance)
    let place = worst.firstIndex { $0.law == law }
    if let known = place.map({ worst[$0] }) {
      let isWorse = noted.isViolated == known.isViolated ? distance.isNaN || distance > known.distance : noted.isViolated
      guard isWorse else { return }
    }
    if noted.isViolated {
      noted = LawViolation(law: law, distance: distance, tolerance: tolerance, elements: elements().map { describe($0) })
    }
    if let place { worst[place] = noted } else { worst.append(noted) }
  }

  var violations: [LawViolation] { worst.filter(\.isViolated) }
}

extension LawViolation {
  /// Written so that NaN is a violation.
  fileprivate var isViolated: Bool { !(distance <= tolerance) }
}
