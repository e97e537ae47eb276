import Equivariant
import Testing

@Suite struct EnergyModelPredictionsTests {
  private static func structures() -> [AtomicStructure] {
    let water = [SIMD3(0, 0, 0.12), SIMD3(0, 0.76, -0.48), SIMD3(0, -0.76, -0.48)]
    return [
      AtomicStructure(atomicNumbers: [8, 1, 1], positions: water),
      AtomicStructure(atomicNumbers: [1], positions: [SIMD3(5, 5, 5)]),
      AtomicStructure(
        atomicNumbers: [8, 1], positions: [SIMD3(0.1, 0, 0), SIMD3(1, 0.2, 0.3)],
        cell: PeriodicCell(SIMD3(2.1, 0, 0.2), SIMD3(0, 2.3, 0), SIMD3(0.3, 0, 2.2))),
    ]
  }

  /// A batch gives what its structures give one by one.
  @Test(arguments: SmallPotentials.names) func batches(_ name: String) throws {
    let model = SmallPotentials.potential(name)
    let structures = Self.structures()
    for (one, structure) in zip(try model.predict(structures), structures) {
      let alone = try model.predict(structure)
      #expect(abs(one.energy - alone.energy) < 1e-12 * max(1, abs(alone.energy)))
      #expect(largestDifference(one.atomEnergies, alone.atomEnergies) < 1e-12 * max(1, abs(alone.energy)))
      let scale = alone.forces.reduce(1) { max($0, abs($1.x), abs($1.y), abs($1.z)) }
      #expect(largestDifference(one.forces, alone.forces) < 1e-12 * scale)
      #expect(largestDifference(one.virial, alone.virial) < 1e-11 * scale)
    }
  }

  /// The differentiable forces and virials are those of the prediction.
  @Test func differentiableForces() throws {
    let model = SmallPotentials.potential("nequip")
    #expect(try Self.differences(model) < 1e-12)
  }

  private static func differences<M: EnergyModel<Double>>(_ model: M) throws -> Double {
    let batch = try model.batch(structures())
    let (energies, gradients) = model.energiesWithGradients(batch)
    let found = model.predict(batch)
    let virials = batch.virials(gradients)
    return [
      largestDifference(energies.elements, found.flatMap(\.atomEnergies)),
      largestDifference(vectors(batch.forces(gradients).elements), found.flatMap(\.forces)),
      largestDifference(virials.elements, found.flatMap(\.virial)),
    ].max()!
  }

  /// A loss of forces has a derivative by the weights.
  @Test func trainingOnForces() throws {
    var source = RandomSource(seed: 3)
    var c = NequIPConfiguration()
    (c.elements, c.cutoff, c.embedding, c.radialFunctions, c.radialWidths) = ([1, 8], 3, 3, 3, [4])
    (c.layers, c.neighbors, c.degree) = (["2x0e+2x1o", "2x0e"], [4, 4], 1)
    let model = NequIP<Double>(c, using: &source)
    let batch = try model.batch(Self.structures())
    func loss(_ model: NequIP<Double>) -> Tensor<Double> {
      let (energies, gradients) = model.energiesWithGradients(batch, keepingGraph: true)
      return batch.forces(gradients).squared().sum() + energies.squared().sum()
    }
    let (_, gradient) = valueWithGradient(at: model, loss)
    // Along the gradient of the embedding, by differences.
    let direction = gradient.tensors[0]
    func moved(_ h: Double) -> Double {
      var copy = model
      copy.embedding += direction * h
      return loss(copy).item
    }
    let h = 1e-4 / gradient.norm
    let slope = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h)
    let exact = direction.squared().sum().item
    #expect(abs(slope - exact) < 1e-7 * exact)
    #expect(gradient.tensors.allSatisfy { $0.elements.contains { $0 != 0 } })
  }

  @Test func structuresThatCannotBeAreNamed() throws {
    let model = SmallPotentials.potential("nequip")
    var structures = Self.structures()
    structures[2].atomicNumbers[1] = 26
    do {
      _ = try model.predict(structures)
      Issue.record("iron is not known")
    } catch let error as PotentialError {
      #expect(error.kind == .unknownElement && error.structure == 2 && error.atom == 1)
      #expect(error.description.contains("structure 2, atom 1") && error.description.contains("26"))
    }
    do {
      _ = try model.predict(AtomicStructure(atomicNumbers: [], positions: []))
      Issue.record("there is no atom")
    } catch let error as PotentialError {
      #expect(error.kind == .noAtoms && error.structure == nil)
    }
  }

  /// An energy that is no number is a typed error with the atom.
  @Test func energiesThatAreNotFiniteAreNamed() throws {
    var source = RandomSource(seed: 1)
    var c = SchNetConfiguration()
    (c.elements, c.channels, c.filters, c.radialFunctions) = ([1, 8], 3, 3, 3)
    var model = SchNet<Double>(c, using: &source)
    model.shifts = Tensor([0, .nan])
    do {
      _ = try model.predict(Self.structures())
      Issue.record("the energy of oxygen is no number")
    } catch let error as PotentialError {
      #expect(error.kind == .notFinite && error.structure == 0 && error.atom == 0, "\(error)")
    }
  }

  /// No tensor of a model is overlooked by its traversal.
  @Test(arguments: SmallPotentials.names) func traversals(_ name: String) {
    func audit<M: EnergyModel<Double>>(_ model: M) -> ParameterAudit { ParameterAudit(of: model) }
    let found = audit(SmallPotentials.potential(name))
    #expect(found.isClean, "\(found)")
  }
}
