import RealModule
import Requirements

/// An orthogonal representation ρ written as a direct sum of irreps: Uᵀ ρ(g) U = σ₁(g) ⊕ σ₁(g) ⊕ ... ⊕ σ₂(g) ⊕ ..., with the very matrices
/// of the irreps. As a representation, it is that sum.
public struct IrrepDecomposition<Irrep: IrreducibleRepresentation>: Representation {
  /// The irreps that occur, in the order of ``GroupWithIrreps/irreps(upTo:)``, and how often.
  public let terms: [(irrep: Irrep, multiplicity: Int)]
  /// The orthogonal matrix U; its columns follow ``terms``, copies of one irrep next to each other.
  public let basis: Matrix<Double>

  /// dim ρ.
  public var dimension: Int { basis.rows }

  /// The block-diagonal matrix Uᵀ ρ(g) U, from the irreps.
  public func callAsFunction(_ g: Irrep.Element) -> Matrix<Double> { blockDiagonal(terms, at: g) }

  /// Σ multiplicity · χ_σ(g).
  public func character(of g: Irrep.Element) -> Double {
    terms.reduce(0) { $0 + Double($1.multiplicity) * $1.irrep.character(of: g) }
  }

  /// For each copy of an irrep σ, its columns X of U: orthonormal, with ρ(g) X = X σ(g).
  public func copies(of irrep: Irrep) -> [Matrix<Double>] {
    var start = 0
    let rows = basis.transposed
    for term in terms {
      let d = term.irrep.dimension
      if term.irrep == irrep { return (0..<term.multiplicity).map { rows.rows(from: start + $0 * d, count: d).transposed } }
      start += term.multiplicity * d
    }
    return []
  }
}

extension GroupWithIrreps where Self: GeneratedGroup {
  /// Decomposes an orthogonal representation into irreps up to the degree, with the change of basis, accurate to rounding.
  ///
  /// A fixed matrix V, averaged to ∫ ρ(g) V (⊕σ(g))ᵀ dg by ``haarQuadrature(forDegree:)``, intertwines ρ with the sum of irreps. By Schur's
  /// lemma its columns for one copy of an irrep are orthogonal up to a common factor, and stay so when their part in earlier copies is
  /// taken away. Gram-Schmidt over copies therefore gives U, whatever the type. A second average, of U, removes the rounding.
  ///
  /// U is checked on the generators, so that the result holds for the whole group if ρ is a homomorphism, and on their products in pairs,
  /// where a map that reverses products fails. Throws, saying how far off it is, if ρ is not an orthogonal representation or contains
  /// irreps above the degree.
  public func decomposition(
    of representation: some Representation<Element>, upTo degree: Int
  ) throws(DecompositionError) -> IrrepDecomposition<Irrep> {
    let n = representation.dimension
    for matrix in witnesses.map({ representation($0) }) {
      let deviation = (matrix.transposed * matrix).distance(to: .identity(n))
      // Negated so that NaN throws.
      guard deviation <= acceptedDeviation else { throw .notOrthogonal(deviation: deviation) }
    }
    let terms = try multiplicities(in: representation, upTo: degree)
    let rule = haarQuadrature(forDegree: degree)

    // Rows are the columns of U. sin k² has no structure that a group could share.
    var rows = Matrix(rows: n, columns: n, (0..<(n * n)).map { Double.sin(Double(($0 + 1) * ($0 + 1))) })
    for _ in 0..<2 {
      for factor in rule.factors.reversed() {
        let columns = rows.transposed
        rows = Matrix(zeros: n, n)
        for (g, weight) in factor {
          let image = representation(g).sparseProduct(columns).transposed
          rows = rows + weight * blockDiagonal(terms, at: g).sparseProduct(image)
        }
      }
      rows = orthonormalizingCopies(rows, of: terms.map { ($0.irrep.dimension, $0.multiplicity) })
    }

    let result = IrrepDecomposition(terms: terms, basis: rows.transposed)
    for g in witnesses {
      let deviation = representation(g).sparseProduct(result.basis).distance(to: result.basis * result(g))
      guard deviation <= acceptedDeviation else { throw .notARepresentation(deviation: deviation) }
    }
    return result
  }
}

extension GroupWithIrreps where Self: FiniteGroup {
  /// Decomposes an orthogonal representation into irreps, with the change of basis; throws if it is not an orthogonal representation.
  public func decomposition(of representation: some Representation<Element>) throws(DecompositionError) -> IrrepDecomposition<Irrep> {
    try decomposition(of: representation, upTo: .max)
  }
}

/// diag(σ₁(g), σ₁(g), ..., σ₂(g), ...).
private func blockDiagonal<Irrep: IrreducibleRepresentation>(
  _ terms: [(irrep: Irrep, multiplicity: Int)], at g: Irrep.Element
) -> Matrix<Double> {
  let n = terms.reduce(0) { $0 + $1.multiplicity * $1.irrep.dimension }
  var result = Matrix<Double>(zeros: n, n)
  var start = 0
  for (irrep, multiplicity) in terms {
    let block = irrep(g)
    for _ in 0..<multiplicity {
      for i in 0..<block.rows {
        for j in 0..<block.columns { result[start + i, start + j] = block[i, j] }
      }
      start += block.rows
    }
  }
  return result
}

/// Gram-Schmidt over blocks of rows: of each (dimension, multiplicity) as many blocks of that many rows. A block A of an irrep has
/// A Bᵀ in the commuting algebra for any other B of it, so taking away (A Bᵀ) B keeps it intertwining.
private func orthonormalizingCopies(_ rows: Matrix<Double>, of terms: [(dimension: Int, multiplicity: Int)]) -> Matrix<Double> {
  var elements: [Double] = []
  var start = 0
  for (dimension, multiplicity) in terms {
    var earlier: [Matrix<Double>] = []
    for _ in 0..<multiplicity {
      var block = rows.rows(from: start, count: dimension)
      for _ in 0..<2 {
        for other in earlier { block = block - block * other.transposed * other }
      }
      let square = block.elements.reduce(0) { $0 + $1 * $1 }
      block = Double.sqrt(Double(dimension) / square) * block
      earlier.append(block)
      elements += block.elements
      start += dimension
    }
  }
  return Matrix(rows: rows.rows, columns: rows.columns, elements)
}

extension Matrix<Double> {
  /// Some consecutive rows.
  fileprivate func rows(from start: Int, count: Int) -> Matrix {
    Matrix(rows: count, columns: columns, Array(elements[(start * columns)..<((start + count) * columns)]))
  }

  /// The product AB where A has many zeros, which are passed over.
  fileprivate func sparseProduct(_ other: Matrix) -> Matrix {
    require(columns == other.rows, "expected a right factor with \(columns) rows, received \(other.shape)")
    var result = Matrix(zeros: rows, other.columns)
    let width = other.columns
    elements.withUnsafeBufferPointer { a in
      other.elements.withUnsafeBufferPointer { b in
        result.elements.withUnsafeMutableBufferPointer { c in
          for i in 0..<rows {
            for k in 0..<columns where a[i * columns + k] != 0 {
              let factor = a[i * columns + k]
              for j in 0..<width { c[i * width + j] += factor * b[k * width + j] }
            }
          }
        }
      }
    }
    return result
  }
}
