import AtomicStructures
import DifferentiableTensors
import NeuralModules

/// Forces and virials of any model of energies, by derivatives through the vectors of the edges.
extension EnergyModel {
  /// Structures as the model receives them. The errors are those of ``StructureBatch/init(_:elements:cutoff:)``.
  public func batch(_ structures: [AtomicStructure]) throws -> StructureBatch<Scalar> {
    try StructureBatch(structures, elements: elements, cutoff: cutoff)
  }

  /// The energy of each atom, [atoms], and the derivative of their sum by the vector of each edge, [edges, 3].
  ///
  /// - Parameters:
  ///   - batch: the structures.
  ///   - keepingGraph: whether both can be differentiated further, as a loss of forces must be.
  public func energiesWithGradients(
    _ batch: StructureBatch<Scalar>, keepingGraph: Bool = false
  ) -> (atomEnergies: Tensor<Scalar>, gradients: Tensor<Scalar>) {
    var tracked = batch
    tracked.vectors = batch.vectors.asVariable()
    let energies = atomEnergies(tracked)
    return (energies, gradient(of: energies.sum(), withRespectTo: tracked.vectors, keepingGraph: keepingGraph))
  }

  /// Energy, forces and virial of each structure, with the sums over atoms and edges in double precision.
  public func predict(_ batch: StructureBatch<Scalar>) -> [PotentialPrediction] {
    let (energies, gradients) = energiesWithGradients(batch)
    let (atomEnergies, g, r) = (energies.elements.map { Double($0) }, gradients.elements, batch.vectors.elements)
    var forces = [SIMD3<Double>](repeating: .zero, count: batch.atomCount)
    let (receivers, senders) = (batch.graph.receivers.rows, batch.graph.senders.rows)
    var (atom, edge) = (0, 0)
    return batch.graph.graphSizes.map { size in
      let atoms = atom..<atom + size
      atom += size
      var virial = [Double](repeating: 0, count: 9)
      while edge < receivers.count, atoms.contains(Int(receivers[edge])) {
        let force = SIMD3(Double(g[3 * edge]), Double(g[3 * edge + 1]), Double(g[3 * edge + 2]))
        let vector = SIMD3(Double(r[3 * edge]), Double(r[3 * edge + 1]), Double(r[3 * edge + 2]))
        forces[Int(receivers[edge])] += force
        forces[Int(senders[edge])] -= force
        for a in 0..<3 {
          for b in 0..<3 { virial[3 * a + b] -= 0.5 * (vector[a] * force[b] + vector[b] * force[a]) }
        }
        edge += 1
      }
      let own = Array(atomEnergies[atoms])
      return PotentialPrediction(energy: own.reduce(0, +), atomEnergies: own, forces: Array(forces[atoms]), virial: virial)
    }
  }

  /// Energy, forces and virial of each structure; in a batch, and the same as one by one but for rounding.
  /// - Throws: the errors of ``batch(_:)``, and ``PotentialError`` with the structure and the atom for an energy or a force that is not finite.
  public func predict(_ structures: [AtomicStructure]) throws -> [PotentialPrediction] {
    let found = predict(try batch(structures))
    for (number, prediction) in found.enumerated() {
      let atom = zip(prediction.atomEnergies, prediction.forces).enumerated().first { _, values in
        !(values.0.isFinite && values.1.x.isFinite && values.1.y.isFinite && values.1.z.isFinite)
      }
      guard let atom else { continue }
      throw PotentialError(
        .notFinite, structure: structures.count > 1 ? number : nil, atom: atom.offset,
        cause: "the energy \(atom.element.0) or the force \(atom.element.1) on the atom is not finite",
        cure: "move atoms apart that lie nearly on top of each other")
    }
    return found
  }

  /// Energy, forces and virial of a structure.
  public func predict(_ structure: AtomicStructure) throws -> PotentialPrediction { try predict([structure])[0] }
}

/// A differentiable model as a potential, for callers that know no element types.
public struct DifferentiablePotential<Scalar: TensorScalar>: InteratomicPotential {
  /// The model.
  public var model: any EnergyModel<Scalar>
  /// A model as a potential.
  public init(_ model: any EnergyModel<Scalar>) { self.model = model }
  /// The atomic numbers of the elements that it knows.
  public var elements: [Int] { model.elements }
  /// The distance in Å beyond which atoms do not see each other directly.
  public var cutoff: Double { model.cutoff }
  /// Energy, forces and virial of a structure.
  public func predict(_ structure: AtomicStructure) throws -> PotentialPrediction { try model.predict(structure) }
}
