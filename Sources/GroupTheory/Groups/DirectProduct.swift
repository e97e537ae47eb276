/// The direct product A × B: pairs, with products taken in each place.
public struct DirectProduct<A: Group, B: Group>: Group {
  /// The first factor.
  public let first: A
  /// The second factor.
  public let second: B

  /// A × B.
  public init(_ first: A, _ second: B) { (self.first, self.second) = (first, second) }

  /// (e, e).
  public var identity: ProductElement<A.Element, B.Element> { ProductElement(first.identity, second.identity) }

  /// (a₁ b₁, a₂ b₂).
  public func product(
    _ a: ProductElement<A.Element, B.Element>, _ b: ProductElement<A.Element, B.Element>
  ) -> ProductElement<A.Element, B.Element> {
    ProductElement(first.product(a.first, b.first), second.product(a.second, b.second))
  }

  /// (a₁⁻¹, a₂⁻¹).
  public func inverse(of a: ProductElement<A.Element, B.Element>) -> ProductElement<A.Element, B.Element> {
    ProductElement(first.inverse(of: a.first), second.inverse(of: a.second))
  }

  /// Independent random elements: Haar if both factors are compact.
  public func randomElement(using generator: inout some RandomNumberGenerator) -> ProductElement<A.Element, B.Element> {
    let a = first.randomElement(using: &generator)
    return ProductElement(a, second.randomElement(using: &generator))
  }
}

extension DirectProduct: MetricGroup where A: MetricGroup, B: MetricGroup {
  /// The larger of the two distances.
  public func distance(_ a: Element, _ b: Element) -> Double {
    max(first.distance(a.first, b.first), second.distance(a.second, b.second))
  }
}

extension DirectProduct: CompactGroup where A: CompactGroup, B: CompactGroup {}

extension DirectProduct: GeneratedGroup where A: GeneratedGroup, B: GeneratedGroup {
  /// The generators of each factor.
  public var generators: [Element] { pairGenerators(first, second) }
}

extension DirectProduct: FiniteGroup where A: FiniteGroup, B: FiniteGroup {
  /// |A| |B|.
  public var order: Int { first.order * second.order }

  /// All pairs, the second running fastest.
  public var elements: [Element] { pairs(first.elements, second.elements) }

  /// Row-major.
  public func index(of a: Element) -> Int { first.index(of: a.first) * second.order + second.index(of: a.second) }
}

extension DirectProduct: LieGroup where A: LieGroup, B: LieGroup {
  /// The sum of the dimensions; coordinates of the first algebra come first.
  public var algebraDimension: Int { first.algebraDimension + second.algebraDimension }

  /// (exp X, exp Y).
  public func exponential(_ coordinates: [Double]) -> Element {
    check(coordinates)
    let (x, y) = split(coordinates)
    return ProductElement(first.exponential(x), second.exponential(y))
  }

  /// Both logarithms; nil where one of them is.
  public func logarithm(of a: Element) -> [Double]? {
    guard let x = first.logarithm(of: a.first), let y = second.logarithm(of: a.second) else { return nil }
    return x + y
  }

  /// Both brackets.
  public func bracket(_ x: [Double], _ y: [Double]) -> [Double] {
    check(x)
    check(y)
    let ((x1, x2), (y1, y2)) = (split(x), split(y))
    return first.bracket(x1, y1) + second.bracket(x2, y2)
  }

  private func split(_ x: [Double]) -> ([Double], [Double]) {
    (Array(x.prefix(first.algebraDimension)), Array(x.dropFirst(first.algebraDimension)))
  }
}
