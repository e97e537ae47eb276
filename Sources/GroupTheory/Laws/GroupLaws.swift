/// Checks the laws of a group and returns what is violated, as values.
///
/// ```swift
/// let laws = GroupLaws(SO3(), tolerance: 1e-14)
/// #expect(laws.violations(using: &generator).isEmpty)
/// ```
///
/// ``violations(using:sampleCount:)`` checks everything that the group claims by its protocols, on elements that it draws;
/// ``violations(at:)`` checks the four laws of a ``Group`` on given elements.
public struct GroupLaws<Subject: Group> {
  let group: Subject
  let tolerance: Double
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

  /// The laws among closure, identity, inverse and associativity that are violated on the elements, all their pairs and all their triples
  /// (k elements cost k³ products), with the largest distances.
  public func violations(at elements: [Subject.Element]) -> [LawViolation] {
    record(at: elements).violations
  }

  func record(at elements: [Subject.Element]) -> LawRecord {
    var record = LawRecord()
    func note(_ law: LawViolation.Law, _ distance: Double, _ elements: Subject.Element...) {
      record.note(law, distance, tolerance: tolerance, at: elements)
    }
    let e = group.identity
    note(.closure, defect(e), e)
    for a in elements {
      let inverse = group.inverse(of: a)
      note(.closure, defect(inverse), a)
      note(.identity, distance(group.product(e, a), a), a)
      note(.identity, distance(group.product(a, e), a), a)
      note(.inverse, distance(group.product(inverse, a), e), a)
      note(.inverse, distance(group.product(a, inverse), e), a)
      for b in elements {
        let ab = group.product(a, b)
        note(.closure, defect(ab), a, b)
        for c in elements {
          note(.associativity, distance(group.product(ab, c), group.product(a, group.product(b, c))), a, b, c)
        }
      }
    }
    return record
  }
}
