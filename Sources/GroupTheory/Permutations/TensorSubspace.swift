/// Conditions on tensors T[i₁, ..., i_k] that every permutation of the points preserves.
public struct TensorSubspace: OptionSet, Sendable, Hashable {
  /// One bit for each condition.
  public let rawValue: Int
  /// Conditions from their bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The tensor is unchanged under all permutations of those indices that run over one set.
  public static let symmetric = TensorSubspace(rawValue: 1)
  /// The tensor is zero where two indices that run over one set are equal.
  public static let zeroDiagonal = TensorSubspace(rawValue: 2)
}
