import DifferentiableTensors
import EquivariantLayers
import FileFormats
import GroupTheory

/// Polynomials of a file in the basis of `SymmetricContraction`.
///
/// MACE stores tensors U[M, i₁ ... iν, k] of polynomials B_k = Σ U A_i₁ ... A_iν, which need be neither symmetric nor independent, and whose
/// signs depend on the version of e3nn. Each is a combination of this library's polynomials, which are independent: it is found from values at
/// random points, and refused where it does not close.
struct ContractionBasis {
  private let contraction: SymmetricContraction<Double>
  private let points: IrrepsTensor<Double>
  /// [points, 2l+1, paths], of each output term.
  private let values: [Tensor<Double>]

  /// The basis of a contraction of irreps with one channel each.
  init(_ input: [O3.Irrep], to output: [O3.Irrep], order: Int) {
    var source = RandomSource(seed: 0)
    let one = Irreps<O3>(input.map { .init(1, $0) })
    contraction = SymmetricContraction(one, to: Irreps(output.map { .init(1, $0) }), order: order, using: &source)
    let count = contraction.paths.count
    points = IrrepsTensor(.normal([2 * count + 8, one.dimension], using: &source), irreps: one)
    // A channel for each path: all of them have the same features, and each has the weight of its path alone.
    let wide = Irreps<O3>(input.map { .init(count, $0) })
    var probe = SymmetricContraction<Double>(wide, to: Irreps(output.map { .init(count, $0) }), order: order, using: &source)
    probe.weights = Tensor.identity(count).reshaped(1, count, count)
    let repeated = points.tensor.expandingAxis(-1).broadcast(to: [points.tensor.shape[0], one.dimension, count])
    values = probe(IrrepsTensor(repeated.reshaped(points.tensor.shape[0], one.dimension * count), irreps: wide)).parts
  }

  /// The numbers of the paths of an output term with a number of factors.
  func paths(of output: Int, factors: Int) -> [Int] {
    contraction.paths.indices.filter { contraction.paths[$0].output == output && contraction.paths[$0].degrees.reduce(0, +) == factors }
  }

  /// The matrix [k, paths] that takes weights of polynomials of a file to those of the paths of an output term; nil where the polynomials are
  /// no combinations of these to `tolerance` of their size.
  ///
  /// - Parameters:
  ///   - polynomials: U, [2l+1, (Σ(2l+1))^factors, k].
  ///   - output: the number of the output term.
  ///   - factors: ν.
  ///   - tolerance: the largest relative residual.
  func matrix(of polynomials: Tensor<Double>, output: Int, factors: Int, tolerance: Double) -> Tensor<Double>? {
    let (rows, width) = (points.tensor.shape[0], points.tensor.shape[1])
    let (components, count) = (values[output].shape[1], polynomials.shape[-1])
    // Σ U A ... A at each point, one factor after the other, the last index first.
    var rest = 1
    for _ in 0..<factors - 1 { rest *= width }
    let tables = polynomials.reshaped(components * rest, width, count).transposed(0, 1).reshaped(width, components * rest * count)
    var theirs = Tensor.matmul(points.tensor, tables)
    for _ in 0..<factors - 1 {
      rest /= width
      theirs = Tensor.einsum("rabk,rb->rak", theirs.reshaped(rows, components * rest, width, count), points.tensor)
    }
    let target = theirs.reshaped(rows * components, count)
    let own = paths(of: output, factors: factors)
    guard !own.isEmpty else { return target.absolute().max().item == 0 ? .zeros([count, 0]) : nil }
    let columns = own.map { values[output].sliced(axis: 2, $0..<$0 + 1).reshaped(rows * components, 1) }
    let basis = Tensor.concatenated(columns)
    let (q, r) = basis.qr()
    let solution = Tensor.solve(r, Tensor.matmul(q, target, transposingFirst: true))
    let residual = (Tensor.matmul(basis, solution) - target).absolute().max().item
    guard residual <= tolerance * target.absolute().max().item else { return nil }
    return solution.transposed()
  }
}
