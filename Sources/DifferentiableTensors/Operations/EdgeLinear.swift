import CKernels
import Requirements

extension Tensor {
  /// A linear layer of the concatenation (h[i[k]], h[j[k]], e[k]) for every edge k, without making it.
  ///
  /// y[k] = A h[i[k]] + B h[j[k]] + C e[k] + b with the weight W = (A | B | C): A h and B h are computed once per node. It is one operation
  /// with a derivative of its own; derivatives of derivatives are made of elementary operations.
  /// - Parameters:
  ///   - h: features of the nodes, [nodes, n].
  ///   - i: the receiver of each edge.
  ///   - j: the sender of each edge.
  ///   - e: features of the edges, [edges, m].
  ///   - w: W, [out, 2 n + m].
  ///   - bias: b, [out].
  /// - Returns: y, [edges, out].
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public static func edgeLinear(
    nodes h: Tensor, receivers i: RowIndex, senders j: RowIndex, edges e: Tensor, weight w: Tensor, bias: Tensor
  ) -> Tensor {
    require(
      h.rank == 2 && e.rank == 2 && w.rank == 2 && h.shape[0] == i.rowCount && h.shape[0] == j.rowCount,
      "features [\(i.rowCount), n] of nodes, of edges and a weight are expected, received \(h.shape), \(e.shape) and \(w.shape)")
    let (nodes, n, edges, m, out, width) = (h.shape[0], h.shape[1], e.shape[0], e.shape[1], w.shape[0], w.shape[1])
    require(
      i.count == edges && j.count == edges && width == 2 * n + m && bias.shape == Shape(out),
      "\(edges) edges, a weight [out, \(2 * n + m)] and a bias [out] are expected, received \(i.count), \(w.shape) and \(bias.shape)")
    let (a, b, c) = (
      Tensor(uninitialized: Shape(nodes, out)), Tensor(uninitialized: Shape(nodes, out)), Tensor(uninitialized: Shape(edges, out))
    )
    Product.gemm(false, true, nodes, out, n, h.pointer, n, w.pointer, width, nil, a.pointer, out)
    Product.gemm(false, true, nodes, out, n, h.pointer, n, w.pointer + n, width, nil, b.pointer, out)
    Product.gemm(false, true, edges, out, m, e.pointer, m, w.pointer + 2 * n, width, bias.pointer, c.pointer, out)
    let y = withoutRecording { gatheredSum(a, i, b, j, plus: c) }
    guard isRecording, h.node != nil || e.node != nil || w.node != nil || bias.node != nil else { return y }
    return y.recorded(from: [h, e, w, bias]) { _, g, needed in
      let gi = g.scatterAdded(i)
      let gj = g.scatterAdded(j)
      let gb = needed[3] ? g.summed(to: Shape(out)) : nil
      if isRecording {
        let gh = matmul(gi, w.sliced(axis: 1, 0..<n)) + matmul(gj, w.sliced(axis: 1, n..<2 * n))
        let gw = concatenated([(gi, h), (gj, h), (g, e)].map { matmul($0, $1, transposingFirst: true) }, axis: 1)
        return InputGradients([gh, matmul(g, w.sliced(axis: 1, 2 * n..<width)), gw, gb])
      }
      let gh = needed[0] ? Tensor(uninitialized: h.shape) : nil
      if let gh {
        Product.gemm(false, false, nodes, n, out, gi.pointer, out, w.pointer, width, nil, gh.pointer, n)
        Product.gemm(false, false, nodes, n, out, gj.pointer, out, w.pointer + n, width, nil, gh.pointer, n, beta: 1)
      }
      let ge = needed[1] ? Tensor(uninitialized: e.shape) : nil
      if let ge { Product.gemm(false, false, edges, m, out, g.pointer, out, w.pointer + 2 * n, width, nil, ge.pointer, m) }
      let gw = needed[2] ? Tensor(uninitialized: w.shape) : nil
      if let gw {
        Product.gemm(true, false, out, n, nodes, gi.pointer, out, h.pointer, n, nil, gw.pointer, width)
        Product.gemm(true, false, out, n, nodes, gj.pointer, out, h.pointer, n, nil, gw.pointer + n, width)
        Product.gemm(true, false, out, m, edges, g.pointer, out, e.pointer, m, nil, gw.pointer + 2 * n, width)
      }
      return InputGradients([gh, ge, gw, gb])
    }
  }
}
