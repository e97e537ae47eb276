import DifferentiableTensors
import Requirements

extension Tensor {
  /// Quaternions (w, x, y, z) of rotation matrices: [..., 3, 3] to [..., 4]. Their lengths lie between 1 and 4; they are meant for
  /// functions that divide the length out anyway (``WignerMatrices``, `Rotation3`).
  ///
  /// 4 q qᵀ is a linear function of the matrix; its row with the largest diagonal element is taken (Shepperd, 1978), so no digits cancel
  /// and derivatives of any order are finite at every angle. Matrices must be rotations, which is not checked.
  public static func quaternions(of matrices: Tensor) -> Tensor {
    require(
      matrices.rank >= 2 && matrices.shape[-1] == 3 && matrices.shape[-2] == 3,
      "matrices of shape [..., 3, 3] are expected, received \(matrices.shape)")
    let n = matrices.count / 9
    let outer = matrices.shape.dimensions.dropLast(2)
    var entries: [SparseMatrix<Scalar>.Entry] = []
    for a in 0..<3 {
      let (b, c) = ((a + 1) % 3, (a + 2) % 3)
      for k in 0..<4 { entries.append((5 * k, 4 * a, k == 0 || k == a + 1 ? 1 : -1)) }
      for (row, sign) in [(a + 1, 1.0), (4 * (a + 1), 1.0)] {
        entries.append((row, 3 * c + b, sign))
        entries.append((row, 3 * b + c, -sign))
      }
      for row in [4 * (b + 1) + c + 1, 4 * (c + 1) + b + 1] {
        entries.append((row, 3 * b + c, 1))
        entries.append((row, 3 * c + b, 1))
      }
    }
    let linear = sparseProduct(SparseMatrix(rows: 16, columns: 9, entries), matrices.reshaped(n, 9))
    let squares = (linear + .identity(4).reshaped(16)).reshaped(n, 4, 4)
    var largest = [Scalar](repeating: 0, count: 4 * n)
    squares.withElements { s in
      for i in 0..<n {
        var best = 0
        for k in 1..<4 where s[16 * i + 5 * k] > s[16 * i + 5 * best] { best = k }
        largest[4 * i + best] = 1
      }
    }
    return (squares * Tensor(largest, shape: [n, 4, 1])).sum(axis: 1).reshaped(to: Shape(outer + [4]))
  }
}
