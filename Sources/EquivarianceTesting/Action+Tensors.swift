import DifferentiableTensors
import GroupTheory
import Requirements

extension Action where Value: TensorValue {
  /// The trivial action, g · x = x.
  public static var invariant: Action { Action(on: [TensorField()]) { _, x in x } }

  /// The representation ρ(g) on one axis of size `representation.dimension`, by default the innermost: y[.., a, ..] = Σ_b ρ(g)[a, b] x[..,
  /// b, ..].
  public static func rows<R: Representation>(by representation: R, axis: Int = -1) -> Action where R.Element == Element {
    Action(on: [TensorField()]) { g, x in Value(tensor: x.tensor.transformed(by: representation(g), axis: axis)) }
  }
}

extension Action where Value: TensorValue, Element: OrthogonalTransformation {
  /// The rotation or reflection R x on the innermost axis, of size 3.
  public static var vectors: Action { .rows(by: VectorRepresentation<Element>()) }
}

extension Action where Value: TensorValue, Element == RigidMotion {
  /// The linear part R x of a motion on the innermost axis, of size 3, as for velocities, forces and differences of points.
  public static var vectors: Action {
    Action(on: [TensorField()]) { g, x in Value(tensor: x.tensor.transformed(by: g.linear.matrix)) }
  }

  /// The motion R x + t on the innermost axis, of size 3, as for points.
  public static var points: Action {
    Action(on: [TensorField()]) { g, x in
      let t = g.translation
      return Value(tensor: x.tensor.transformed(by: g.linear.matrix, plus: [t.x, t.y, t.z]))
    }
  }
}

extension Action where Value: TensorValue, Element == Permutation {
  /// The permutation of axis 0 that moves row i to row σ(i).
  public static var permutingRows: Action { .permuting(axes: 0) }

  /// The permutation that moves index i to σ(i) on each of the axes, such as `permuting(axes: 0, 1)` for the adjacency matrix of a graph.
  public static func permuting(axes: Int...) -> Action {
    Action(on: [TensorField()]) { g, x in
      let source = RowIndex(g.inverse.images, rowCount: g.count)
      let moved = axes.reduce(x.tensor) { tensor, axis in
        let first = tensor.shape.index(of: axis)
        return first == 0 ? tensor.gathered(source) : tensor.transposed(0, first).gathered(source).transposed(0, first)
      }
      return Value(tensor: moved)
    }
  }
}

extension Tensor {
  /// M x + t over one axis; computed in `Double` and rounded once, so that a `Float` tensor suffers half an ulp.
  func transformed(by matrix: Matrix<Double>, plus shift: [Double]? = nil, axis: Int = -1) -> Tensor {
    require(
      rank > 0 && shape[axis] == matrix.columns, "an axis \(axis) of size \(matrix.columns) is expected, received shape \(shape)")
    let weight = Tensor<Double>(matrix.elements, shape: [matrix.rows, matrix.columns])
    let bias = shift.map { Tensor<Double>($0) }
    if shape.index(of: axis) == rank - 1 { return affinely(weight, bias) }
    return transposed(axis, -1).affinely(weight, bias).transposed(axis, -1)
  }

  private func affinely(_ weight: Tensor<Double>, _ bias: Tensor<Double>?) -> Tensor {
    let value = Tensor<Double>.linear(converted(to: Double.self), weight: weight, bias: bias).converted(to: Scalar.self)
    return Tensor.operation([self], value: value) { _, g in [g.affinely(weight.transposed(), nil)] }
  }
}
