/// Tensors T[i₁, ..., i_k] of less than all freedom, which permutations of the points map to such tensors again.
public struct TensorSubspace: OptionSet, Sendable, Hashable {
  /// One bit for each condition.
  public let rawValue: Int
  /// Conditions from their bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The same under all permutations of those indices that run over one set.
  public static let symmetric = TensorSubspace(rawValue: 1)
  /// Zero where two indices that run over one set are equal.
  public static let zeroDiagonal = TensorSubspace(rawValue: 2)
}
