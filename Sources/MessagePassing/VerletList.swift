import Requirements

/// Neighbours of atoms that move: a list made for a cut-off and a skin holds until atoms have moved so far that a pair from beyond the skin
/// may have come within the cut-off (Verlet, Phys. Rev. 159, 98, 1967).
///
/// With a constant cell that is when an atom has moved half the skin, the motion of all atoms together left aside. Where the cell changes
/// by a deformation F, x → F x, displacements are counted from F x; a pair at the distance d = cut-off + skin comes to at least
/// d (1 − ‖F − 1‖) − 2 max|u|, which must not be below the cut-off.
public struct VerletList: Sendable {
  /// The distance up to which pairs are wanted.
  public let cutoff: Double
  /// How much farther the pairs of ``list`` reach.
  public let skin: Double
  /// The pairs up to cut-off and skin, of the positions for which they were found.
  public private(set) var list: NeighborList
  /// How often the pairs have been found.
  public private(set) var buildCount = 1
  private var positions: [SIMD3<Double>]
  private var cell: PeriodicCell?

  /// Finds the pairs.
  /// - Throws: the errors of ``NeighborList/init(positions:cell:cutoff:)``.
  public init(positions: [SIMD3<Double>], cell: PeriodicCell? = nil, cutoff: Double, skin: Double) throws(NeighborListError) {
    guard cutoff > 0, cutoff.isFinite else { throw .cutoff(cutoff) }
    require(skin >= 0 && skin.isFinite, "a skin of at least 0 is expected, received \(skin)")
    (self.cutoff, self.skin, self.positions, self.cell) = (cutoff, skin, positions, cell)
    list = try NeighborList(positions: positions, cell: cell, cutoff: cutoff + skin)
  }

  /// Whether no pair within the cut-off is missing for these positions of the same atoms and this cell.
  public func holds(positions moved: [SIMD3<Double>], cell changed: PeriodicCell? = nil) -> Bool {
    guard moved.count == positions.count, let f = deformation(changed) else { return false }
    let count = positions.count
    var mean = SIMD3<Double>.zero
    for i in 0..<count { mean += moved[i] - f.applied(to: positions[i]) }
    mean /= Double(max(1, count))
    var largest = 0.0
    for i in 0..<count {
      let u = moved[i] - f.applied(to: positions[i]) - mean
      let square = dot(u, u)
      // False of what is not a number, too.
      guard square < .infinity else { return false }
      largest = max(largest, square)
    }
    // A hair less than allowed, for the rounding of all this.
    return (cutoff + skin) * (1 - f.distanceFromIdentity) - 2 * largest.squareRoot() > cutoff * (1 + 1e-12) || isUnmoved(moved, changed)
  }

  /// Without a skin a list holds for its own positions alone.
  private func isUnmoved(_ moved: [SIMD3<Double>], _ changed: PeriodicCell?) -> Bool { moved == positions && changed == cell }

  /// Finds the pairs anew where the list does not hold for these positions; whether that was so.
  /// - Throws: the errors of ``NeighborList/init(positions:cell:cutoff:)``; the list is then as it was.
  @discardableResult
  public mutating func update(positions moved: [SIMD3<Double>], cell changed: PeriodicCell? = nil) throws(NeighborListError) -> Bool {
    if holds(positions: moved, cell: changed) { return false }
    list = try NeighborList(positions: moved, cell: changed, cutoff: cutoff + skin)
    (positions, cell) = (moved, changed)
    buildCount += 1
    return true
  }

  /// The pairs within the cut-off, those that a new ``NeighborList`` would have, taken from the list; it must hold for the positions.
  /// - Throws: ``NeighborListError`` for atoms at one place.
  public func neighbors(positions: [SIMD3<Double>], cell: PeriodicCell? = nil) throws(NeighborListError) -> NeighborList {
    require(holds(positions: positions, cell: cell), "positions for which the list holds are expected; call update(positions:cell:) first")
    return try NeighborList(list, within: cutoff, positions: positions, cell: cell)
  }

  /// What takes the old cell to the new one; nil where they repeat along different axes or have no volume.
  private func deformation(_ changed: PeriodicCell?) -> Deformation? {
    let axes = (0..<3).filter { cell?.isPeriodic[$0] ?? false }
    guard axes == (0..<3).filter({ changed?.isPeriodic[$0] ?? false }) else { return nil }
    if axes.allSatisfy({ cell?.vectors[$0] == changed?.vectors[$0] }) { return Deformation(columns: nil) }
    func frame(_ cell: PeriodicCell) -> [SIMD3<Double>] {
      var vectors = axes.map { cell.vectors[$0] }
      if vectors.count == 1 {
        let axis = (0..<3).min { vectors[0][$0].magnitude < vectors[0][$1].magnitude }!
        var unit = SIMD3<Double>.zero
        unit[axis] = 1
        let across = cross(vectors[0], unit)
        vectors.append(across / norm(across))
      }
      if vectors.count == 2 {
        let across = cross(vectors[0], vectors[1])
        vectors.append(across / norm(across))
      }
      return vectors
    }
    let (old, new) = (frame(cell!), frame(changed!))
    let determinant = dot(old[0], cross(old[1], old[2]))
    let duals = (0..<3).map { cross(old[($0 + 1) % 3], old[($0 + 2) % 3]) / determinant }
    // F = Σ_a new_a ⊗ dual_a.
    let columns = (0..<3).map { axis in (0..<3).reduce(SIMD3<Double>.zero) { $0 + duals[$1][axis] * new[$1] } }
    return columns.allSatisfy { $0.x.isFinite && $0.y.isFinite && $0.z.isFinite } ? Deformation(columns: columns) : nil
  }

  /// A linear map; nil columns for the identity, without rounding.
  private struct Deformation {
    let columns: [SIMD3<Double>]?

    func applied(to p: SIMD3<Double>) -> SIMD3<Double> {
      guard let columns else { return p }
      return p.x * columns[0] + p.y * columns[1] + p.z * columns[2]
    }

    /// The Frobenius norm of F − 1.
    var distanceFromIdentity: Double {
      guard let columns else { return 0 }
      var square = 0.0
      for axis in 0..<3 {
        var d = columns[axis]
        d[axis] -= 1
        square += dot(d, d)
      }
      return square.squareRoot()
    }
  }
}
