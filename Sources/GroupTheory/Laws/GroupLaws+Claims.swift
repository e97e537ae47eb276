import RealModule
import Requirements

extension GroupLaws where Subject: MetricGroup {
  /// - Parameters:
  ///   - group: The group to check; its own distance decides what is equal.
  ///   - tolerance: The largest distance that still counts as equal.
  ///   - defect: How far a value is from being an element; for the law of closure. Zero by default.
  public init(_ group: Subject, tolerance: Double, defect: @escaping (Subject.Element) -> Double = { _ in 0 }) {
    self.init(group, tolerance: tolerance, defect: defect) { group.distance($0, $1) }
  }

  /// All violated laws among those that the group claims by its protocols: closure, identity, inverse, associativity and the metric; for a
  /// ``FiniteGroup``, that elements and generators are complete; for a ``CompactGroup``, that random elements are Haar distributed and
  /// generators dense; for a ``LieGroup``, exponential, logarithm and bracket.
  ///
  /// Haar measure and density are tested statistically, on at least `sampleCount` elements: a correct group fails once in more than 10⁴
  /// runs, and the default finds a distribution function that is wrong by 0.1 somewhere. In finite groups of up to 720 elements the
  /// elements are counted.
  public func violations(using generator: inout some RandomNumberGenerator, sampleCount: Int = 2000) -> [LawViolation] {
    require(sampleCount > 0, "expected at least 1 sample, received \(sampleCount)")
    var elements = group.randomElements(5, using: &generator)
    if let generated = group as? any GeneratedGroup<Subject.Element> { elements += generated.generators }
    var record = record(at: elements)
    noteMetric(elements, in: &record)
    if let lie = group as? any LieGroup<Subject.Element> {
      noteExponential(lie, elements, using: &generator, in: &record)
    }
    if let compact = group as? any CompactGroup<Subject.Element> {
      if let finite = group as? any FiniteGroup<Subject.Element> {
        noteEnumeration(finite, using: &generator, in: &record)
      } else if let generated = group as? any GeneratedGroup<Subject.Element> {
        noteDensity(generated, sampleCount / 3 + 1, using: &generator, in: &record)
      }
      noteHaar(compact, translations: elements, sampleCount, using: &generator, in: &record)
    }
    return record.violations
  }

  private func noteMetric(_ elements: [Subject.Element], in record: inout LawRecord) {
    for a in elements {
      record.note(.metric, group.distance(a, a), tolerance: tolerance, at: [a])
      for b in elements {
        let direct = group.distance(a, b)
        record.note(.metric, abs(direct - group.distance(b, a)), tolerance: tolerance, at: [a, b])
        for c in elements {
          record.note(.metric, direct - group.distance(a, c) - group.distance(c, b), tolerance: tolerance, at: [a, b, c])
        }
      }
    }
  }
}

/// What a Kolmogorov-Smirnov statistic may be: that of equal laws exceeds it once in 3·10⁵, and fewer than 20 are taken.
private let statisticLimit = 2.6

extension GroupLaws where Subject: MetricGroup {
  /// Distances d(x, h) of random h from a few points x have the same law after h is translated from either side.
  private func noteHaar(
    _ compact: any CompactGroup<Subject.Element>, translations: [Subject.Element], _ count: Int,
    using generator: inout some RandomNumberGenerator, in record: inout LawRecord
  ) {
    let points = [group.identity] + group.randomElements(2, using: &generator)
    let reference = group.randomElements(count, using: &generator)
    for g in translations.suffix(3) + translations.prefix(2) {
      let sample = group.randomElements(count, using: &generator)
      for (i, x) in points.enumerated() {
        // Left and right by turns, each point with both over the translations.
        let translated = sample.map { i.isMultiple(of: 2) ? group.product(g, $0) : group.product($0, g) }
        let statistic = kolmogorovSmirnov(reference.map { group.distance(x, $0) }, translated.map { group.distance(x, $0) })
        record.note(.haarMeasure, statistic, tolerance: statisticLimit, at: [g])
      }
    }
  }

  /// Random words in the generators, a few random powers of each in turn, have the same law as random elements.
  private func noteDensity(
    _ generated: any GeneratedGroup<Subject.Element>, _ count: Int, using generator: inout some RandomNumberGenerator,
    in record: inout LawRecord
  ) {
    var words: [Subject.Element] = []
    for _ in 0..<count {
      var word = group.identity
      for _ in 0..<8 {
        for step in generated.generators {
          word = group.product(word, group.power(step, Int.random(in: 0..<1024, using: &generator)))
        }
      }
      words.append(word)
    }
    let reference = group.randomElements(count, using: &generator)
    for x in [group.identity] + group.randomElements(2, using: &generator) {
      let statistic = kolmogorovSmirnov(reference.map { group.distance(x, $0) }, words.map { group.distance(x, $0) })
      record.note(.generators, statistic, tolerance: statisticLimit)
    }
  }

  private func noteEnumeration<F: FiniteGroup<Subject.Element>>(
    _ finite: F, using generator: inout some RandomNumberGenerator, in record: inout LawRecord
  ) {
    let elements = finite.elements
    let misplaced = elements.enumerated().count { finite.index(of: $1) != $0 }
    let confused = elements.count { ($0 == finite.identity) != (finite.distance($0, finite.identity) == 0) }
    record.note(.metric, Double(confused), tolerance: 0)
    record.note(.enumeration, Double(misplaced + abs(elements.count - finite.order) + elements.count - Set(elements).count), tolerance: 0)

    var reached: Set<F.Element> = [finite.identity]
    var boundary = [finite.identity]
    // Not past the order: a product that is not a group's might never close.
    while let a = boundary.popLast(), reached.count <= finite.order {
      for g in finite.generators {
        let next = finite.product(a, g)
        if reached.insert(next).inserted { boundary.append(next) }
      }
    }
    record.note(.generators, Double(abs(reached.count - finite.order)), tolerance: 0)
    record.note(.closure, Double(reached.subtracting(elements).count), tolerance: 0)

    if finite.order <= 720 {
      var frequency: [F.Element: Int] = [:]
      for a in finite.randomElements(20 * finite.order + 200, using: &generator) { frequency[a, default: 0] += 1 }
      let counts = elements.map { frequency[$0] ?? 0 }
      // Equal cells give more than five once in 3·10⁶.
      record.note(.haarMeasure, uniformityExcess(counts), tolerance: 5)
    }
  }

  private func noteExponential(
    _ lie: any LieGroup<Subject.Element>, _ elements: [Subject.Element], using generator: inout some RandomNumberGenerator,
    in record: inout LawRecord
  ) {
    let n = lie.algebraDimension
    record.note(.exponential, group.distance(lie.exponential(Array(repeating: 0, count: n)), group.identity), tolerance: tolerance)
    for a in elements {
      guard let x = lie.logarithm(of: a) else { continue }
      record.note(.exponential, group.distance(lie.exponential(x), a), tolerance: tolerance, at: [a])
    }
    for _ in 0..<5 {
      // Shorter than π in every coordinate plane, also for three coordinates together.
      let (x, y) = ((0..<n).map { _ in 2 * generator.uniform() - 1 }, (0..<n).map { _ in 2 * generator.uniform() - 1 })
      let (s, t) = (generator.uniform(), generator.uniform())
      let parts = group.product(lie.exponential(x.map { s * $0 }), lie.exponential(x.map { t * $0 }))
      record.note(.exponential, group.distance(lie.exponential(x.map { (s + t) * $0 }), parts), tolerance: tolerance)
      guard let back = lie.logarithm(of: lie.exponential(x)) else {
        record.note(.exponential, .infinity, tolerance: tolerance)
        continue
      }
      record.note(.exponential, zip(back, x).map { abs($0 - $1) }.max() ?? 0, tolerance: 10 * tolerance)

      let small = 1e-3
      let (a, b) = (lie.exponential(x.map { small * $0 }), lie.exponential(y.map { small * $0 }))
      guard let ab = lie.logarithm(of: group.product(a, b)), let ba = lie.logarithm(of: group.product(b, a)) else { continue }
      // The difference is ε⁴ in size, rounding of the logarithms 1e-16: both are below 1e-5 ε².
      for (k, value) in lie.bracket(x, y).enumerated() {
        record.note(.bracket, abs((ab[k] - ba[k]) / (small * small) - value), tolerance: 1e-5)
      }
    }
  }
}
