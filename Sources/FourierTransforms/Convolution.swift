import DifferentiableTensors
import GroupTheory
import Requirements

extension WignerMatrices {
  /// Rotates signals on the sphere: the coefficients of f(R⁻¹ r), c'ˡ = Dˡ(R) cˡ for each degree.
  /// - Parameters:
  ///   - coefficients: [..., K], of the degrees of these matrices, (hi + 1)² − lo² of them; any normalisation.
  ///   - quaternions: the rotations, [..., 4], one for each signal; leading axes broadcast.
  public func rotate<Scalar: TensorScalar>(_ coefficients: Tensor<Scalar>, by quaternions: Tensor<Scalar>) -> Tensor<Scalar> {
    let first = degrees.lowerBound * degrees.lowerBound
    let count = (degrees.upperBound + 1) * (degrees.upperBound + 1) - first
    require(
      coefficients.rank >= 1 && coefficients.shape[-1] == count,
      "\(count) coefficients of degrees \(degrees) are expected, received \(coefficients.shape)")
    let parts = zip(degrees, self(quaternions)).map { l, d in
      let part = coefficients.sliced(axis: -1, (l * l - first)..<((l + 1) * (l + 1) - first))
      return Tensor.matmul(d, part.expandingAxis(part.rank)).squeezed(axis: -1)
    }
    return .concatenated(parts)
  }
}

extension SphereTransform {
  /// The convolution of signals with a zonal filter h(r) = Σ h_l Y_l0(r), in orthonormal harmonics: its coefficients are c_lm h_l √(4π/(2l
  /// + 1)).
  ///
  /// (f ⋆ h)(r) = ∫ f(s) h(R_s⁻¹ r) ds with any R_s that takes the polar axis to s (Driscoll and Healy, 1994, theorem 1).
  /// - Parameters:
  ///   - coefficients: [..., (L + 1)²], orthonormal.
  ///   - filter: h_l, [..., L + 1]; leading axes broadcast.
  public func convolution(_ coefficients: Tensor<Scalar>, zonalFilter filter: Tensor<Scalar>) -> Tensor<Scalar> {
    require(normalization == .integral, "orthonormal harmonics are expected, received \(normalization)")
    var entries: [SparseMatrix<Scalar>.Entry] = []
    for l in 0...degree {
      for m in 0...2 * l { entries.append((l * l + m, l, (4 * Double.pi / Double(2 * l + 1)).squareRoot())) }
    }
    return coefficients * Tensor.sparseProduct(SparseMatrix(rows: coefficientCount, columns: degree + 1, entries), filter)
  }
}

extension RotationGroupTransform {
  /// The matrices cˡ, [..., 2l + 1, 2l + 1], of coefficients [..., count].
  public func matrices(_ coefficients: Tensor<Scalar>) -> [Tensor<Scalar>] {
    require(
      coefficients.rank >= 1 && coefficients.shape[-1] == coefficientCount,
      "\(coefficientCount) coefficients of degree \(degree) are expected, received \(coefficients.shape)")
    return (0...degree).map { l in
      let part = coefficients.sliced(axis: -1, index(degree: l, -l, -l)..<(index(degree: l, l, l) + 1))
      return part.reshaped(to: Shape(part.shape.dimensions.dropLast() + [2 * l + 1, 2 * l + 1]))
    }
  }

  private func coefficients(_ matrices: [Tensor<Scalar>]) -> Tensor<Scalar> {
    .concatenated(
      matrices.enumerated().map { l, matrix in
        (matrix * Scalar(1 / Double(2 * l + 1).squareRoot())).reshaped(
          to: Shape(matrix.shape.dimensions.dropLast(2) + [(2 * l + 1) * (2 * l + 1)]))
      })
  }

  /// The correlation of signals on the sphere as a signal on SO(3), (f ⋆ h)(R) = ∫ f(r) h(R⁻¹ r) dr: cˡ = fˡ hˡᵀ/√(2l + 1).
  ///
  /// This is the first layer of spherical convolutional networks (Cohen, Geiger, Köhler and Welling, 2018, equation 4).
  /// - Parameters:
  ///   - signal: orthonormal coefficients of f, [..., (L + 1)²].
  ///   - filter: those of h; leading axes broadcast.
  public func correlation(of signal: Tensor<Scalar>, with filter: Tensor<Scalar>) -> Tensor<Scalar> {
    let count = (degree + 1) * (degree + 1)
    require(
      signal.rank >= 1 && filter.rank >= 1 && signal.shape[-1] == count && filter.shape[-1] == count,
      "\(count) coefficients of signal and filter are expected, received \(signal.shape) and \(filter.shape)")
    return coefficients(
      (0...degree).map { l in
        let range = l * l..<(l + 1) * (l + 1)
        let (f, h) = (signal.sliced(axis: -1, range), filter.sliced(axis: -1, range))
        return f.expandingAxis(f.rank) * h.expandingAxis(h.rank - 1)
      })
  }

  /// The convolution of signals on SO(3), (f ⋆ h)(R) = ∫ f(Q) h(Q⁻¹ R) dQ for the Haar measure of mass 1: fˡ hˡ/√(2l + 1).
  public func convolution(_ signal: Tensor<Scalar>, _ filter: Tensor<Scalar>) -> Tensor<Scalar> {
    coefficients(zip(matrices(signal), matrices(filter)).map { Tensor.matmul($0, $1) })
  }

  /// Rotates signals on SO(3): the coefficients of f(Q⁻¹ R), c'ˡ = Dˡ(Q) cˡ, with one rotation for each signal, quaternions [..., 4].
  public func rotate(_ signal: Tensor<Scalar>, by quaternions: Tensor<Scalar>) -> Tensor<Scalar> {
    let rotated = zip(WignerMatrices(degrees: 0...degree)(quaternions), matrices(signal)).map { Tensor.matmul($0, $1) }
    return .concatenated(
      rotated.enumerated().map { l, matrix in
        matrix.reshaped(to: Shape(matrix.shape.dimensions.dropLast(2) + [(2 * l + 1) * (2 * l + 1)]))
      })
  }
}
