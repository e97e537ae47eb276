import GroupTheory

/// A polynomial in the components of the input's irreps as its monomials: the numbers of their variables, not decreasing, and coefficients.
package typealias MonomialSum = [[Int]: Double]

extension SymmetricContraction {
  /// The polynomials P of all ``paths`` as sums of monomials, [path][component of the output]. Variables are the components of the input's
  /// terms, one term after the other.
  package var polynomials: [[MonomialSum]] {
    contractionMonomials(input.terms.map(\.irrep), to: output.terms.map(\.irrep), order: order)
  }
}

/// The polynomials of the paths of a contraction, in the order of its weights.
package func contractionMonomials(_ input: [O3.Irrep], to output: [O3.Irrep], order: Int) -> [[MonomialSum]] {
  let polynomials = SymmetricPolynomials(input, order: order, outputs: Set(output))
  let starts = input.reduce(into: [0]) { $0.append($0.last! + $1.dimension) }
  var levels: [[[MonomialSum]]] = [[[[[]: 1]]]]
  for level in polynomials.levels[1...] {
    let below = levels.last!
    levels.append(
      level.map { p in
        let parent = below[p.parent]
        let (l1, l2, l) = ((parent.count - 1) / 2, input[p.term].degree, p.irrep.degree)
        var components = [MonomialSum](repeating: [:], count: 2 * l + 1)
        for entry in CouplingCoefficients.clebschGordan(l1, l2, l).entries {
          let variable = starts[p.term] + l2 + entry.m2
          for (variables, coefficient) in parent[entry.m1 + l1] {
            let place = variables.firstIndex { $0 > variable } ?? variables.count
            var product = variables
            product.insert(variable, at: place)
            components[entry.m3 + l][product, default: 0] += entry.value * coefficient
          }
        }
        // What cancels leaves rounding errors far below any coefficient.
        return components.map { $0.filter { abs($0.value) > 1e-13 } }
      })
  }
  return output.flatMap { irrep in
    (1...order).flatMap { n in polynomials.levels[n].indices.filter { polynomials.levels[n][$0].irrep == irrep }.map { levels[n][$0] } }
  }
}
