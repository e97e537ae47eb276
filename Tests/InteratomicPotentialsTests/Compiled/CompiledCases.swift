import Equivariant

@testable import InteratomicPotentials

/// Small networks of random weights that have a plan, one of each kind and of each of its options; the elements are those of ``structures``.
enum CompiledCases {
  static let elements = [8, 1, 6]
  static let cutoff = 3.1

  // MARK: models

  static let maces = [
    "scalars", "vectors", "degree 2", "three layers", "residual first", "all plain", "order 1", "order 2", "order 4", "orders mixed",
    "17 channels",
    "heads", "linear read-outs", "last layer only", "network of the last layer only", "agnesi", "agnesi with repulsion",
    "envelope on weights", "gaussians",
    "rounded coefficients", "degree 0", "harmonics up to 4", "one layer", "one element",
  ]
  static let nequips = [
    "parity", "without parity", "linear self-connection", "no self-connection", "norm", "norm without own features", "degree 1", "degree 3",
    "degree 0", "harmonics up to 4", "odd embedding", "multiplicities", "pseudoscalars", "repulsion", "one layer", "one element",
    "switching", "cosine",
    "rounded coefficients", "gates without scalars",
  ]

  static func mace(_ name: String) -> MACE<Double> {
    var c = MACEConfiguration()
    (c.elements, c.cutoff, c.degree, c.radialFunctions, c.radialWidths, c.readoutWidth) = (elements, cutoff, 2, 5, [8, 7], 3)
    (c.layers, c.neighbors, c.correlations) = (["4x0e+4x1o", "4x0e"], [12, 9], [3, 3])
    var head = 0
    switch name {
    case "scalars": c.layers = ["5x0e", "5x0e"]
    case "degree 2": (c.layers, c.correlations) = (["3x0e+3x1o+3x2e", "3x0e"], [2, 2])
    case "three layers":
      (c.layers, c.neighbors, c.correlations) = (["3x0e+3x1o", "3x0e+3x1o+3x2e", "3x0e"], [12, 10, 9], [2, 2, 3])
      c.interactions = [.plain, .residual, .residual]
    case "residual first": c.interactions = [.residual, .residual]
    case "all plain":
      (c.layers, c.neighbors, c.correlations) = (["3x0e+3x1o", "3x0e+3x1o", "3x0e"], [12, 10, 9], [2, 2, 2])
      c.interactions = [.plain, .plain, .plain]
    case "order 1": (c.correlations, c.layers) = ([1, 1], ["4x0e+4x1o+4x2e", "4x0e"])
    case "order 2": c.correlations = [2, 2]
    case "order 4": (c.correlations, c.degree) = ([4, 4], 1)
    case "orders mixed": c.correlations = [2, 4]
    case "17 channels": (c.layers, c.correlations) = (["17x0e+17x1o", "17x0e+17x1o"], [2, 2])
    case "heads": (c.heads, head) = (["first", "second", "third"], 1)
    case "linear read-outs": c.readoutWidth = 0
    case "last layer only": (c.readoutWidth, c.readsLastLayerOnly) = (0, true)
    case "network of the last layer only": c.readsLastLayerOnly = true
    case "agnesi": c.transform = .agnesi
    case "agnesi with repulsion": (c.transform, c.hasRepulsion, c.repulsionPower) = (.agnesi, true, 5)
    case "envelope on weights": c.envelopeOnWeights = true
    case "gaussians": c.radialFamily = .gaussian
    case "rounded coefficients": c.roundsCoefficients = true
    case "degree 0": (c.degree, c.layers) = (0, ["4x0e", "4x0e"])
    case "harmonics up to 4": (c.degree, c.layers, c.correlations) = (4, ["2x0e+2x1o+2x2e+2x3o+2x4e", "2x0e"], [2, 2])
    case "one layer": (c.layers, c.neighbors, c.correlations, c.interactions) = (["4x0e"], [10], [3], [.plain])
    case "one element": c.elements = [8]
    default: precondition(name == "vectors")
    }
    var source = RandomSource(seed: 41)
    var model = MACE<Double>(c, using: &source)
    model.head = head
    model.scales = .normal([c.heads.count], using: &source) * 0.2 + 1
    model.shifts = .normal([c.heads.count, c.elements.count], using: &source)
    return model
  }

  static func nequip(_ name: String) -> NequIP<Double> {
    var c = NequIPConfiguration()
    (c.elements, c.cutoff, c.embedding, c.radialFunctions, c.radialWidths) = (elements, cutoff, 6, 5, [8, 7])
    (c.layers, c.neighbors) = (["5x0e+3x1o+2x2e", "4x0e+2x1o+1x1e+2x2e", "6x0e+1x1o"], [12, 10, 11])
    switch name {
    case "without parity": (c.hasParity, c.layers) = (false, ["5x0e+3x1e+2x2e", "4x0e+2x1e", "6x0e"])
    case "linear self-connection": c.selfConnection = .linear
    case "no self-connection": c.selfConnection = .none
    case "norm": c.hasNorm = true
    case "norm without own features": (c.hasNorm, c.selfConnection, c.activations) = (true, .none, .e3nnJAX)
    case "degree 1": (c.degree, c.layers) = (1, ["5x0e+3x1o", "4x0e+2x1o+2x1e", "6x0e"])
    case "degree 3": (c.degree, c.layers, c.neighbors) = (3, ["4x0e+2x1o+2x2e+1x3o", "3x0e+2x1o+1x2o+2x3o+1x3e", "4x0e"], [12, 10, 11])
    case "degree 0": (c.degree, c.layers) = (0, ["5x0e", "4x0e", "6x0e"])
    case "harmonics up to 4": (c.degree, c.layers, c.neighbors) = (4, ["4x0e+2x1o+1x4e", "3x0e+1x1o+1x4e", "4x0e"], [12, 10, 11])
    case "odd embedding": c.embedding = 17
    case "multiplicities": (c.layers, c.neighbors) = (["18x0e+33x1o+1x2e", "16x0e+15x1o+17x1e", "31x0e"], [12, 10, 11])
    case "pseudoscalars":
      (c.layers, c.neighbors) = (["4x0e+3x1o+2x2e", "3x0e+2x1o+2x1e", "2x0o+5x0e+2x1e+1x1o", "5x0e+2x0o"], [12, 10, 11, 9])
    case "repulsion": (c.hasRepulsion, c.repulsionPower) = (true, 4)
    case "one layer": (c.layers, c.neighbors) = (["6x0e+2x1o"], [10])
    case "one element": c.elements = [8]
    case "switching": (c.envelope, c.envelopeStart) = (.switching, 0.9 * cutoff)
    case "cosine": c.envelope = .cosine
    case "rounded coefficients": c.roundsCoefficients = true
    case "gates without scalars": c.layers = ["3x1o+2x2e", "2x1o", "6x0e"]
    default: precondition(name == "parity")
    }
    var source = RandomSource(seed: 43)
    var model = NequIP<Double>(c, using: &source)
    model.scales = .normal([c.elements.count], using: &source) * 0.2 + 1
    model.shifts = .normal([c.elements.count], using: &source)
    for t in model.layers.indices {
      if let norm = model.layers[t].norm {
        model.layers[t].norm!.scales = .normal(norm.scales.shape, using: &source) * 0.3 + 1
      }
    }
    return model
  }

  // MARK: structures

  static let structures = [
    "molecule", "two atoms", "an atom", "atoms apart", "crystal", "small cell", "slab", "wire", "cluster", "supercell", "one element",
  ]

  /// A structure of the elements, at least about 0.9 Å between atoms.
  static func structure(_ name: String) -> AtomicStructure {
    switch name {
    case "two atoms": return AtomicStructure(atomicNumbers: [1, 8], positions: [SIMD3(0.3, -0.2, 0.1), SIMD3(0.9, 0.4, 0.5)])
    case "an atom": return AtomicStructure(atomicNumbers: [6], positions: [SIMD3(1, 2, 3)])
    case "atoms apart":
      return AtomicStructure(atomicNumbers: [6, 8, 6], positions: [SIMD3(0, 0, 0), SIMD3(9, 0, 0), SIMD3(0, -20, 50)])
    case "crystal": return grid(SIMD3(2, 2, 2), seed: 5, isPeriodic: [true, true, true], shear: 0.3)
    case "small cell": return grid(SIMD3(1, 1, 2), seed: 6, isPeriodic: [true, true, true], shear: 0.2)
    case "slab": return grid(SIMD3(3, 2, 2), seed: 7, isPeriodic: [true, true, false], shear: 0.1)
    case "wire": return grid(SIMD3(2, 2, 3), seed: 8, isPeriodic: [false, false, true], shear: 0.1)
    case "cluster": return grid(SIMD3(5, 5, 5), seed: 9)
    case "supercell": return grid(SIMD3(4, 4, 5), seed: 10, isPeriodic: [true, true, true], shear: 0.1)
    case "one element":
      var result = grid(SIMD3(3, 3, 2), seed: 11, isPeriodic: [true, true, true])
      result.atomicNumbers = result.atomicNumbers.map { _ in 8 }
      return result
    default: return grid(SIMD3(3, 3, 1), seed: 4)
    }
  }

  /// Atoms near the points of a grid, of random elements and in random order, some of them outside of the cell.
  static func grid(_ counts: SIMD3<Int>, seed: UInt64, isPeriodic: [Bool]? = nil, shear: Double = 0, spacing: Double = 1.35)
    -> AtomicStructure
  {
    var source = RandomSource(seed: seed)
    let cell = PeriodicCell(
      SIMD3(spacing * Double(counts.x), 0, shear), SIMD3(shear, spacing * Double(counts.y), 0),
      SIMD3(0, -shear, spacing * Double(counts.z)),
      isPeriodic: isPeriodic ?? [true, true, true])
    var positions: [SIMD3<Double>] = []
    for x in 0..<counts.x {
      for y in 0..<counts.y {
        for z in 0..<counts.z {
          let place = [Double(x) / Double(counts.x), Double(y) / Double(counts.y), Double(z) / Double(counts.z)]
          var p = SIMD3<Double>.zero
          for k in 0..<3 {
            p += place[k] * cell.vectors[k]
            p[k] += Double.random(in: -0.15...0.15, using: &source)
          }
          if isPeriodic?[2] == true && Int.random(in: 0..<5, using: &source) == 0 { p += cell.vectors[2] }
          positions.append(p)
        }
      }
    }
    positions.shuffle(using: &source)
    return AtomicStructure(
      atomicNumbers: positions.map { _ in elements.randomElement(using: &source)! }, positions: positions,
      cell: isPeriodic == nil ? nil : cell)
  }

  /// Structures made of elements that a model knows.
  static func structures(for model: any EnergyModel<Double>) -> [(name: String, structure: AtomicStructure)] {
    structures.map { name in
      var structure = structure(name)
      if model.elements.count == 1 { structure.atomicNumbers = structure.atomicNumbers.map { _ in model.elements[0] } }
      return (name, structure)
    }
  }
}

/// How far one prediction is from another.
struct PredictionDifference: CustomStringConvertible {
  /// Of the energy, relative to the larger of 1 eV and the sum of the sizes of the energies of atoms.
  var energy = 0.0
  /// Of energies of atoms, relative to the largest one and 1 eV.
  var atomEnergies = 0.0
  /// Of forces, relative to the largest component.
  var forces = 0.0
  /// Of the virial, relative to its largest component and that of forces times 1 Å.
  var virial = 0.0

  init() {}
  /// - Parameter smallest: forces in eV/Å below which errors are relative to it.
  init(_ found: PotentialPrediction, from expected: PotentialPrediction, smallestForce smallest: Double = 1e-3) {
    let size = expected.atomEnergies.reduce(1) { max($0, abs($1)) }
    let force = expected.forces.reduce(smallest) { max($0, abs($1.x), abs($1.y), abs($1.z)) }
    energy = largestDifference([found.energy], [expected.energy]) / max(1, expected.atomEnergies.reduce(0) { $0 + abs($1) })
    atomEnergies = largestDifference(found.atomEnergies, expected.atomEnergies) / size
    forces = largestDifference(found.forces, expected.forces) / force
    virial = largestDifference(found.virial, expected.virial) / expected.virial.reduce(force) { max($0, abs($1)) }
  }

  var largest: Double { max(energy, atomEnergies, forces, virial) }
  var description: String { "energy \(energy), atoms \(atomEnergies), forces \(forces), virial \(virial)" }

  mutating func unite(_ other: PredictionDifference) {
    (energy, atomEnergies) = (max(energy, other.energy), max(atomEnergies, other.atomEnergies))
    (forces, virial) = (max(forces, other.forces), max(virial, other.virial))
  }
}
