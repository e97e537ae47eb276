import DifferentiableTensors
import GroupTheory
import Requirements

/// Irreps that are functions on the sphere, one for each channel: distinct degrees in ascending order with equal multiplicities.
///
/// Under inversion, a function with the parities p(−1)^l is multiplied by p, f ↦ p f, besides the exchange of the points of the sphere.
struct SphereSignal: Hashable, Sendable {
  let irreps: Irreps<O3>
  /// The degrees that occur.
  let degrees: [Int]
  let channels: Int
  /// p.
  let parity: Parity

  init(_ irreps: Irreps<O3>) {
    let first = irreps.terms.first
    self.irreps = irreps
    degrees = irreps.terms.map(\.irrep.degree)
    channels = first?.multiplicity ?? 0
    parity = first.map { $0.irrep.parity * Parity(ofDegree: $0.irrep.degree) } ?? .even
    let (channels, parity) = (channels, parity)
    require(
      channels > 0 && zip(degrees, degrees.dropFirst()).allSatisfy { $0 < $1 }
        && irreps.terms.allSatisfy { $0.multiplicity == channels && $0.irrep.parity == parity * Parity(ofDegree: $0.irrep.degree) },
      "expected functions on the sphere: ascending degrees with equal multiplicities and parities (-1)^l or all opposite, received \(irreps)"
    )
  }

  /// The largest degree.
  var degree: Int { degrees.last! }
  private var isComplete: Bool { degrees.count == degree + 1 }

  /// The coefficients [..., (L+1)², channels]; zeros for degrees that do not occur.
  func coefficients<Scalar: TensorScalar>(_ x: IrrepsTensor<Scalar>) -> Tensor<Scalar> {
    x.check(irreps: irreps)
    if isComplete { return x.tensor.reshaped(to: Shape(x.outerShape + [(degree + 1) * (degree + 1), channels])) }
    let parts = x.parts
    return .concatenated(
      (0...degree).map { l in degrees.firstIndex(of: l).map { parts[$0] } ?? .zeros(Shape(x.outerShape + [2 * l + 1, channels])) },
      axis: -2)
  }

  /// The features of the degrees that occur.
  func features<Scalar: TensorScalar>(_ coefficients: Tensor<Scalar>) -> IrrepsTensor<Scalar> {
    let outer = coefficients.shape.dimensions.dropLast(2)
    if isComplete { return IrrepsTensor(coefficients.reshaped(to: Shape(outer + [irreps.dimension])), irreps: irreps) }
    return IrrepsTensor(parts: degrees.map { coefficients.sliced(axis: -2, $0 * $0..<($0 + 1) * ($0 + 1)) }, irreps: irreps)
  }

  /// Weights [..., degrees that occur, channels], one row for each component: [..., (L+1)², channels].
  func expanded<Scalar: TensorScalar>(_ weights: Tensor<Scalar>) -> Tensor<Scalar> {
    let entries = degrees.enumerated().flatMap { column, l in (l * l..<(l + 1) * (l + 1)).map { (row: $0, column: column, value: 1.0) } }
    let matrix = SparseMatrix<Scalar>(rows: (degree + 1) * (degree + 1), columns: degrees.count, entries)
    return .sparseProduct(matrix, weights, axis: -2)
  }

  /// Traps unless some degrees of the operands reach each irrep of the result.
  static func checkReachable(_ output: SphereSignal, from a: SphereSignal, _ b: SphereSignal, by operation: SphereOperation, _ name: String)
  {
    let sign: Parity = operation == .product ? .even : .odd
    for term in output.irreps.terms {
      let l = term.irrep.degree
      let isReached = a.degrees.contains { l1 in b.degrees.contains { l2 in operation.factor(l1, l2, l) != 0 } }
      require(
        isReached && term.irrep.parity == a.parity * b.parity * sign * Parity(ofDegree: l),
        "no path of the \(name) of \(a.irreps) and \(b.irreps) reaches \(term.irrep)")
    }
  }
}
