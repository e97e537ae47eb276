import AtomicStructures
import DifferentiableTensors
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

/// A differentiable model of the energies of atoms: what is trained, and the oracle of what is compiled from it.
public protocol EnergyModel<Scalar>: Module {
  /// The atomic numbers of the elements that it knows, in the order of its weights.
  var elements: [Int] { get }
  /// The distance in Å beyond which atoms do not see each other directly.
  var cutoff: Double { get }
  /// The energy of each atom in eV, [atoms].
  func atomEnergies(_ batch: StructureBatch<Scalar>) -> Tensor<Scalar>
  /// The same model with its weights in another element type.
  func converted<Other: TensorScalar>(to other: Other.Type) -> any EnergyModel<Other>
}
