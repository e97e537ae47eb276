import DifferentiableTensors
import Requirements

/// Multi-head attention (Vaswani et al. 2017, section 3.2): for each head, softmax(q kᵀ / √d) v with q, k and v linear in the inputs and d
/// = width / heads. The results of the heads are joined and go through a last linear layer.
///
/// Equal to PyTorch's `MultiheadAttention(batch_first: true)`, whose `in_proj_weight` consists of the rows of `query`, `key` and `value`,
/// in this order.
public struct MultiHeadAttention<Scalar: TensorScalar>: Module {
  /// The number of heads.
  public let heads: Int
  /// The linear maps of the inputs, and the one of the joined results of the heads.
  public var query: Linear<Scalar>, key: Linear<Scalar>, value: Linear<Scalar>, output: Linear<Scalar>

  /// - Parameters:
  ///   - width: the width of queries and results; a multiple of `heads`.
  ///   - keyWidth: the width of keys and values, by default that of the queries.
  ///   - heads: the number of heads.
  ///   - generator: the source of the initial values.
  public init(_ width: Int, keyWidth: Int? = nil, heads: Int, using generator: inout some RandomNumberGenerator) {
    require(heads > 0 && width % heads == 0, "a width that is a multiple of \(heads) heads is expected, received \(width)")
    self.heads = heads
    let keyWidth = keyWidth ?? width
    query = Linear(width, width, using: &generator)
    key = Linear(keyWidth, width, using: &generator)
    value = Linear(keyWidth, width, using: &generator)
    output = Linear(width, width, using: &generator)
  }

  /// The attention of `queries` [batch, n, width] to `keys` [batch, m, keyWidth], from which the values are computed too: [batch, n,
  /// width].
  public func callAsFunction(_ queries: Tensor<Scalar>, _ keys: Tensor<Scalar>) -> Tensor<Scalar> {
    require(
      queries.rank == 3 && keys.rank == 3 && queries.shape[0] == keys.shape[0],
      "queries [batch, n, width] and keys [batch, m, width] are expected, received \(queries.shape) and \(keys.shape)")
    let (batch, n) = (queries.shape[0], queries.shape[1])
    let (q, k, v) = (split(query(queries)), split(key(keys)), split(value(keys)))
    let scale = 1 / Scalar(q.shape[-1]).squareRoot()
    let weights = Tensor.matmul(q * scale, k, transposingSecond: true).softmax()
    return output(Tensor.matmul(weights, v).permuted([0, 2, 1, 3]).reshaped(batch, n, -1))
  }

  /// [batch, n, width] to [batch, heads, n, width / heads].
  private func split(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    x.reshaped(x.shape[0], x.shape[1], heads, x.shape[2] / heads).permuted([0, 2, 1, 3])
  }

  /// Visits query, key, value and output.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("query", &query)
    visitor("key", &key)
    visitor("value", &value)
    visitor("output", &output)
  }
}
