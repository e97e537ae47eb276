import GroupTheory
import Requirements

/// Nodes and weights whose mean over O(m) is exact for tensors of rank up to `degree`.
///
/// For m > 3 they are signed permutation matrices, which are exact to rank 3.
func orthogonalQuadrature(_ m: Int, degree: Int) -> [(matrix: Matrix<Double>, weight: Double)] {
  // A product of two irreps of degree l has rank up to 2 l.
  let degreeOfIrreps = (degree + 1) / 2
  switch m {
  case 1: return [1.0, -1].map { (Matrix([[$0]]), 0.5) }
  case 2: return O2().haarQuadrature(forDegree: degreeOfIrreps).nodes(of: O2()).map { ($0.element.matrix, $0.weight) }
  case 3: return O3().haarQuadrature(forDegree: degreeOfIrreps).nodes(of: O3()).map { ($0.element.matrix, $0.weight) }
  default:
    require(m <= 6 && degree <= 3, "rank 3 at most in an eigenspace of 4 to 6 dimensions is expected, received rank \(degree) in \(m)")
    let permutations = SymmetricGroup(m).elements
    let weight = 1 / Double(permutations.count << m)
    return permutations.flatMap { permutation in
      (0..<1 << m).map { signs in
        var matrix = Matrix<Double>(zeros: m, m)
        for i in 0..<m { matrix[permutation[i], i] = signs >> i & 1 == 0 ? 1 : -1 }
        return (matrix, weight)
      }
    }
  }
}
