import Requirements

/// All real coupling coefficients up to a degree, computed at once.
///
/// Only blocks with l₁ ≤ l₂ ≤ l₃ are stored; the others follow by symmetry when they are asked for. For a few blocks use
/// ``CouplingCoefficients/wigner3j(_:_:_:)``, and for single numbers ``RealWigner3j``: neither needs a table.
public struct ClebschGordanTable: Sendable {
  /// The largest degree of any of the three irreps.
  public let maximumDegree: Int
  private let blocks: [SIMD3<Int>: CouplingCoefficients]

  /// The table of all triangles of degrees up to `maximumDegree`.
  public init(maximumDegree: Int) {
    require(maximumDegree >= 0, "expected a degree of at least 0, received \(maximumDegree)")
    self.maximumDegree = maximumDegree
    var blocks: [SIMD3<Int>: CouplingCoefficients] = [:]
    for l1 in 0...maximumDegree {
      for l2 in l1...maximumDegree {
        for l3 in l2...max(l2, min(l1 + l2, maximumDegree)) {
          let degrees = SIMD3(l1, l2, l3)
          blocks[degrees] = CouplingCoefficients(real: degrees) { $0.value() }
        }
      }
    }
    self.blocks = blocks
  }

  /// The block equal to ``CouplingCoefficients/wigner3j(_:_:_:)``; empty where the degrees form no triangle.
  public subscript(l1: Int, l2: Int, l3: Int) -> CouplingCoefficients {
    let degrees = SIMD3(l1, l2, l3)
    require(
      degrees.min() >= 0 && degrees.max() <= maximumDegree, "expected degrees in 0...\(maximumDegree), received \((l1, l2, l3))")
    let (sorted, order, sign) = canonicalOrder(degrees)
    guard let block = blocks[sorted] else { return CouplingCoefficients(degrees: degrees, entries: []) }
    return sorted == degrees ? block : block.permuted(order, sign: sign)
  }
}

/// The degrees in ascending order, the place of each given degree in it, and the factor of the real 3j coefficients for going back.
private func canonicalOrder(_ degrees: SIMD3<Int>) -> (sorted: SIMD3<Int>, order: SIMD3<Int>, sign: Double) {
  let places = [0, 1, 2].sorted { (degrees[$0], $0) < (degrees[$1], $1) }
  var order = SIMD3(0, 0, 0)
  for (position, place) in places.enumerated() { order[place] = position }
  let inversions = (places[0] > places[1] ? 1 : 0) + (places[0] > places[2] ? 1 : 0) + (places[1] > places[2] ? 1 : 0)
  let isOdd = !(inversions * degrees.wrappedSum()).isMultiple(of: 2)
  return (SIMD3(degrees[places[0]], degrees[places[1]], degrees[places[2]]), order, isOdd ? -1 : 1)
}
