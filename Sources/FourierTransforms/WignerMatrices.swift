import CKernels
import DifferentiableTensors
import GroupTheory
import Requirements

/// Wigner matrices of many rotations at once, with derivatives.
///
/// Make one for a range of degrees and keep it: it holds the tables of the recurrences and of the generators.
public struct WignerMatrices: Sendable {
  /// The degrees of the matrices.
  public let degrees: ClosedRange<Int>
  private let table: WignerTable

  /// Matrices of the given degrees.
  public init(degrees: ClosedRange<Int>) {
    require(degrees.lowerBound >= 0, "degrees of at least 0 are expected, received \(degrees)")
    self.degrees = degrees
    table = WignerTable(degree: degrees.upperBound)
  }

  /// The real Wigner matrices of rotations given as quaternions (w, x, y, z) of any length, [..., 4]: for each degree a tensor
  /// [..., 2l + 1, 2l + 1].
  ///
  /// They are differentiable to any order, as functions of q/|q|. They are exact and have finite derivatives at the identity, at half
  /// turns, and everywhere else except at the zero quaternion, whose matrices are NaN.
  public func callAsFunction<Scalar: TensorScalar>(_ quaternions: Tensor<Scalar>) -> [Tensor<Scalar>] {
    require(
      quaternions.rank >= 1 && quaternions.shape[-1] == 4, "quaternions of shape [..., 4] are expected, received \(quaternions.shape)")
    if let units = quaternions.unitsForSquares() { return self(quaternions / units) }
    let values = evaluate(quaternions)
    guard quaternions.requiresGradient else { return values }
    return zip(degrees, values).map { l, value in
      .operation([quaternions], value: value) { d, g in [WignerMatrices.pullback(degree: l, quaternions, d, g)] }
    }
  }

  /// The same for rotation matrices, [..., 3, 3], by way of ``DifferentiableTensors/Tensor/quaternions(of:)``.
  public func callAsFunction<Scalar: TensorScalar>(ofRotations matrices: Tensor<Scalar>) -> [Tensor<Scalar>] {
    self(.quaternions(of: matrices))
  }

  private func evaluate<Scalar: TensorScalar>(_ quaternions: Tensor<Scalar>) -> [Tensor<Scalar>] {
    let outer = quaternions.shape.dimensions.dropLast()
    let results = degrees.map { Tensor<Scalar>(uninitialized: Shape(outer + [2 * $0 + 1, 2 * $0 + 1])) }
    let (lo, hi) = (degrees.lowerBound, degrees.upperBound)
    nonisolated(unsafe) let (q, pointers) = (quaternions.pointer, results.map(\.pointer))
    let elements = degrees.reduce(0) { $0 + (2 * $1 + 1) * (2 * $1 + 1) }
    Threads.split(quaternions.count / 4, grain: max(16, 65536 / elements)) { start, count in
      var places: [UnsafeMutableRawPointer?] = []
      for (l, pointer) in zip(lo...hi, pointers) {
        let side = 2 &* l &+ 1
        places.append(UnsafeMutableRawPointer(pointer + start &* side &* side))
      }
      ck_wigner(Scalar.kernelType, count, Int32(lo), Int32(hi), table.entries, q + 4 &* start, places)
    }
    return results
  }

  /// dD = D Σ ξ_a X_a for a rotation by ξ in the body's frame, dq = ½ q (0, ξ): the torque τ_a = Σ G ∘ (D X_a) gives the gradient
  /// 2 q (0, τ)/|q|².
  private static func pullback<Scalar: TensorScalar>(
    degree l: Int, _ q: Tensor<Scalar>, _ d: Tensor<Scalar>, _ g: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let n = q.count / 4
    let side = 2 * l + 1
    let key = GeneratorKey(degree: l, type: ObjectIdentifier(Scalar.self))
    let generators: SparseMatrix<Scalar> = GeneratorKey.memo.value(key) {
      var entries: [SparseMatrix<Scalar>.Entry] = []
      for (axis, generator) in WignerD.generators(degree: l).enumerated() {
        for (place, value) in generator.elements.enumerated() where value != 0 { entries.append((axis, place, value)) }
      }
      return SparseMatrix(rows: 3, columns: side * side, entries)
    }
    let inner = Tensor.matmul(d.reshaped(n, side, side), g.reshaped(n, side, side), transposingFirst: true)
    let torque = Tensor.sparseProduct(generators, inner.reshaped(n, side * side))
    let quaternions = q.reshaped(n, 4)
    let products = (quaternions.expandingAxis(2) * torque.expandingAxis(1)).reshaped(n, 12)
    let gradient = Tensor.sparseProduct(quaternionTimesVector(), products)
    return (gradient * (2 / quaternions.squaredNorm(keepingDimensions: true))).reshaped(to: q.shape)
  }

  /// (w, u)(0, τ) = (−u·τ, w τ + u × τ), bilinear in the products q_i τ_a at place 3 i + a.
  private static func quaternionTimesVector<Scalar: TensorScalar>() -> SparseMatrix<Scalar> {
    var entries: [SparseMatrix<Scalar>.Entry] = []
    for a in 0..<3 {
      entries.append((0, 3 * (a + 1) + a, -1))
      entries.append((a + 1, a, 1))
      let (b, c) = ((a + 1) % 3, (a + 2) % 3)
      entries.append((a + 1, 3 * (b + 1) + c, 1))
      entries.append((a + 1, 3 * (c + 1) + b, -1))
    }
    return SparseMatrix(rows: 4, columns: 12, entries)
  }
}

/// The generators of one degree as rows.
private struct GeneratorKey: Hashable {
  let degree: Int
  let type: ObjectIdentifier
  static let memo = Memo<GeneratorKey>()
}
