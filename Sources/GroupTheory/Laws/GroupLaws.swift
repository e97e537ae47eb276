/// Checks the group laws on given elements and returns what is violated, as values.
///
/// ```swift
/// let laws = GroupLaws(SO3(), tolerance: 1e-14) { $0.distance(to: $1) }
/// #expect(laws.violations(at: SO3().randomElements(8, using: &generator)).isEmpty)
/// ```
public struct GroupLaws<Subject: Group> {
  private let group: Subject
  private let tolerance: Double
  private let defect: (Subject.Element) -> Double
  private let distance: (Subject.Element, Subject.Element) -> Double

  /// - Parameters:
  ///   - group: The group to check.
  ///   - tolerance: The largest distance that still counts as equal.
  ///   - defect: How far a value is from being an element; for the law of closure. Zero by default.
  ///   - distance: How far two elements are from being equal.
  public init(
    _ group: Subject, tolerance: Double, defect: @escaping (Subject.Element) -> Double = { _ in 0 },
    distance: @escaping (Subject.Element, Subject.Element) -> Double
  ) {
    self.group = group
    self.tolerance = tolerance
    self.defect = defect
    self.distance = distance
  }

  /// The laws violated on the elements, all their pairs and all their triples (k elements cost k³ products), with the largest distances.
  public func violations(at elements: [Subject.Element]) -> [LawViolation] {
    var record = LawRecord()
    let e = group.identity
    record.note(.closure, defect(e))
    for a in elements {
      let inverse = group.inverse(of: a)
      record.note(.closure, defect(inverse))
      record.note(.identity, distance(group.product(e, a), a))
      record.note(.identity, distance(group.product(a, e), a))
      record.note(.inverse, distance(group.product(inverse, a), e))
      record.note(.inverse, distance(group.product(a, inverse), e))
      for b in elements {
        let ab = group.product(a, b)
        record.note(.closure, defect(ab))
        for c in elements {
          record.note(.associativity, distance(group.product(ab, c), group.product(a, group.product(b, c))))
        }
      }
    }
    return record.violations(tolerance: tolerance)
  }
}
