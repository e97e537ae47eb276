import DifferentiableTensors
import GroupTheory
import Requirements

/// Arithmetic: features of the same irreps form a vector space, and scalars act on each row.
extension IrrepsTensor {
  /// The difference of two tensors of the same irreps.
  public static func - (a: IrrepsTensor, b: IrrepsTensor) -> IrrepsTensor {
    b.check(irreps: a.irreps)
    return IrrepsTensor(a.tensor - b.tensor, irreps: a.irreps)
  }

  /// The negative. It is not a reflection: reflections act on each irrep by its parity.
  public static prefix func - (x: IrrepsTensor) -> IrrepsTensor { IrrepsTensor(-x.tensor, irreps: x.irreps) }

  /// Adds features of the same irreps.
  public static func += (a: inout IrrepsTensor, b: IrrepsTensor) { a = a + b }

  /// Subtracts features of the same irreps.
  public static func -= (a: inout IrrepsTensor, b: IrrepsTensor) { a = a - b }

  /// The features with every component multiplied by a number.
  public static func * (x: IrrepsTensor, factor: Scalar) -> IrrepsTensor { IrrepsTensor(x.tensor * factor, irreps: x.irreps) }

  /// The features with every component multiplied by a number.
  public static func * (factor: Scalar, x: IrrepsTensor) -> IrrepsTensor { x * factor }

  /// The features with each row multiplied by a scalar of its own, such as the cut-off of an edge. `factors` has the shape [...] of the
  /// axes outside of the irreps, or [..., `Irreps.irrepCount`] with one factor for every irrep, in the order of terms and channels (that of
  /// ``norms``). The product is equivariant if the factors are invariant.
  public static func * (x: IrrepsTensor, factors: Tensor<Scalar>) -> IrrepsTensor {
    if factors.shape.dimensions == x.outerShape { return IrrepsTensor(x.tensor * factors.expandingAxis(-1), irreps: x.irreps) }
    require(
      factors.shape.dimensions == x.outerShape + [x.irreps.irrepCount],
      "factors \(x.outerShape) of rows or \(x.outerShape + [x.irreps.irrepCount]) of irreps are expected, received \(factors.shape)")
    var start = 0
    let parts = zip(x.parts, x.irreps.terms).map { part, term in
      defer { start += term.multiplicity }
      return part * factors.sliced(axis: -1, start..<start + term.multiplicity).expandingAxis(-2)
    }
    return IrrepsTensor(parts: parts, irreps: x.irreps, outerShape: x.outerShape)
  }

  /// The features with each row, or every irrep of each row, multiplied by a scalar of its own.
  public static func * (factors: Tensor<Scalar>, x: IrrepsTensor) -> IrrepsTensor { x * factors }
}

/// Rows: the first of the axes outside of the irreps.
extension IrrepsTensor {
  /// The tensor whose row k is row `index[k]` of this one, such as the features of the senders of edges, `x.gathered(graph.senders)`.
  public func gathered(_ index: RowIndex) -> IrrepsTensor { onRows { $0.gathered(index) } }

  /// The sums of the rows of each segment, such as those of the messages that a node receives, `messages.segmentSum(graph.receivers)`. This
  /// is the transpose of ``gathered(_:)``.
  public func segmentSum(_ index: RowIndex) -> IrrepsTensor { onRows { $0.segmentSum(index) } }

  /// The means of the rows of each segment; zero for an empty segment.
  public func segmentMean(_ index: RowIndex) -> IrrepsTensor { onRows { $0.segmentMean(index) } }

  /// The rows in a range.
  public subscript(rows range: Range<Int>) -> IrrepsTensor { onRows { $0.sliced(axis: 0, range) } }

  /// The rows of several tensors with the same irreps, one after the other.
  public static func concatenated(rows all: [IrrepsTensor]) -> IrrepsTensor {
    require(!all.isEmpty, "at least one tensor to concatenate is expected")
    for x in all.dropFirst() { x.check(irreps: all[0].irreps) }
    return IrrepsTensor(.concatenated(all.map(\.tensor), axis: 0), irreps: all[0].irreps)
  }

  private func onRows(_ change: (Tensor<Scalar>) -> Tensor<Scalar>) -> IrrepsTensor {
    require(tensor.rank >= 2, "rows [rows, ..., \(irreps.dimension)] are expected, received \(tensor.shape)")
    return IrrepsTensor(change(tensor), irreps: irreps)
  }
}

/// Parts by irrep.
extension IrrepsTensor {
  /// All channels of one irrep, with its terms one after the other: [..., 2l+1, `Irreps.multiplicity(of:)`].
  /// ```swift
  /// let vectors = x[irrep: "1o"]
  /// ```
  public subscript(irrep irrep: O3.Irrep) -> Tensor<Scalar> {
    let found = irreps.terms.indices.filter { irreps.terms[$0].irrep == irrep }
    if found.isEmpty { return .zeros(Shape(outerShape + [irrep.dimension, 0])) }
    return found.count == 1 ? self[term: found[0]] : .concatenated(found.map { self[term: $0] })
  }

  /// All channels of one irrep, such as "1o". Traps if the text is not an irrep.
  public subscript(irrep text: String) -> Tensor<Scalar> {
    guard let irrep = O3.Irrep(text) else { fatalError("expected \(O3.Irrep.syntax), received \"\(text)\"") }
    return self[irrep: irrep]
  }

  /// The terms of the irreps that fulfil a condition, in their order.
  public func filtered(_ isIncluded: (O3.Irrep) -> Bool) -> IrrepsTensor {
    let kept = irreps.terms.indices.filter { isIncluded(irreps.terms[$0].irrep) }
    return IrrepsTensor(parts: kept.map { self[term: $0] }, irreps: Irreps(kept.map { irreps.terms[$0] }), outerShape: outerShape)
  }

  /// The same features, sorted and with one term for each irrep, as expected by layers that know irreps by their multiplicities
  /// (`Irreps.regrouped`).
  public var regrouped: IrrepsTensor {
    let target = irreps.regrouped
    return IrrepsTensor(parts: target.terms.map { self[irrep: $0.irrep] }, irreps: target, outerShape: outerShape)
  }
}
