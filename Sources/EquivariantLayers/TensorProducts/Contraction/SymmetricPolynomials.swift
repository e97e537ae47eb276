import DifferentiableTensors
import GroupTheory
import Requirements

/// A basis of the equivariant polynomials of one degree in features of irreps, that is, of the symmetric equivariant ν-linear maps.
///
/// Sym^ν(V₁ ⊕ V₂ ⊕ ...) = ⊕ Sym^{n₁}(V₁) ⊗ Sym^{n₂}(V₂) ⊗ ..., Σ nₖ = ν, over the terms Vₖ of the irreps. A polynomial is a chain of
/// isometric Clebsch-Gordan couplings: it couples one of degree ν − 1 with the last term that it contains. Where a term occurs once, all
/// such chains are independent; where it occurs more often, the first independent ones are taken, as many as the characters say.
struct SymmetricPolynomials {
  /// A vector of 2l+1 polynomials that transforms by one irrep.
  struct Polynomial {
    let irrep: O3.Irrep
    /// The degree in each term.
    let degrees: [Int]
    /// The polynomial of one degree less in the previous level, and the term it is coupled with.
    let parent: Int, term: Int
    /// The values at the sample points, [2l+1][points].
    fileprivate let values: [[Double]]
  }

  /// The terms' irreps.
  let irreps: [O3.Irrep]
  /// The polynomials by degree; level 0 is the constant 1.
  private(set) var levels: [[Polynomial]] = []
  private var points: [[[Double]]] = []
  /// For lists of degrees with one above 1, the number of states of each weight: degree l occurs states[l] − states[l + 1] times.
  private var states: [[Int]: [Int: Int]] = [:]

  /// The polynomials of degree 0 ... order from which irreps of the output are made, including all those of lower degree that couplings may
  /// need.
  init(_ irreps: [O3.Irrep], order: Int, outputs: Set<O3.Irrep>) {
    self.irreps = irreps
    for n in 1...order {
      for degrees in compositions(of: n, into: irreps.count) where degrees.max()! > 1 { states[degrees] = states(of: degrees) }
    }
    // More points than there are polynomials of one list of degrees and one irrep tell these apart.
    let count = 8 + 2 * (states.values.flatMap { counts in counts.map { $1 - (counts[$0 + 1] ?? 0) } }.max() ?? 1)
    var generator = RandomSource(seed: 1)
    points = irreps.map { irrep in (0..<irrep.dimension).map { _ in (0..<count).map { _ in generator.normalPair().0 } } }
    let one = Polynomial(
      irrep: .scalar, degrees: irreps.map { _ in 0 }, parent: -1, term: -1, values: [[Double](repeating: 1, count: count)])
    levels = [[one]]
    let (largest, wanted) = (irreps.map(\.degree).max() ?? 0, outputs.map(\.degree).max() ?? 0)
    for n in 1...order {
      let reach = wanted + (order - n) * largest
      levels.append(nextLevel { n == order ? outputs.contains($0) : $0.degree <= reach })
    }
  }

  /// The polynomials of one degree more, of the irreps that pass.
  private func nextLevel(_ isWanted: (O3.Irrep) -> Bool) -> [Polynomial] {
    var result: [Polynomial] = []
    // The parity follows from the degrees.
    var found: [[Int]: [Int: [[Double]]]] = [:]
    for (parent, polynomial) in levels.last!.enumerated() {
      let last = polynomial.degrees.lastIndex { $0 > 0 } ?? 0
      for term in last..<irreps.count {
        var degrees = polynomial.degrees
        degrees[term] += 1
        for irrep in polynomial.irrep * irreps[term] where isWanted(irrep) {
          let values = coupled(polynomial, term, irrep)
          if degrees[term] > 1 {
            let basis = found[degrees]?[irrep.degree] ?? []
            guard let direction = direction(of: Array(values.joined()), outside: basis) else { continue }
            found[degrees, default: [:]][irrep.degree, default: []].append(direction)
          }
          result.append(Polynomial(irrep: irrep, degrees: degrees, parent: parent, term: term, values: values))
        }
      }
    }
    for (degrees, bases) in found {
      for (l, basis) in bases {
        let count = states[degrees]![l]! - (states[degrees]![l + 1] ?? 0)
        require(
          basis.count == count, "expected \(count) polynomials of degrees \(degrees) and irrep degree \(l), found \(basis.count)")
      }
    }
    return result
  }

  /// The values of (p ⊗ x_term)^l.
  private func coupled(_ p: Polynomial, _ term: Int, _ irrep: O3.Irrep) -> [[Double]] {
    var result = [[Double]](repeating: [Double](repeating: 0, count: p.values[0].count), count: irrep.dimension)
    let (l1, l2) = (p.irrep.degree, irreps[term].degree)
    for entry in CouplingCoefficients.clebschGordan(l1, l2, irrep.degree).entries {
      let (a, b) = (p.values[entry.m1 + l1], points[term][entry.m2 + l2])
      for i in a.indices { result[entry.m3 + irrep.degree][i] += entry.value * a[i] * b[i] }
    }
    return result
  }

  /// The number of states of each weight in ⊗ Sym^{nₖ}(lₖ).
  private func states(of degrees: [Int]) -> [Int: Int] {
    var states = [0: 1]
    for (irrep, power) in zip(irreps, degrees) where power > 0 {
      // Monomials by their number of factors and their weight, one component after the other.
      var monomials = [[Int: Int]](repeating: [:], count: power + 1)
      monomials[0][0] = 1
      for m in -irrep.degree...irrep.degree {
        for n in 1...power {
          for (weight, count) in monomials[n - 1] { monomials[n][weight + m, default: 0] += count }
        }
      }
      var product: [Int: Int] = [:]
      for (a, i) in states { for (b, j) in monomials[power] { product[a + b, default: 0] += i * j } }
      states = product
    }
    return states
  }
}

/// All lists of `count` numbers that add up to `sum`.
private func compositions(of sum: Int, into count: Int) -> [[Int]] {
  if count == 0 { return sum == 0 ? [[]] : [] }
  return (0...sum).flatMap { first in compositions(of: sum - first, into: count - 1).map { [first] + $0 } }
}
