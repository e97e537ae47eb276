import DifferentiableTensors

/// How products of functions on the sphere are computed; all give the same numbers up to rounding.
public enum GauntMethod: Hashable, Sendable {
  /// The fastest of the three for the degrees at hand, by a ``GauntMethodTable``.
  case automatic
  /// Two-dimensional Fourier series on the torus, multiplied by FFT (Luo, Chen and Krishnapriyan 2024): O(L³). Two functions share a
  /// transform, so that one that is not finite spoils the other's result too.
  case fourier
  /// Gauss-Legendre quadrature over the polar angle, with convolutions of Fourier series about the axis: O(L³).
  case quadrature
  /// The non-zero coefficients of the coupling: O(L⁵), the least work at the lowest degrees.
  case sparse
}

/// Where one method of products of functions on the sphere overtakes another, as measured; ``GauntMethod/automatic`` chooses by it.
///
/// `benchmarks products --table` measures the machine at hand and prints a table as Swift source.
public struct GauntMethodTable: Sendable {
  /// The crossovers of one product in one scalar type.
  public struct Crossovers: Sendable, Equatable {
    /// At [L₁][L₂], the largest degree of the result at which the sparse method is the fastest, or −1 where it never is. Operands of
    /// degrees beyond the table are left to the other methods.
    public var sparse: [[Int]]
    /// The degree of both operands from which on the Fourier method is faster than quadrature; nil for never.
    public var fourier: Int?

    /// Crossovers as measured.
    public init(sparse: [[Int]], fourier: Int? = nil) { (self.sparse, self.fourier) = (sparse, fourier) }

    func method(_ degrees: SphereDegrees) -> GauntMethod {
      let (l1, l2) = (degrees.first, degrees.second)
      if l1 < sparse.count && l2 < sparse[l1].count && degrees.output <= sparse[l1][l2] { return .sparse }
      return min(l1, l2) >= fourier ?? .max ? .fourier : .quadrature
    }
  }

  /// The crossovers of ``GauntTensorProduct`` in `Float`.
  public var gauntFloat: Crossovers
  /// The crossovers of ``GauntTensorProduct`` in `Double`.
  public var gauntDouble: Crossovers
  /// The crossovers of ``VectorSignalGauntProduct`` in `Float`.
  public var vectorSignalFloat: Crossovers
  /// The crossovers of ``VectorSignalGauntProduct`` in `Double`.
  public var vectorSignalDouble: Crossovers

  /// A table from its crossovers.
  public init(gauntFloat: Crossovers, gauntDouble: Crossovers, vectorSignalFloat: Crossovers, vectorSignalDouble: Crossovers) {
    (self.gauntFloat, self.gauntDouble) = (gauntFloat, gauntDouble)
    (self.vectorSignalFloat, self.vectorSignalDouble) = (vectorSignalFloat, vectorSignalDouble)
  }

  /// The method that computes an operation where `method` is asked for, which is never `.automatic`.
  func method<Scalar: TensorScalar>(
    _ method: GauntMethod, _ operation: SphereOperation, _ degrees: SphereDegrees, _ type: Scalar.Type
  ) -> GauntMethod {
    // With m = 0 alone in one function, next to nothing is left.
    if operation == .zonalFilter || operation == .zonalPart { return .sparse }
    guard method == .automatic else { return method }
    let isFloat = type == Float.self
    switch operation {
    case .product, .zonalFilter, .zonalPart: return (isFloat ? gauntFloat : gauntDouble).method(degrees.used(in: operation))
    case .bracket:
      let found = (isFloat ? vectorSignalFloat : vectorSignalDouble).method(degrees.used(in: operation))
      return found == .fourier ? .quadrature : found
    }
  }
}
