/// What a principal frame does where eigenvalues of the covariance coincide, so that eigenvectors are not determined.
///
/// All but ``ignored`` keep the average exactly equivariant, and invariant under permutations of the rows of a cloud.
public enum DegeneracyPolicy: Sendable, Hashable {
  /// Axes in a degenerate eigenspace point to the rows of the cloud that extremal invariants single out (largest distance from the axes so
  /// far, then scalars, then coordinates), with one frame for each choice among equals. There are at least as many frames as the symmetric
  /// cloud has symmetries.
  case refined
  /// The frames of ``refined`` times a quadrature of O(m) in each m-fold eigenspace, of the given degree: close to the average over all
  /// axes that the covariance allows, while still exactly equivariant.
  case stabiliser(degree: Int = 2)
  /// Frames from all pairs (in d dimensions, d - 1 rows) of a cloud, weighted by the squares of distances, take over from the principal
  /// axes as the gap of two eigenvalues, relative to the largest one, falls below `gap`: invariant and vector averages of a continuous
  /// function stay continuous everywhere (weighted frames: Dym, Lawrence and Siegel 2024, "Equivariant Frames and the Impossibility of
  /// Continuous Canonicalization"). Near a degeneracy there are n (n - 1) 2ᵈ frames for n rows in space, so this is for small clouds.
  case weighted(gap: Double = 0.1)
  /// Whatever the eigenvalue iteration returns, as in the paper's code. It is not equivariant for symmetric clouds, and meant for
  /// comparison.
  case ignored
}
