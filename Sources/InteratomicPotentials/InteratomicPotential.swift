import AtomicStructures
import DifferentiableTensors
import MessagePassing
import NeuralModules

/// Energies, forces and virials of structures, by whatever means.
public protocol InteratomicPotential: Sendable {
  /// The atomic numbers of the elements that it knows.
  var elements: [Int] { get }
  /// The distance in Å beyond which atoms do not see each other directly.
  var cutoff: Double { get }
  /// Energy, forces and virial of a structure.
  func predict(_ structure: AtomicStructure) throws -> PotentialPrediction
}

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
}

/// A differentiable model of the energies of atoms: what is trained, and the oracle of what is compiled from it.
public protocol EnergyModel<Scalar>: Module {
  /// The atomic numbers of the elements that it knows, in the order of its weights.
  var elements: [Int] { get }
  /// The distance in Å beyond which atoms do not see each other directly.
  var cutoff: Double { get }
  /// The energy of each atom in eV, [atoms].
  func atomEnergies(_ batch: StructureBatch<Scalar>) -> Tensor<Scalar>
}
