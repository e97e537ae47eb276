/// The unit vector along what is left of a vector outside the span of orthonormal ones; nil where that is only rounding.
func direction(of vector: [Double], outside basis: [[Double]]) -> [Double]? {
  func norm(_ v: [Double]) -> Double { v.reduce(0) { $0 + $1 * $1 }.squareRoot() }
  var rest = vector
  // Twice, so that what is left is orthogonal to rounding.
  for b in basis + basis {
    let overlap = zip(b, rest).reduce(0) { $0 + $1.0 * $1.1 }
    for i in rest.indices { rest[i] -= overlap * b[i] }
  }
  // Vectors of order 1: dependent ones leave 1e-15, independent ones much more than 1e-6.
  let left = norm(rest)
  return left > 1e-6 * max(1, norm(vector)) ? rest.map { $0 / left } : nil
}
