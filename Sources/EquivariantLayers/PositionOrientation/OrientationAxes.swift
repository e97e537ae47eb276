import DifferentiableTensors
import Requirements

/// The axes of the orientations that features live on: how scalars and vectors become functions of the orientation, and functions become
/// scalars, vectors and tensors again (Bekkers et al. 2024, section 3.1).
public struct OrientationAxes<Scalar: TensorScalar>: Sendable {
  /// A, [nodes, n, k, d], or [1, n, k, d] for orientations that all nodes share; k = 1 for directions, d for frames. Nil where features
  /// have no orientation and are invariant.
  public let axes: Tensor<Scalar>?
  /// The quadrature weights, [n], of sum 1.
  public let weights: Tensor<Scalar>

  /// Axes [nodes or 1, n, k, d] with weights [n].
  public init(axes: Tensor<Scalar>?, weights: Tensor<Scalar>) {
    if let axes {
      require(
        axes.rank == 4 && axes.shape[1] == weights.count, "axes [nodes or 1, \(weights.count), k, d] are expected, received \(axes.shape)")
    }
    (self.axes, self.weights) = (axes, weights)
  }

  /// The orientations of a grid, shared by all nodes.
  public init(_ grid: OrientationGrid<Scalar>) { self.init(axes: grid.axes.expandingAxis(0), weights: grid.weights) }

  /// k
  private var k: Int { axes?.shape[2] ?? 0 }

  /// Scalars as they are and vectors by their components along the axes, A v: [nodes, n, s + v k].
  ///
  /// - Parameters:
  ///   - scalars: [nodes, s]
  ///   - vectors: [nodes, v, d]
  public func lifted(scalars: Tensor<Scalar>, vectors: Tensor<Scalar>) -> Tensor<Scalar> {
    let (nodes, n, v) = (scalars.shape[0], weights.count, vectors.shape[1])
    let functions = scalars.expandingAxis(1).broadcast(to: [nodes, n, scalars.shape[1]])
    guard v > 0 else { return functions }
    guard let axes else { fatalError("expected no vectors on points without orientations, received \(v)") }
    let components = (vectors.reshaped(nodes, 1, v, 1, vectors.shape[2]) * axes.expandingAxis(2)).sum(axis: -1)
    return .concatenated([functions, components.reshaped(nodes, n, v * k)])
  }

  /// The means over orientations f = Σ_o w_o f(o), vectors Σ_o w_o Aₒᵀ f(o) and tensors Σ_o w_o Aₒᵀ f(o) Aₒ, where for directions o ⊗ o −
  /// 1/d, symmetric and without trace, takes the place of the product.
  ///
  /// - Parameters:
  ///   - functions: [nodes, n, scalars + vectors k + tensors k²]
  ///   - scalars: the number of scalars.
  ///   - vectors: the number of vectors.
  ///   - tensors: the number of tensors of rank 2.
  /// - Returns: [nodes, scalars], [nodes, vectors, d] and [nodes, tensors, d, d].
  public func readOut(
    _ functions: Tensor<Scalar>, scalars: Int, vectors: Int, tensors: Int
  ) -> (scalars: Tensor<Scalar>, vectors: Tensor<Scalar>, tensors: Tensor<Scalar>) {
    let (nodes, n) = (functions.shape[0], weights.count)
    let f = functions * weights.reshaped(1, n, 1)
    let means = f.sliced(axis: 2, 0..<scalars).sum(axis: 1)
    guard let axes else {
      require(vectors + tensors == 0, "expected scalars only of points without orientations, received \(vectors) vectors")
      return (means, .zeros([nodes, 0, 3]), .zeros([nodes, 0, 3, 3]))
    }
    let d = axes.shape[3]
    let (first, second) = (scalars + vectors * k, scalars + vectors * k + tensors * k * k)
    let moved = f.sliced(axis: 2, scalars..<first).reshaped(nodes, n, vectors, k, 1) * axes.expandingAxis(2)
    guard tensors > 0 else { return (means, moved.sum(axes: [1, 3]), .zeros([nodes, 0, d, d])) }
    var products = axes.reshaped(axes.shape[0], n, k, 1, d, 1) * axes.reshaped(axes.shape[0], n, 1, k, 1, d)
    if k == 1 { products = products - Tensor.identity(d) * (1 / Scalar(d)) }
    let outer = f.sliced(axis: 2, first..<second).reshaped(nodes, n, tensors, k, k, 1, 1) * products.expandingAxis(2)
    return (means, moved.sum(axes: [1, 3]), outer.sum(axes: [1, 3, 4]))
  }
}
