/// The semidirect product N ⋊ H: pairs with (n₁, h₁)(n₂, h₂) = (n₁ · h₁(n₂), h₁h₂), where H acts on N by automorphisms.
///
/// E(2) for example is `SemidirectProduct(Translations(2), O2())` with the action of matrices on vectors. ``GroupLaws`` finds an action
/// that is not one of automorphisms, as a violation of associativity.
public struct SemidirectProduct<N: Group, H: Group>: Group {
  /// The normal factor N.
  public let normal: N
  /// The acting factor H.
  public let acting: H
  /// The automorphism h(n).
  private let action: @Sendable (H.Element, N.Element) -> N.Element

  /// - Parameters:
  ///   - normal: The normal factor N.
  ///   - acting: The acting factor H.
  ///   - action: h(n), with h(n m) = h(n) h(m) and (h k)(n) = h(k(n)).
  public init(_ normal: N, _ acting: H, action: @escaping @Sendable (H.Element, N.Element) -> N.Element) {
    (self.normal, self.acting, self.action) = (normal, acting, action)
  }

  /// (e, e).
  public var identity: ProductElement<N.Element, H.Element> { ProductElement(normal.identity, acting.identity) }

  /// (n₁ · h₁(n₂), h₁h₂).
  public func product(
    _ a: ProductElement<N.Element, H.Element>, _ b: ProductElement<N.Element, H.Element>
  ) -> ProductElement<N.Element, H.Element> {
    ProductElement(normal.product(a.first, action(a.second, b.first)), acting.product(a.second, b.second))
  }

  /// (h⁻¹(n⁻¹), h⁻¹).
  public func inverse(of a: ProductElement<N.Element, H.Element>) -> ProductElement<N.Element, H.Element> {
    let h = acting.inverse(of: a.second)
    return ProductElement(action(h, normal.inverse(of: a.first)), h)
  }

  /// Independent random elements: Haar if both factors are compact, since automorphisms preserve the Haar measure of N.
  public func randomElement(using generator: inout some RandomNumberGenerator) -> ProductElement<N.Element, H.Element> {
    let n = normal.randomElement(using: &generator)
    return ProductElement(n, acting.randomElement(using: &generator))
  }
}

extension SemidirectProduct: MetricGroup where N: MetricGroup, H: MetricGroup {
  /// The larger of the two distances.
  public func distance(_ a: Element, _ b: Element) -> Double {
    max(normal.distance(a.first, b.first), acting.distance(a.second, b.second))
  }
}

extension SemidirectProduct: CompactGroup where N: CompactGroup, H: CompactGroup {}

extension SemidirectProduct: GeneratedGroup where N: GeneratedGroup, H: GeneratedGroup {
  /// The generators of each factor.
  public var generators: [Element] { pairGenerators(normal, acting) }
}

extension SemidirectProduct: FiniteGroup where N: FiniteGroup, H: FiniteGroup {
  /// |N| |H|.
  public var order: Int { normal.order * acting.order }

  /// All pairs, the second running fastest.
  public var elements: [Element] { pairs(normal.elements, acting.elements) }

  /// Row-major.
  public func index(of a: Element) -> Int { normal.index(of: a.first) * acting.order + acting.index(of: a.second) }
}
