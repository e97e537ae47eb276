import DifferentiableTensors
import Dispatch
import Equivariant
import Synchronization
import Testing

@testable import InteratomicPotentials

/// Compiled potentials against the differentiable models that they are made from.
@Suite struct CompiledPotentialTests {
  /// All structures in both precisions: energies to rounding, and derivatives as far as the tables allow. Found are 10⁻¹¹ of the largest force, and
  /// in single precision 2·10⁻⁶, which is what the differentiable model has in it.
  private static func compare(_ model: any EnergyModel<Double>, tolerance: Double = 1e-10) throws {
    let (double, single) = (try CompiledPotential(model, precision: .double), try CompiledPotential(model, precision: .single))
    for (name, structure) in CompiledCases.structures(for: model) {
      let expected = try model.predict(structure)
      let found = PredictionDifference(try double.predict(structure), from: expected)
      #expect(found.energy < 1e-12 && found.atomEnergies < 1e-12 && found.largest < tolerance, "\(name): \(found)")
      let rounded = PredictionDifference(try single.predict(structure), from: expected)
      #expect(rounded.energy < 1e-6 && rounded.largest < 4e-6, "\(name) in single precision: \(rounded)")
    }
    #expect(double.tableError < 2e-10 && single.tableError < 2e-7, "\(double.tableError), \(single.tableError)")
  }

  @Test(arguments: CompiledCases.maces) func mace(_ name: String) throws {
    // Transformed lengths vary fastest where atoms are bound, and tables are as exact as they are steep elsewhere.
    try Self.compare(CompiledCases.mace(name), tolerance: name.hasPrefix("agnesi") ? 3e-10 : 1e-10)
  }

  @Test(arguments: CompiledCases.nequips) func nequip(_ name: String) throws {
    try Self.compare(CompiledCases.nequip(name))
  }

  // MARK: the same bits

  private static func bits(_ p: PotentialPrediction) -> [UInt64] {
    ([p.energy] + p.atomEnergies + p.forces.flatMap { [$0.x, $0.y, $0.z] } + p.virial).map(\.bitPattern)
  }

  @Test(arguments: CompiledPotential.Precision.allCases) func threads(_ precision: CompiledPotential.Precision) throws {
    for model in [CompiledCases.mace("vectors"), CompiledCases.nequip("norm")] as [any EnergyModel<Double>] {
      let potential = try CompiledPotential(model, precision: precision)
      for name in ["supercell", "cluster", "molecule"] {
        let structure = CompiledCases.structure(name)
        let one = try Threads.withCount(1) { Self.bits(try potential.predict(structure)) }
        for count in [1, 2, 3, 7] {
          for _ in 0..<3 {
            #expect(try Threads.withCount(count) { Self.bits(try potential.predict(structure)) } == one, "\(name), \(count)")
          }
        }
        // One that is made anew says the same.
        #expect(Self.bits(try CompiledPotential(model, precision: precision).predict(structure)) == one)
      }
    }
  }

  /// Structures of many sizes by turns and at once: each as by a potential that has seen nothing else. Tables of new elements are made meanwhile.
  @Test(arguments: CompiledPotential.Precision.allCases) func memoryAndConcurrency(_ precision: CompiledPotential.Precision) throws {
    let names = ["supercell", "an atom", "two atoms", "cluster", "small cell", "one element", "atoms apart", "supercell", "molecule"]
    for model in [CompiledCases.mace("agnesi"), CompiledCases.mace("all plain"), CompiledCases.nequip("multiplicities")]
      as [any EnergyModel<Double>]
    {
      let expected = try names.map { Self.bits(try CompiledPotential(model, precision: precision).predict(CompiledCases.structure($0))) }
      let potential = try CompiledPotential(model, precision: precision)
      for (name, own) in zip(names, expected) { #expect(Self.bits(try potential.predict(CompiledCases.structure(name))) == own, "\(name)") }
      let fresh = try CompiledPotential(model, precision: precision)
      let failures = Atomic<Int>(0)
      DispatchQueue.concurrentPerform(iterations: 36) { i in
        let k = i * 5 % names.count
        let found = try? fresh.predict(CompiledCases.structure(names[k]))
        if found.map(Self.bits) != expected[k] { failures.add(1, ordering: .relaxed) }
      }
      #expect(failures.load(ordering: .relaxed) == 0)
    }
  }

  /// Atoms in another order have the same energies and forces but for rounding.
  @Test func shuffledAtoms() throws {
    let potential = try CompiledPotential(CompiledCases.mace("vectors"), precision: .double)
    let structure = CompiledCases.structure("supercell")
    let found = try potential.predict(structure)
    var source = RandomSource(seed: 2)
    let order = structure.positions.indices.shuffled(using: &source)
    let other = try potential.predict(
      AtomicStructure(
        atomicNumbers: order.map { structure.atomicNumbers[$0] }, positions: order.map { structure.positions[$0] }, cell: structure.cell))
    let expected = PotentialPrediction(
      energy: found.energy, atomEnergies: order.map { found.atomEnergies[$0] }, forces: order.map { found.forces[$0] }, virial: found.virial
    )
    let difference = PredictionDifference(other, from: expected)
    #expect(difference.largest < 1e-12, "\(difference)")
  }

  // MARK: what is refused

  @Test func modelsWithoutPlan() throws {
    for name in ["mace with density", "mace by gaunt products", "painn", "schnet"] {
      let error = #expect(throws: CompilationError.self) { try CompiledPotential(SmallPotentials.potential(name)) }
      #expect(error?.description.contains("use the differentiable model") == true)
    }
    #expect(throws: CompilationError.self) { try CompiledPotential(SmallPotentials.potential("mace with density"), precision: .double) }
  }

  @Test(arguments: CompiledPotential.Precision.allCases) func structuresThatCannotBe(_ precision: CompiledPotential.Precision) throws {
    let potential = try CompiledPotential(CompiledCases.nequip("repulsion"), precision: precision)
    #expect(potential.elements == CompiledCases.elements && potential.cutoff == CompiledCases.cutoff && potential.precision == precision)
    let none = #expect(throws: PotentialError.self) { try potential.predict(AtomicStructure(atomicNumbers: [], positions: [])) }
    #expect(none?.kind == .noAtoms)
    for name in ["molecule", "supercell"] {
      let structure = CompiledCases.structure(name)
      for atom in [0, 7, structure.count - 1] {
        var iron = structure
        iron.atomicNumbers[atom] = 26
        let unknown = #expect(throws: PotentialError.self) { try potential.predict(iron) }
        #expect(unknown?.kind == .unknownElement && unknown?.atom == atom)
        // Numbers of atoms are the caller's, though the plan has an order of its own.
        for value in [Double.nan, .infinity, -1e200, 1e13] {
          var nowhere = structure
          nowhere.positions[atom].y = value
          let error = #expect(throws: NeighborListError.self) { try potential.predict(nowhere) }
          if case .position(atom, _) = error { continue }
          Issue.record("\(String(describing: error))")
        }
        var together = structure
        let other = (atom + 3) % structure.count
        together.positions[atom] = structure.positions[other] + SIMD3(1e-8, 0, 0)
        let error = #expect(throws: NeighborListError.self) { try potential.predict(together) }
        guard case .coincident(let first, let second, _, _) = error else {
          Issue.record("\(String(describing: error))")
          continue
        }
        #expect([first, second].sorted() == [atom, other].sorted())
      }
      var flat = structure
      flat.cell = PeriodicCell(SIMD3(1, 0, 0), SIMD3(2, 0, 0), SIMD3(0, 0, 3))
      #expect(throws: NeighborListError.self) { try potential.predict(flat) }
      flat.cell = PeriodicCell(SIMD3(.nan, 0, 0), SIMD3(0, 2, 0), SIMD3(0, 0, 3))
      #expect(throws: NeighborListError.self) { try potential.predict(flat) }
      // After all of these it says what a new one says.
      let found = try potential.predict(structure)
      #expect(
        try Self.bits(found) == Self.bits(CompiledPotential(CompiledCases.nequip("repulsion"), precision: precision).predict(structure)))
    }
  }

  /// Vectors along which nothing repeats are not looked at.
  @Test func vectorsThatDoNotCount() throws {
    let potential = try CompiledPotential(CompiledCases.mace("vectors"))
    var slab = CompiledCases.structure("slab")
    let found = try potential.predict(slab)
    for vector in [SIMD3<Double>.zero, SIMD3(0, 0, .infinity), SIMD3(.nan, 1, 2)] {
      slab.cell!.vectors[2] = vector
      #expect(try Self.bits(potential.predict(slab)) == Self.bits(found))
    }
  }

  /// A tensor whose first element is another.
  private static func replacing(_ tensor: Tensor<Double>, by value: Double) -> Tensor<Double> {
    Tensor([value] + tensor.elements.dropFirst(), shape: tensor.shape)
  }

  /// What is no number is no answer: damaged weights, and forces beyond the largest number.
  @Test(arguments: CompiledPotential.Precision.allCases) func numbersThatAreNone(_ precision: CompiledPotential.Precision) throws {
    var damaged = CompiledCases.mace("scalars")
    damaged.embedding = Self.replacing(damaged.embedding, by: .nan)
    let error = #expect(throws: PotentialError.self) {
      try CompiledPotential(damaged, precision: precision).predict(CompiledCases.structure("molecule"))
    }
    #expect(error?.kind == .notFinite && error?.atom != nil)
    var radial = CompiledCases.nequip("parity")
    radial.layers[0].radial.weights[0] = Self.replacing(radial.layers[0].radial.weights[0], by: .infinity)
    let potential = try CompiledPotential(radial, precision: precision)
    #expect(potential.tableError == .infinity)
    #expect(throws: PotentialError.self) { try potential.predict(CompiledCases.structure("molecule")) }
    // Nuclei almost at one place are refused or have a finite energy.
    let hot = try CompiledPotential(CompiledCases.nequip("repulsion"), precision: precision)
    for exponent in stride(from: -6.0, through: -1, by: 0.5) {
      let near = AtomicStructure(atomicNumbers: [8, 8], positions: [.zero, SIMD3(0, 1.01 * .pow(10, exponent), 0)])
      let found = try hot.predict(near)
      #expect(found.energy.isFinite && found.forces.allSatisfy { $0.sum().isFinite })
    }
  }

  // MARK: broken subjects

  /// Another weight anywhere is noticed by the comparison above, in each precision; so is a table that is too coarse.
  @Test func otherWeights() throws {
    let (mace, nequip) = (CompiledCases.mace("three layers"), CompiledCases.nequip("parity"))
    let structure = CompiledCases.structure("crystal")
    func checkMACE(_ change: (inout MACE<Double>) -> Void) throws {
      var other = mace
      change(&other)
      let found = PredictionDifference(
        try CompiledPotential(other, precision: .double).predict(structure), from: try mace.predict(structure))
      #expect(found.largest > 1e-7)
    }
    func checkNequIP(_ change: (inout NequIP<Double>) -> Void) throws {
      var other = nequip
      change(&other)
      let found = PredictionDifference(
        try CompiledPotential(other, precision: .double).predict(structure), from: try nequip.predict(structure))
      #expect(found.largest > 1e-7)
    }
    for t in 0..<3 {
      try checkMACE { $0.layers[t].up.weights[0] = $0.layers[t].up.weights[0] * 1.0001 }
      try checkMACE { $0.layers[t].radial.weights[1] = $0.layers[t].radial.weights[1] * 1.0001 }
      try checkMACE { $0.layers[t].linear.weights[1] = $0.layers[t].linear.weights[1] * 1.0001 }
      try checkMACE { $0.layers[t].skip.weights[0] = $0.layers[t].skip.weights[0] * 1.0001 }
      try checkMACE { $0.layers[t].contraction!.weights = $0.layers[t].contraction!.weights * 1.0001 }
      try checkMACE { $0.layers[t].out.weights[0] = $0.layers[t].out.weights[0] * 1.0001 }
      try checkNequIP { $0.layers[t].first.weights[0] = $0.layers[t].first.weights[0] * 1.0001 }
      try checkNequIP { $0.layers[t].radial.weights[2] = $0.layers[t].radial.weights[2] * 1.0001 }
      try checkNequIP { $0.layers[t].second.weights[1] = $0.layers[t].second.weights[1] * 1.0001 }
      try checkNequIP { $0.layers[t].own!.weights[0] = $0.layers[t].own!.weights[0] * 1.0001 }
    }
    try checkMACE { $0.embedding = $0.embedding * 1.0001 }
    try checkMACE { $0.readouts[0] = $0.readouts[0] * 1.0001 }
    try checkMACE { $0.lastHidden! = $0.lastHidden! * 1.0001 }
    try checkMACE { $0.lastReadout! = $0.lastReadout! * 1.0001 }
    try checkMACE { $0.scales = $0.scales * 1.0001 }
    try checkMACE { $0.shifts = $0.shifts * 1.0001 }
    try checkNequIP { $0.embedding = $0.embedding * 1.0001 }
    try checkNequIP { $0.readout = $0.readout * 1.0001 }
    try checkNequIP { $0.scales = $0.scales * 1.0001 }
    try checkNequIP { $0.shifts = $0.shifts * 1.0001 }
    // A norm knows nothing of the size of what comes before it, and its own scales are what comes after.
    let normed = CompiledCases.nequip("norm")
    var scaled = normed
    scaled.layers[1].norm!.scales = normed.layers[1].norm!.scales * 1.0001
    let norms = PredictionDifference(
      try CompiledPotential(scaled, precision: .double).predict(structure), from: try normed.predict(structure))
    #expect(norms.largest > 1e-7)
    // A cut-off that falls at another length, and an envelope whose start no table has a joint at: the latter says so itself.
    var c = CompiledCases.nequip("switching").configuration
    c.envelopeStart = 2.718281828459
    var source = RandomSource(seed: 43)
    let switching = NequIP<Double>(c, using: &source)
    let coarse = try CompiledPotential(switching, precision: .double)
    let found = PredictionDifference(try coarse.predict(structure), from: try switching.predict(structure))
    #expect(coarse.tableError > 1e-8 && found.largest > 1e-10 && found.largest < coarse.tableError, "\(found), \(coarse.tableError)")
  }
}
