import RealModule
import Requirements

/// S_n on tensors of order k over ℝⁿ: (ρ(σ) T)[σ(j₁), ..., σ(j_k)] = T[j₁, ..., j_k], the last index running fastest.
public struct TensorPermutationRepresentation: Representation {
  /// n.
  public let n: Int
  /// k.
  public let order: Int
  /// nᵏ.
  public let dimension: Int

  /// The representation of S_n on order-k tensors, which is trivial for k = 0 and ``PermutationRepresentation`` for k = 1.
  public init(n: Int, order: Int) {
    require(n >= 0 && order >= 0, "expected a size and an order of at least 0, received \(n) and \(order)")
    (self.n, self.order) = (n, order)
    dimension = (0..<order).reduce(1) { size, _ in
      let (product, overflow) = size.multipliedReportingOverflow(by: n)
      require(!overflow, "expected a dimension that fits an Int, received \(n)^\(order)")
      return product
    }
  }

  /// The permutation matrix.
  public func callAsFunction(_ g: Permutation) -> Matrix<Double> {
    require(g.count == n, "expected a permutation of \(n) points, received one of \(g.count)")
    var result = Matrix<Double>(zeros: dimension, dimension)
    for place in 0..<dimension {
      var (rest, weight, image) = (place, 1, 0)
      for _ in 0..<order {
        image += g[rest % n] * weight
        (rest, weight) = (rest / n, weight * n)
      }
      result[image, place] = 1
    }
    return result
  }

  /// The k-th power of the number of fixed points.
  public func character(of g: Permutation) -> Double {
    Double.pow(Double(g.images.enumerated().count { $0 == $1 }), order)
  }
}

extension SymmetricGroup {
  /// The representation on tensors of order k over ℝⁿ.
  public func tensors(order: Int) -> TensorPermutationRepresentation { TensorPermutationRepresentation(n: n, order: order) }
}

/// The regular representation of a finite group: ρ(g) e_h = e_{gh} on the basis ``FiniteGroup/elements``. It contains every irrep, of
/// dimension d and with a commuting algebra of dimension τ, d/τ times.
public struct RegularRepresentation<G: FiniteGroup>: Representation {
  /// The group.
  public let group: G

  /// |G|.
  public var dimension: Int { group.order }

  /// The permutation matrix of h ↦ gh.
  public func callAsFunction(_ g: G.Element) -> Matrix<Double> {
    var result = Matrix<Double>(zeros: dimension, dimension)
    for (column, h) in group.elements.enumerated() { result[group.index(of: group.product(g, h)), column] = 1 }
    return result
  }

  /// |G| at the identity, otherwise 0.
  public func character(of g: G.Element) -> Double { g == group.identity ? Double(group.order) : 0 }
}

extension FiniteGroup {
  /// The regular representation, on functions of the group.
  public var regular: RegularRepresentation<Self> { RegularRepresentation(group: self) }
}
