/// Checks the laws of a representation on given group elements and returns what is violated, as values.
public struct RepresentationLaws<Subject: Representation, G: Group> where Subject.Element == G.Element {
  let representation: Subject
  let group: G
  let tolerance: Double
  private let isOrthogonal: Bool

  /// - Parameters:
  ///   - representation: The representation ρ to check.
  ///   - group: The group it represents.
  ///   - tolerance: The largest max-norm distance that still counts as equal.
  ///   - isOrthogonal: Whether ρ(g)ᵀ ρ(g) = 1 is one of the laws.
  public init(_ representation: Subject, of group: G, tolerance: Double, isOrthogonal: Bool = true) {
    self.representation = representation
    self.group = group
    self.tolerance = tolerance
    self.isOrthogonal = isOrthogonal
  }

  /// The laws violated on the elements and all their pairs, with the largest distances: dimension, ρ(e) = 1, ρ(ab) = ρ(a) ρ(b),
  /// ρ(a⁻¹) ρ(a) = 1 and, if asked for, orthogonality. A matrix of the wrong shape ends the check.
  public func violations(at elements: [G.Element]) -> [LawViolation] {
    record(at: elements).violations
  }

  func record(at elements: [G.Element]) -> LawRecord {
    var record = LawRecord()
    func note(_ law: LawViolation.Law, _ distance: Double, _ elements: G.Element...) {
      record.note(law, distance, tolerance: tolerance, at: elements)
    }
    let n = representation.dimension
    let one = Matrix<Double>.identity(n)
    let matrices = elements.map { representation($0) }
    for (g, matrix) in zip([group.identity] + elements, [representation(group.identity)] + matrices)
    where matrix.rows != n || matrix.columns != n {
      note(.dimension, .infinity, g)
      return record
    }
    note(.identity, representation(group.identity).distance(to: one))
    for (a, matrixA) in zip(elements, matrices) {
      note(.inverse, (representation(group.inverse(of: a)) * matrixA).distance(to: one), a)
      if isOrthogonal { note(.orthogonality, (matrixA.transposed * matrixA).distance(to: one), a) }
      for (b, matrixB) in zip(elements, matrices) {
        note(.homomorphism, representation(group.product(a, b)).distance(to: matrixA * matrixB), a, b)
      }
    }
    return record
  }
}
