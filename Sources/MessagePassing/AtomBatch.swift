import DifferentiableTensors
import Requirements

/// Structures of atoms side by side, of any sizes: the input of networks on molecules. Each is a graph of its own, whose edges join atoms
/// that are closer than a cut-off.
///
/// ```swift
/// let batch = AtomBatch<Float>(
///   atomicNumbers: [[8, 1, 1], [1, 1]],
///   positions: [[[0, 0, 0.12], [0, 0.76, -0.48], [0, -0.76, -0.48]], [[0, 0, 0], [0, 0, 0.74]]], cutoff: 5)
/// let vectors = batch.graph.vectors(batch.positions)        // [8, 3]
/// let energies = batch.sums(perAtom)                        // [2] of [5]: one a structure
/// ```
public struct AtomBatch<Scalar: TensorScalar>: Sendable {
  /// The atomic numbers of all atoms.
  public let atomicNumbers: [Int]
  /// The positions, [atoms, 3], in the unit of the caller, by custom Å.
  public var positions: Tensor<Scalar>
  /// The graph along which atoms exchange messages; ``Graph/graphSizes`` are the numbers of atoms of the structures.
  public let graph: Graph

  /// Makes a batch from its parts; shapes are checked.
  public init(atomicNumbers: [Int], positions: Tensor<Scalar>, graph: Graph) {
    require(
      positions.shape == [atomicNumbers.count, 3] && graph.nodeCount == atomicNumbers.count,
      "positions [\(atomicNumbers.count), 3] and a graph of as many nodes are expected, received \(positions.shape) and \(graph.nodeCount)")
    (self.atomicNumbers, self.positions, self.graph) = (atomicNumbers, positions, graph)
  }

  /// Structures one after the other, with an edge in both directions between atoms of one structure at a distance up to `cutoff`.
  public init(atomicNumbers: [Int], positions: Tensor<Scalar>, sizes: [Int], cutoff: Scalar) {
    self.init(
      atomicNumbers: atomicNumbers, positions: positions,
      graph: .radiusNeighbors(of: positions.detached, sizes: sizes, cutoff))
  }

  /// Structures as lists of atoms, each with its three coordinates.
  public init(atomicNumbers: [[Int]], positions: [[[Scalar]]], cutoff: Scalar) {
    for (i, (numbers, places)) in zip(atomicNumbers, positions).enumerated() {
      require(
        numbers.count == places.count && places.allSatisfy { $0.count == 3 },
        "three coordinates of each of the \(numbers.count) atoms of structure \(i) are expected, received \(places.map(\.count))")
    }
    require(
      atomicNumbers.count == positions.count,
      "positions of \(atomicNumbers.count) structures are expected, received those of \(positions.count)")
    let numbers = atomicNumbers.flatMap { $0 }
    self.init(
      atomicNumbers: numbers, positions: Tensor(positions.flatMap { $0.flatMap { $0 } }, shape: [numbers.count, 3]),
      sizes: atomicNumbers.map(\.count), cutoff: cutoff)
  }

  /// The number of atoms of all structures.
  public var atomCount: Int { atomicNumbers.count }
  /// The number of structures.
  public var structureCount: Int { graph.graphSizes.count }
  /// The structure of each atom.
  public var membership: RowIndex { graph.membership }

  /// The place of each atom's element in a list of them, such as those that a network knows: rows of an `Embedding`. Nil where there is an
  /// atom of another element.
  public func species(of elements: [Int]) -> RowIndex? {
    let places = Dictionary(elements.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let rows = atomicNumbers.compactMap { places[$0] }
    return rows.count == atomCount ? RowIndex(rows, rowCount: elements.count) : nil
  }

  /// The sums over the atoms of each structure: [atoms, ...] gives [structures, ...].
  public func sums(_ perAtom: Tensor<Scalar>) -> Tensor<Scalar> { perAtom.segmentSum(membership) }

  /// The means over the atoms of each structure; zero for one without atoms.
  public func means(_ perAtom: Tensor<Scalar>) -> Tensor<Scalar> { perAtom.segmentMean(membership) }

  /// Batches one after the other.
  public static func concatenated(_ batches: [AtomBatch]) -> AtomBatch {
    require(!batches.isEmpty, "at least one batch is expected")
    return AtomBatch(
      atomicNumbers: batches.flatMap(\.atomicNumbers), positions: .concatenated(batches.map(\.positions), axis: 0),
      graph: .batch(batches.map(\.graph)))
  }

  /// The same atoms under other numbers: atom i becomes atom `images[i]`, which must be a permutation that keeps the atoms of each
  /// structure together.
  public func relabelled(_ images: [Int]) -> AtomBatch {
    let graph = graph.relabelled(images)
    let source = inversePermutation(images)
    return AtomBatch(
      atomicNumbers: source.map { atomicNumbers[$0] }, positions: positions.gathered(RowIndex(source, rowCount: source.count)),
      graph: graph)
  }

  /// The same atoms in another element type, outside any derivative.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> AtomBatch<Other> {
    AtomBatch<Other>(atomicNumbers: atomicNumbers, positions: positions.converted(to: other), graph: graph)
  }
}
