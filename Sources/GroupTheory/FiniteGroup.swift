/// A group of finitely many elements, all of which can be listed.
public protocol FiniteGroup<Element>: GeneratedGroup, CompactGroup where Element: Hashable {
  /// |G|, the number of elements.
  var order: Int { get }

  /// Each element once.
  var elements: [Element] { get }

  /// The place of an element in ``elements``.
  func index(of a: Element) -> Int
}

extension FiniteGroup {
  /// The discrete metric: 0 for equal elements, otherwise 1.
  public func distance(_ a: Element, _ b: Element) -> Double { a == b ? 0 : 1 }

  /// The classes {g a g⁻¹ : g in G}, each with all its elements; that of the identity first if ``elements`` starts with it.
  public var conjugacyClasses: [[Element]] {
    var seen = Set<Element>()
    var result: [[Element]] = []
    for start in elements where seen.insert(start).inserted {
      var orbit = [start]
      var next = 0
      while next < orbit.count {
        for g in generators {
          let image = conjugate(orbit[next], by: g)
          if seen.insert(image).inserted { orbit.append(image) }
        }
        next += 1
      }
      result.append(orbit)
    }
    return result
  }
}
