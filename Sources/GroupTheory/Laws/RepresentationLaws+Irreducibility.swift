import RealModule
import Requirements

extension RepresentationLaws where Subject: IrreducibleRepresentation, G: CompactGroup {
  /// All laws of an irreducible representation that are violated: those of ``violations(at:)`` on random elements and generators; that the
  /// announced endomorphisms commute with ρ, are orthogonal matrices and mutually orthogonal; and that the mean of χ² over the group is
  /// their number (1, 2 or 4), which means that there are no others and that ρ is irreducible.
  ///
  /// For a ``FiniteGroup`` the mean is a sum over conjugacy classes, exact to rounding; otherwise it is taken over `sampleCount` random
  /// elements and may be off by five standard errors: a correct irrep fails once in 10⁶ runs.
  public func violations(using generator: inout some RandomNumberGenerator, sampleCount: Int = 4000) -> [LawViolation] {
    require(sampleCount > 1, "expected at least 2 samples, received \(sampleCount)")
    var elements = group.randomElements(4, using: &generator)
    if let generated = group as? any GeneratedGroup<G.Element> { elements += generated.generators }
    var record = record(at: elements)
    guard record.violations.allSatisfy({ $0.law != .dimension }) else { return record.violations }
    let endomorphisms = representation.endomorphisms
    for (i, a) in endomorphisms.enumerated() {
      for g in elements {
        let matrix = representation(g)
        record.note(.endomorphisms, (a * matrix).distance(to: matrix * a), tolerance: tolerance, at: [g])
      }
      record.note(.endomorphisms, (a.transposed * a).distance(to: .identity(representation.dimension)), tolerance: tolerance)
      for b in endomorphisms[..<i] {
        record.note(.endomorphisms, abs((a.transposed * b).trace), tolerance: tolerance * Double(representation.dimension))
      }
    }
    let expected = Double(endomorphisms.count)
    if let finite = group as? any FiniteGroup<G.Element> {
      let mean = meanSquaredCharacter(finite)
      record.note(.irreducibility, abs(mean - expected), tolerance: tolerance * Double(representation.dimension * representation.dimension))
    } else {
      let squares = group.randomElements(sampleCount, using: &generator).map { g in
        let character = representation.character(of: g)
        return character * character
      }
      let n = Double(sampleCount)
      let mean = squares.reduce(0, +) / n
      let variance = squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
      record.note(.irreducibility, abs(mean - expected), tolerance: 5 * Double.sqrt(variance / n) + tolerance)
    }
    return record.violations
  }

  private func meanSquaredCharacter<F: FiniteGroup<G.Element>>(_ finite: F) -> Double {
    finite.conjugacyClasses.reduce(0) { sum, conjugates in
      let character = representation(conjugates[0]).trace
      return sum + Double(conjugates.count) * character * character
    } / Double(finite.order)
  }
}
