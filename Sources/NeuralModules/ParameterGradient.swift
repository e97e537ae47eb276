import DifferentiableTensors
import Requirements
import Synchronization

/// One tensor for each trained tensor of a module, in the order of its traversal: a gradient, or the state of an optimizer.
public struct ParameterGradient<Scalar: TensorScalar>: Sendable {
  /// The tensors, in the order of the module's traversal.
  public var tensors: [Tensor<Scalar>]
  /// A gradient of tensors in the order of the module's traversal.
  public init(_ tensors: [Tensor<Scalar>]) { self.tensors = tensors }

  /// The Euclidean norm of all entries together. It is not finite if an entry is not.
  public var norm: Scalar {
    let norm = tensors.reduce(Scalar(0)) { sum, t in sum + (t.detached * t.detached).sum().item }.squareRoot()
    if norm.isFinite { return norm }
    // Squares may overflow where entries do not.
    let largest = tensors.reduce(Scalar(0)) { Swift.max($0, $1.largestMagnitude()) }
    guard largest.isFinite else { return norm }
    let rest = tensors.reduce(Scalar(0)) { sum, t in
      let scaled = t.detached * (1 / largest)
      return sum + (scaled * scaled).sum().item
    }
    return largest * rest.squareRoot()
  }
  /// The gradient with every entry multiplied by a factor.
  public func scaled(by factor: Scalar) -> ParameterGradient { ParameterGradient(tensors.map { $0 * factor }) }
}

/// The value of a function of a module, and its gradient with respect to the module's parameters.
///
/// The parameters of the module that is handed to `body` are variables; whatever else `body` captures is constant.
public func valueWithGradient<M: Module>(
  at module: M, _ body: (M) -> Tensor<M.Scalar>
) -> (value: Tensor<M.Scalar>, gradient: ParameterGradient<M.Scalar>) {
  var tracked = module
  var variables: [Tensor<M.Scalar>] = []
  tracked.forEachTensor { _, role, tensor in
    if role == .parameter {
      tensor = tensor.asVariable()
      variables.append(tensor)
    }
  }
  let value = body(tracked)
  let gradients = gradient(of: value, withRespectTo: variables)
  return (value.detached, ParameterGradient(gradients))
}

/// The sum of a function over the pieces 0 ..< `pieces` of a batch, and its gradient.
///
/// Each piece has a graph of its own, which is released before the next one begins, so that the intermediate results of a piece stay in the
/// caches, and memory grows with the size of a piece instead of that of the batch. The pieces are distributed over `Threads` and added in
/// their order, which gives the same bits for any number of threads. If the function is a mean over samples, `body` must weight each piece
/// by its share of the samples.
public func valueWithGradient<M: Module>(
  at module: M, pieces: Int, _ body: @Sendable (_ module: M, _ piece: Int) -> Tensor<M.Scalar>
) -> (value: Tensor<M.Scalar>, gradient: ParameterGradient<M.Scalar>) {
  require(pieces >= 1, "at least one piece is expected, received \(pieces)")
  typealias Result = (value: Tensor<M.Scalar>, gradient: ParameterGradient<M.Scalar>)
  // A round of pieces is added before the next one starts, so that few gradients exist at a time.
  let round = Swift.max(4, 2 * Threads.count)
  var sum: Result?
  for start in stride(from: 0, to: pieces, by: round) {
    let count = Swift.min(round, pieces - start)
    let results = Mutex<[Result?]>(Array(repeating: nil, count: count))
    Threads.run(pieces: count) { k in
      let result = valueWithGradient(at: module) { body($0, start + k) }
      results.withLock { $0[k] = result }
    }
    for case let result? in results.withLock({ $0 }) {
      sum =
        sum.map { sum in
          (sum.value + result.value, ParameterGradient(zip(sum.gradient.tensors, result.gradient.tensors).map { $0 + $1 }))
        } ?? result
    }
  }
  return sum!
}
