import DifferentiableTensors
import GroupTheory

/// Frames of one cloud from all choices of d − 1 of its rows, weighted so that nothing jumps (Dym, Lawrence and Siegel 2024).
///
/// The first axis points to row i with a probability proportional to |xᵢ|², the next one to the part of row j that is orthogonal to it,
/// with a probability proportional to the square of that, and so on; the last axis completes the basis. All choices of signs are taken. A
/// choice fades out before it becomes undefined. Where nothing is left to choose (collinear rows), turns of the other axes leave the cloud
/// as it is. Any axes will then do for vectors, which the signs average to what they must be, and tensors take a quadrature over the turns.
/// Where next to nothing is left, the uncertainty of directions is rounding / what is left, and tensors are averaged over the turns too.
struct WeightedFlags<Scalar: TensorScalar> {
  /// Centred points and vectors alike, [rows, d].
  let candidates: Tensor<Scalar>
  /// The rank of the tensors for which averages must be exact.
  let rank: Int

  /// Orthonormal axes as rows, [flags, chosen, d], and weights, [flags].
  private typealias Flags = (axes: Tensor<Scalar>, weights: Tensor<Scalar>)
  /// Flags whose axes from `firm` on are turned; nil for none.
  private typealias Group = (flags: Flags, firm: Int?)

  /// Rotations [frames, d, d] and weights [frames].
  func frames(
    signs: [Scalar], signed: (Tensor<Scalar>, [Scalar]) -> Tensor<Scalar>
  ) -> (rotations: Tensor<Scalar>, weights: Tensor<Scalar>) {
    let d = candidates.shape[-1]
    var open: [Group] = [((.zeros([1, 0, d]), .ones([1])), nil)]
    var complete: [Flags] = []
    for known in 0..<d - 1 {
      var next: [Group] = []
      for (flags, firm) in open {
        let found = chosen(flags)
        if let sure = found.sure { next.append((sure, firm)) }
        if let faint = found.faint { next.append((faint, firm ?? known)) }
        if let closed = found.closed { complete += turned(closed, from: firm ?? known) }
      }
      open = next
    }
    for (flags, firm) in open { complete += turned(flags, from: firm ?? d) }
    let axes = Tensor.concatenated(complete.map(\.axes), axis: 0)
    let weights = Tensor.concatenated(complete.map(\.weights), axis: 0)
    let rotations = signed(axes.transposed(), signs)
    let k = rotations.shape[0] / weights.count
    let spread = (weights * (1 / Scalar(k))).expandingAxis(1).broadcast(to: [weights.count, k]).reshaped(weights.count * k)
    return (rotations, spread)
  }

  /// One more axis for every flag: one new flag for each row that reaches out of it, with those kept apart that rows hardly reach out of.
  /// Flags that no row reaches out of are closed.
  private func chosen(_ flags: Flags) -> (sure: Flags?, faint: Flags?, closed: Flags?) {
    let (n, d, count) = (flags.axes.shape[0], flags.axes.shape[2], candidates.shape[0])
    let reach = outside(candidates.expandingAxis(0).broadcast(to: [n, count, d]), flags.axes)
    let squares = reach.squaredNorm()
    let values = squares.detached.elements
    let largest = candidates.detached.squaredNorm().max().item
    let rounding = 64 * Scalar.ulpOfOne
    var (flag, place, closed, isFaint): ([Int], [Int], [Int], [Bool]) = ([], [], [], [])
    for f in 0..<n {
      let kept = (0..<count).filter { values[f * count + $0] > largest * rounding * rounding }
      flag += kept.map { _ in f }
      place += kept.map { f * count + $0 }
      if kept.isEmpty { closed.append(f) }
      let most = kept.map { values[f * count + $0] }.max() ?? 0
      isFaint += kept.map { _ in rank > 1 && most < largest / 65536 }
    }
    func some(_ rows: [Int], of flags: Flags) -> Flags? {
      let index = RowIndex(rows, rowCount: flags.weights.count)
      return rows.isEmpty ? nil : (flags.axes.gathered(index), flags.weights.gathered(index))
    }
    let lost = some(closed, of: flags)
    guard let old = some(flag, of: flags) else { return (nil, nil, lost) }
    let owners = RowIndex(flag, rowCount: n)
    let kept = RowIndex(place, rowCount: n * count)
    let share = squares.reshaped(n * count).gathered(kept)
    // 1 for those without rows, which own nothing here.
    let total = share.scatterAdded(owners) + Tensor(owners.multiplicities.map { $0 == 0 ? 1 : 0 })
    let direction = reach.reshaped(n * count, d).gathered(kept)
    // Once more outside, against cancellation.
    let unit = outside(direction.normalized().expandingAxis(1), old.axes).normalized()
    let next = (axes: Tensor.concatenated([old.axes, unit], axis: 1), weights: old.weights * share / total.gathered(owners))
    guard isFaint.contains(true) else { return (next, nil, lost) }
    return (some(isFaint.indices.filter { !isFaint[$0] }, of: next), some(isFaint.indices.filter { isFaint[$0] }, of: next), lost)
  }

  /// Flags with all axes: missing ones are chosen in any way, and those from `known` on are turned by the nodes of a quadrature where
  /// tensors need it.
  private func turned(_ flags: Flags, from known: Int) -> [Flags] {
    let (n, d) = (flags.axes.shape[0], flags.axes.shape[2])
    var whole = flags
    while whole.axes.shape[1] < d { whole = arbitrary(whole) }
    if rank < 2 || known == d { return [whole] }
    let (first, rest) = (whole.axes.sliced(axis: 1, 0..<known), whole.axes.sliced(axis: 1, known..<d))
    return orthogonalQuadrature(d - known, degree: rank).map { node in
      let m = d - known
      let turn = Tensor((0..<m * m).map { Scalar(node.matrix[$0 / m, $0 % m]) }, shape: [1, m, m]).broadcast(to: [n, m, m])
      return (.concatenated([first, .matmul(turn, rest)], axis: 1), whole.weights * Scalar(node.weight))
    }
  }

  /// One more axis for every flag, along the orthogonal part of the basis vector that is least like its axes.
  private func arbitrary(_ all: Flags) -> Flags {
    let axes = all.axes
    let (flags, d) = (axes.shape[0], axes.shape[2])
    let reach = outside(Tensor.identity(d).expandingAxis(0).broadcast(to: [flags, d, d]), axes)
    let squares = reach.squaredNorm().detached.elements
    let best = (0..<flags).map { f in f * d + (0..<d).max { squares[f * d + $0] < squares[f * d + $1] }! }
    let direction = reach.reshaped(flags * d, d).gathered(RowIndex(best, rowCount: flags * d))
    let unit = outside(direction.normalized().expandingAxis(1), axes).normalized()
    return (.concatenated([axes, unit], axis: 1), all.weights)
  }

  /// v − Σ_k ⟨v, e_k⟩ e_k for v [flags, rows, d] and axes [flags, chosen, d].
  private func outside(_ v: Tensor<Scalar>, _ axes: Tensor<Scalar>) -> Tensor<Scalar> {
    axes.shape[1] == 0 ? v : v - Tensor.matmul(Tensor.matmul(v, axes, transposingSecond: true), axes)
  }
}
