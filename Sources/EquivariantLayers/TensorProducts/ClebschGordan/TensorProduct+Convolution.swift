import DifferentiableTensors
import GroupTheory
import MessagePassing
import Requirements

extension TensorProduct {
  /// The fused graph convolution z_i = Σ_{edges from j to i} x_j ⊗ y_edge: gather, product and sum in one pass over the edges.
  ///
  /// Nothing of the size of all edges is made, neither here nor for derivatives, except where instructions mix channels (uvw, uuw) with
  /// weights of each edge. The result is the same for any number of threads.
  /// - Parameters:
  ///   - x: features of the nodes, [nodes, first.dimension].
  ///   - y: features of the edges in the graph's order, [edges, second.dimension].
  ///   - graph: the edges.
  ///   - weights: weights of each edge, or shared ones; nil for the product's own.
  /// - Returns: sums at the receivers, [nodes, output.dimension].
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func convolution(
    _ x: IrrepsTensor<Scalar>, _ y: IrrepsTensor<Scalar>, over graph: Graph, weights: Weights? = nil
  ) -> IrrepsTensor<Scalar> {
    x.check(irreps: first)
    y.check(irreps: second)
    require(
      x.outerShape == [graph.nodeCount] && y.outerShape == [graph.edgeCount],
      "features of \(graph.nodeCount) nodes and \(graph.edgeCount) edges are expected, received \(x.tensor.shape) and \(y.tensor.shape)")
    let weights = weights ?? ownWeights
    if !plan.mixtures.isEmpty, let weights, !weights.isShared {
      let gathered = IrrepsTensor(x.tensor.gathered(graph.senders), irreps: first)
      return IrrepsTensor(apply(gathered, y, weights: weights).tensor.scatterAdded(graph.receivers), irreps: output)
    }
    let rows = form(
      [.indexed(graph.senders), .each, .indexed(graph.receivers)], count: graph.edgeCount, x.tensor, y.tensor, weights,
      outer: [graph.edgeCount])
    return IrrepsTensor(plan.mixed(rows, weights?.tensor, to: output), irreps: output)
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func apply(_ x: IrrepsTensor<Scalar>, _ y: IrrepsTensor<Scalar>, weights: Weights?) -> IrrepsTensor<Scalar> {
    x.check(irreps: first)
    y.check(irreps: second)
    let outer = x.outerShape.isEmpty ? y.outerShape : x.outerShape
    require(
      y.outerShape.isEmpty || y.outerShape == outer,
      "inputs of the same outer axes are expected, or one without, received \(x.tensor.shape) and \(y.tensor.shape)")
    let count = Shape(outer).elementCount
    func flat(_ tensor: Tensor<Scalar>) -> (rows: Coupling<Scalar>.Rows, tensor: Tensor<Scalar>) {
      let isShared = tensor.rank == 1 && count != 1
      return (isShared ? .shared : .each, tensor.reshaped(isShared ? 1 : count, tensor.shape[-1]))
    }
    let (a, b) = (flat(x.tensor), flat(y.tensor))
    let rows = form([a.rows, b.rows, .each], count: count, a.tensor, b.tensor, weights, outer: outer)
    var perRow: Tensor<Scalar>?
    if !plan.mixtures.isEmpty, let weights {
      perRow =
        switch weights {
        case .shared(let w): w
        case .each(let w): w.reshaped(count, weightCount)
        case .factored(let f, let matrix): Tensor.matmul(f.reshaped(count, f.shape[-1]), matrix)
        }
    }
    let result = plan.mixed(rows, perRow, to: output)
    return IrrepsTensor(result.reshaped(to: Shape(outer + [output.dimension])), irreps: output)
  }

  /// The rows of the plan's form.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func form(
    _ rows: [Coupling<Scalar>.Rows], count: Int, _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, _ weights: Weights?, outer: [Int]
  ) -> Tensor<Scalar> {
    check(weights, outer: outer)
    var values: [Coupling<Scalar>.Operand: Tensor<Scalar>] = [.x: x, .y: y]
    var coupling = Coupling(form: plan.form, rows: rows + [.shared], count: count)
    switch plan.form.usesWeights ? weights : nil {
    case .shared(let w)?:
      values[.w] = w.reshaped(1, weightCount)
    case .each(let w)?:
      values[.w] = w.reshaped(count, weightCount)
      coupling.rows[3] = .each
    case .factored(let features, let matrix)?:
      values[.w] = features.reshaped(count, features.shape[-1])
      values[.matrix] = matrix
      coupling.rows[3] = .each
      coupling.factored = true
    case nil: break
    }
    return coupling.derivative(.z, values)
  }

  /// Traps unless the weights are of the right shapes for rows with these outer axes.
  private func check(_ weights: Weights?, outer: [Int]) {
    switch weights {
    case .shared(let w)?:
      require(w.shape == [weightCount], "weights [\(weightCount)] are expected, received \(w.shape)")
    case .each(let w)?:
      require(w.shape.dimensions == outer + [weightCount], "weights \(outer + [weightCount]) are expected, received \(w.shape)")
    case .factored(let features, let matrix)?:
      require(
        features.shape.dimensions.dropLast() == outer[...] && matrix.shape.dimensions == [features.shape[-1], weightCount],
        "features \(outer) + [n] and a matrix [n, \(weightCount)] are expected, received \(features.shape) and \(matrix.shape)")
    case nil: require(weightCount == 0, "\(weightCount) weights are expected, received none")
    }
  }
}

extension TensorProduct.Weights {
  /// Whether all rows have the same weights.
  var isShared: Bool { if case .shared = self { true } else { false } }
  /// The weights shared by all rows.
  var tensor: Tensor<Scalar>? { if case .shared(let w) = self { w } else { nil } }
}
