import RealModule
import Requirements

/// The linear maps M between two representations of a group with M ρ(g) = σ(g) M for all g, by a basis that is orthonormal in the
/// Frobenius inner product ⟨A, B⟩ = tr AᵀB.
public struct EquivariantMaps: Sendable {
  /// dim ρ, of the space mapped from: the number of columns.
  public let inputDimension: Int
  /// dim σ, of the space mapped to: the number of rows.
  public let outputDimension: Int
  /// Orthonormal matrices of shape `outputDimension` × `inputDimension`.
  public let basis: [Matrix<Double>]

  /// By Schur's lemma, the maps between two decomposed representations: for each irrep in both, with the columns X of a copy in ρ and Y of
  /// one in σ, the maps Y E Xᵀ/√d with E from the ``IrreducibleRepresentation/endomorphisms``.
  public init<Irrep>(from input: IrrepDecomposition<Irrep>, to output: IrrepDecomposition<Irrep>) {
    (inputDimension, outputDimension) = (input.dimension, output.dimension)
    basis = input.terms.flatMap { irrep, _ in
      let sources = input.copies(of: irrep).map(\.transposed)
      let scale = 1 / Double.sqrt(Double(irrep.dimension))
      return output.copies(of: irrep).flatMap { target in
        irrep.endomorphisms.flatMap { endomorphism in
          let left = scale * target * endomorphism
          return sources.map { left * $0 }
        }
      }
    }
  }

  /// As a null space, the maps between any representations of any group with generators, compact or not: a matrix that satisfies M ρ(g) =
  /// σ(g) M for the generators does so for the whole group.
  ///
  /// The squared residual Σ |σ(g) M − M ρ(g)|² over the generators is a quadratic form on ℝᴺ, N = dim ρ · dim σ; its eigenvectors with
  /// eigenvalues below 10⁻¹⁰ of the mean squares of ρ and σ are the maps. This takes 10 N³ operations, so that N up to 1000 is a matter of
  /// seconds.
  public init<G: GeneratedGroup>(
    from input: some Representation<G.Element>, to output: some Representation<G.Element>, of group: G
  ) {
    let (rows, columns) = (output.dimension, input.dimension)
    (inputDimension, outputDimension) = (columns, rows)
    var form = Matrix<Double>(zeros: rows * columns, rows * columns)
    var scale = 0.0
    for g in group.generators {
      let (rho, sigma) = (input(g), output(g))
      // On M row by row the residual is (σ ⊗ 1 − 1 ⊗ ρᵀ) M.
      let mixed = sigma.kroneckerProduct(rho)
      let squares =
        (sigma.transposed * sigma).kroneckerProduct(.identity(columns)) + Matrix.identity(rows).kroneckerProduct(rho * rho.transposed)
      form = form + squares - mixed - mixed.transposed
      scale += squares.trace / Double(max(rows * columns, 1))
    }
    let eigen = SymmetricEigen(form)
    let maps = eigen.vectors.transposed.elements
    let count = eigen.values.count { $0 <= 1e-10 * scale }
    basis = (0..<count).map {
      Matrix(rows: rows, columns: columns, Array(maps[($0 * rows * columns)..<(($0 + 1) * rows * columns)]))
    }
  }

  /// The number of independent maps, the inner product of the characters.
  public var dimension: Int { basis.count }

  /// The equivariant map nearest to a matrix: Σ ⟨B, M⟩ B.
  public func projection(of map: Matrix<Double>) -> Matrix<Double> {
    require(
      map.rows == outputDimension && map.columns == inputDimension,
      "expected a \(outputDimension)×\(inputDimension) matrix, received \(map.shape)")
    return basis.reduce(Matrix(zeros: map.rows, map.columns)) { sum, element in
      sum + zip(element.elements, map.elements).reduce(0) { $0 + $1.0 * $1.1 } * element
    }
  }

  /// The max-norm distance of a matrix to its ``projection(of:)``; it is of the size of rounding only for equivariant maps.
  public func deviation(of map: Matrix<Double>) -> Double { map.distance(to: projection(of: map)) }
}
