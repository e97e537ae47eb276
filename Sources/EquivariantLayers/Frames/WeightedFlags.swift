import DifferentiableTensors
import GroupTheory

/// Frames of one cloud from all choices of d − 1 of its rows, weighted so that nothing jumps (Dym, Lawrence and Siegel 2024).
///
/// The first axis points to row i with a probability proportional to |xᵢ|², the next one to what row j has besides, with a probability
/// proportional to the square of that, and so on; the last axis completes the basis. All signs follow. A choice fades out before it becomes
/// undefined, and where nothing is left to choose (collinear rows), any axes will do: signs average vectors to what they must be.
struct WeightedFlags<Scalar: TensorScalar> {
  /// Centred points and vectors alike, [rows, d].
  let candidates: Tensor<Scalar>
  let tolerance: Double

  /// Rotations [frames, d, d] and weights [frames].
  func frames(
    signs: [Scalar], signed: (Tensor<Scalar>, [Scalar]) -> Tensor<Scalar>
  ) -> (rotations: Tensor<Scalar>, weights: Tensor<Scalar>) {
    let d = candidates.shape[-1]
    // Orthonormal axes as rows, [flags, chosen, d].
    var axes = Tensor<Scalar>.zeros([1, 0, d])
    var weights = Tensor<Scalar>.ones([1])
    for level in 0..<d {
      let next = level == d - 1 ? arbitrary(axes, weights) : chosen(axes, weights)
      axes = next.axes
      weights = next.weights
    }
    let rotations = signed(axes.transposed(), signs)
    let k = rotations.shape[0] / weights.count
    let spread = (weights * (1 / Scalar(k))).expandingAxis(1).broadcast(to: [weights.count, k]).reshaped(weights.count * k)
    return (rotations, spread)
  }

  /// One more axis for every flag: one new flag for each row that reaches out of it.
  private func chosen(_ axes: Tensor<Scalar>, _ weights: Tensor<Scalar>) -> (axes: Tensor<Scalar>, weights: Tensor<Scalar>) {
    let (flags, d, count) = (axes.shape[0], axes.shape[2], candidates.shape[0])
    let reach = outside(candidates.expandingAxis(0).broadcast(to: [flags, count, d]), axes)
    let squares = reach.squaredNorm()
    let values = squares.detached.elements
    let floor = candidates.detached.squaredNorm().max().item * Scalar(tolerance * tolerance)
    var (flag, place, closed): ([Int], [Int], [Int]) = ([], [], [])
    for f in 0..<flags {
      let kept = (0..<count).filter { values[f * count + $0] > floor }
      flag += kept.map { _ in f }
      place += kept.map { f * count + $0 }
      if kept.isEmpty { closed.append(f) }
    }
    var parts: [(axes: Tensor<Scalar>, weights: Tensor<Scalar>)] = []
    if !place.isEmpty {
      let owners = RowIndex(flag, rowCount: flags)
      let kept = RowIndex(place, rowCount: flags * count)
      let share = squares.reshaped(flags * count).gathered(kept)
      // 1 for those without rows, which own nothing here.
      let total = share.scatterAdded(owners) + Tensor(owners.multiplicities.map { $0 == 0 ? 1 : 0 })
      let direction = reach.reshaped(flags * count, d).gathered(kept)
      let old = axes.gathered(owners)
      // Once more outside, against cancellation.
      let unit = outside(direction.normalized().expandingAxis(1), old).normalized()
      parts.append((.concatenated([old, unit], axis: 1), weights.gathered(owners) * share / total.gathered(owners)))
    }
    if !closed.isEmpty {
      let some = RowIndex(closed, rowCount: flags)
      parts.append(arbitrary(axes.gathered(some), weights.gathered(some)))
    }
    return parts.count == 1 ? parts[0] : (.concatenated(parts.map(\.axes), axis: 0), .concatenated(parts.map(\.weights), axis: 0))
  }

  /// One more axis for every flag, along what the basis vector that is least like its axes has besides.
  private func arbitrary(_ axes: Tensor<Scalar>, _ weights: Tensor<Scalar>) -> (axes: Tensor<Scalar>, weights: Tensor<Scalar>) {
    let (flags, d) = (axes.shape[0], axes.shape[2])
    let reach = outside(Tensor.identity(d).expandingAxis(0).broadcast(to: [flags, d, d]), axes)
    let squares = reach.squaredNorm().detached.elements
    let best = (0..<flags).map { f in f * d + (0..<d).max { squares[f * d + $0] < squares[f * d + $1] }! }
    let direction = reach.reshaped(flags * d, d).gathered(RowIndex(best, rowCount: flags * d))
    let unit = outside(direction.normalized().expandingAxis(1), axes).normalized()
    return (.concatenated([axes, unit], axis: 1), weights)
  }

  /// v − Σ_k ⟨v, e_k⟩ e_k for v [flags, rows, d] and axes [flags, chosen, d].
  private func outside(_ v: Tensor<Scalar>, _ axes: Tensor<Scalar>) -> Tensor<Scalar> {
    axes.shape[1] == 0 ? v : v - Tensor.matmul(Tensor.matmul(v, axes, transposingSecond: true), axes)
  }
}
