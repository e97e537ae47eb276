import Requirements

extension Irreps {
  /// The range of the flat vector that each term occupies.
  public var slices: [Range<Int>] {
    var offset = 0
    return terms.map { term in
      defer { offset += term.dimension }
      return offset..<offset + term.dimension
    }
  }

  /// For each place of our flat vector ([2l+1, multiplicity] per term), the place in e3nn's ([multiplicity, 2l+1] per term).
  public var e3nnIndices: [Int] {
    var result: [Int] = []
    result.reserveCapacity(dimension)
    for (term, slice) in zip(terms, slices) {
      for component in 0..<term.irrep.dimension {
        for channel in 0..<term.multiplicity { result.append(slice.lowerBound + channel * term.irrep.dimension + component) }
      }
    }
    return result
  }

  /// A flat vector in e3nn's order, rearranged into ours.
  public func fromE3nn<Value>(_ vector: [Value]) -> [Value] {
    checkCount(vector.count)
    return e3nnIndices.map { vector[$0] }
  }

  /// A flat vector in our order, rearranged into e3nn's.
  public func toE3nn<Value>(_ vector: [Value]) -> [Value] {
    checkCount(vector.count)
    var result = vector
    for (ours, theirs) in e3nnIndices.enumerated() { result[theirs] = vector[ours] }
    return result
  }

  private func checkCount(_ count: Int) {
    require(count == dimension, "expected a vector of \(dimension) components for \(self), received \(count)")
  }
}
