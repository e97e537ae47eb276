/// Why the neighbours of atoms cannot be found. Atoms are counted from 0.
public enum NeighborListError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The cut-off is not a positive, finite length.
  case cutoff(Double)
  /// A coordinate of an atom is not a number, or beyond ±10¹².
  case position(atom: Int, SIMD3<Double>)
  /// The vectors along which a structure repeats are not finite, or span no volume (no area, no length).
  case flatCell([SIMD3<Double>], isPeriodic: [Bool])
  /// An atom lies so many cells outside that its image cannot be counted.
  case farOutside(atom: Int)
  /// Two atoms, or an atom and an image, nearer than ``NeighborList/smallestDistance``.
  case coincident(first: Int, second: Int, image: SIMD3<Int32>, distance: Double)
  /// More pairs than ``NeighborList/pairLimit``.
  case tooManyPairs(estimate: Double)

  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .cutoff(let value): "the cut-off is \(value): give a positive length"
    case .position(let atom, let x):
      "the position of atom \(atom) is (\(x.x), \(x.y), \(x.z)), which is no place in space: correct it, or leave the structure out"
    case .flatCell(let vectors, let isPeriodic):
      "the cell \(vectors.map { "(\($0.x), \($0.y), \($0.z))" }.joined(separator: ", ")) has no volume along the axes that repeat "
        + "(\(isPeriodic.map { $0 ? "T" : "F" }.joined(separator: " "))): give independent vectors, or say that the structure does not repeat"
    case .farOutside(let atom): "atom \(atom) lies more than a billion cells outside of its own: wrap the positions into the cell"
    case .coincident(let first, let second, let image, let distance):
      "atoms \(first) and \(second)\(image == .zero ? "" : " (in the image \(image.x), \(image.y), \(image.z) of the cell)") are at one place, "
        + "\(distance) apart: remove one of them, or correct the positions"
    case .tooManyPairs(let estimate):
      "there would be about \(Int(min(estimate, 1e18))) pairs within the cut-off, and \(NeighborList.pairLimit) can be held: "
        + "take a smaller cut-off, or check the cell and the unit of the positions"
    }
  }
}
