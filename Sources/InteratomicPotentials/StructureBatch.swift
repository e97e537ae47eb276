import AtomicStructures
import DifferentiableTensors
import MessagePassing
import Requirements

/// Structures side by side, as a differentiable model of energies receives them.
public struct StructureBatch<Scalar: TensorScalar>: Sendable {
  /// The element of each atom as its place among the model's ``EnergyModel/elements``.
  public var species: RowIndex
  /// An edge from each neighbour, the sender, to the atom at the centre, the receiver.
  public var graph: Graph
  /// From the centre of each edge to the neighbour in Å, [edges, 3]. Forces and virials are derivatives by these.
  public var vectors: Tensor<Scalar>

  /// From its parts.
  public init(species: RowIndex, graph: Graph, vectors: Tensor<Scalar>) {
    (self.species, self.graph, self.vectors) = (species, graph, vectors)
  }

  /// Structures one after the other, with an edge for each pair of atoms, images of the cell among them, at a distance 0 < r < cut-off.
  ///
  /// - Parameters:
  ///   - structures: the structures.
  ///   - elements: the atomic numbers that the model knows, in the order of its weights.
  ///   - cutoff: the largest distance in Å.
  /// - Throws: ``PotentialError`` with the structure and the atom for an unknown element and for a structure without atoms, and what
  ///   `NeighborList` throws for positions and cells that cannot be.
  public init(_ structures: [AtomicStructure], elements: [Int], cutoff: Double) throws {
    let places = Dictionary(elements.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var species: [Int] = []
    var (receivers, senders): ([Int], [Int]) = ([], [])
    var vectors: [Scalar] = []
    for (number, structure) in structures.enumerated() {
      let named = structures.count > 1 ? number : nil
      let start = species.count
      species += try structure.species(among: places, structure: named)
      let list = try NeighborList(positions: structure.positions, cell: structure.cell, cutoff: cutoff)
      receivers.reserveCapacity(receivers.count + list.edgeCount)
      for atom in 0..<list.atomCount {
        receivers += repeatElement(start + atom, count: list.firstEdge[atom + 1] - list.firstEdge[atom])
      }
      senders += list.neighbors.map { start + Int($0) }
      vectors.reserveCapacity(vectors.count + 3 * list.edgeCount)
      for vector in list.vectors(positions: structure.positions, cell: structure.cell) {
        vectors.append(Scalar(vector.x))
        vectors.append(Scalar(vector.y))
        vectors.append(Scalar(vector.z))
      }
    }
    self.init(
      species: RowIndex(species, rowCount: elements.count),
      graph: Graph(
        nodeCount: species.count, receivers: receivers, senders: senders, graphSizes: structures.map(\.atomicNumbers.count)),
      vectors: Tensor(vectors, shape: [senders.count, 3]))
  }

  /// The number of atoms of all structures.
  public var atomCount: Int { graph.nodeCount }

  /// The force on each atom in eV/Å, [atoms, 3], from the derivatives of the energy by ``vectors``: what a neighbour is drawn towards the
  /// centre by, the centre is drawn towards the neighbour by. Differentiable.
  public func forces(_ gradients: Tensor<Scalar>) -> Tensor<Scalar> {
    gradients.scatterAdded(graph.receivers) - gradients.scatterAdded(graph.senders)
  }

  /// −∂E/∂ε of each structure in eV, [structures, 3, 3], from the derivatives of the energy by ``vectors``: −½ Σ (r gᵀ + g rᵀ) over the edges.
  /// Differentiable.
  public func virials(_ gradients: Tensor<Scalar>) -> Tensor<Scalar> {
    let outer = vectors.expandingAxis(2) * gradients.expandingAxis(1)
    let sums = outer.scatterAdded(graph.receivers).segmentSum(graph.membership)
    return (sums + sums.transposed()) * Scalar(-0.5)
  }
}

extension AtomicStructure {
  /// The place of each atom's element among those that a potential knows.
  ///
  /// - Parameters:
  ///   - places: the place of each atomic number.
  ///   - structure: the number of the structure for errors.
  /// - Throws: ``PotentialError`` for an element that is not among them and where there is no atom.
  func species(among places: [Int: Int], structure: Int? = nil) throws(PotentialError) -> [Int] {
    require(
      positions.count == atomicNumbers.count,
      "as many positions as atoms are expected, received \(positions.count) and \(atomicNumbers.count)")
    guard !atomicNumbers.isEmpty else {
      throw PotentialError(.noAtoms, structure: structure, cause: "there is no atom", cure: "give a structure of at least one atom")
    }
    var result: [Int] = []
    result.reserveCapacity(atomicNumbers.count)
    for (atom, atomicNumber) in atomicNumbers.enumerated() {
      guard let place = places[atomicNumber] else {
        throw PotentialError(
          .unknownElement, structure: structure, atom: atom,
          cause: "the potential does not know the element of atomic number \(atomicNumber)",
          cure: "take a potential of this element; this one knows \(places.keys.sorted().map(String.init).joined(separator: ", "))")
      }
      result.append(place)
    }
    return result
  }
}
