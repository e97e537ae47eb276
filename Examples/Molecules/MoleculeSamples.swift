import Equivariant
import ExampleSupport
import RealModule

/// Conformations as tensors.
struct MoleculeSamples: Sendable {
  let conformations: MoleculeDataset.Conformations
  let atomicNumbers: [Int]
  private let species: [Float]
  private let elements: Int
  var count: Int { conformations.count }
  var atoms: Int { atomicNumbers.count }

  init(_ conformations: MoleculeDataset.Conformations, _ configuration: MoleculeConfiguration) {
    (self.conformations, atomicNumbers) = (conformations, configuration.atomicNumbers)
    let elements = configuration.elements
    self.elements = elements.count
    species = atomicNumbers.flatMap { z in elements.map { $0 == z ? 1 : 0 } }
  }

  /// A graph that joins every atom of a conformation to every other.
  static func graph(_ conformations: Int, atoms: Int) -> Graph { .complete(graphs: conformations, nodes: atoms) }

  /// The conformations with the given numbers, centred and each turned by a rotation, as are the forces. `graph` joins the atoms of the
  /// same number of molecules.
  func batch(_ numbers: [Int], rotations: [Rotation3], graph: Graph) -> (input: GeometricBatch<Float>, forces: Tensor<Float>) {
    let n = atoms
    var (positions, forces): ([Float], [Float]) = ([], [])
    for (s, rotation) in zip(numbers, rotations) {
      func rows(_ values: [Double]) -> [SIMD3<Double>] {
        (s * n..<(s + 1) * n).map { SIMD3(values[3 * $0], values[3 * $0 + 1], values[3 * $0 + 2]) }
      }
      let points = rows(conformations.positions)
      let center = points.reduce(.zero, +) / Double(n)
      for p in points {
        let q = rotation * (p - center)
        positions += [Float(q.x), Float(q.y), Float(q.z)]
      }
      for f in rows(conformations.forces) {
        let g = rotation * f
        forces += [Float(g.x), Float(g.y), Float(g.z)]
      }
    }
    let features = Tensor(Array(repeating: species, count: numbers.count).flatMap { $0 }, shape: [numbers.count * n, elements])
    return (
      GeometricBatch(positions: Tensor(positions, shape: [numbers.count * n, 3]), scalars: features, graph: graph),
      Tensor(forces, shape: [numbers.count * n, 3])
    )
  }

  /// The energies minus a shift, [numbers].
  func energies(_ numbers: [Int], shift: Double) -> Tensor<Float> { Tensor(numbers.map { Float(conformations.energies[$0] - shift) }) }
}

/// The mean absolute errors of a potential.
struct MoleculeErrors: Sendable {
  /// The error of the energy in kcal/mol.
  var energy = 0.0
  /// The error of the forces in kcal/mol/Å, over atoms and coordinates.
  var force = 0.0
  /// One kcal/mol in meV, the unit in tables of rMD17.
  static let meV = 43.3641153

  /// The errors on all conformations. Each is turned at random `rotations` times and the predictions are averaged; with 0 rotations it is
  /// left as it is.
  init(_ model: MoleculeModel, _ samples: MoleculeSamples, rotations: Int = 0, limit: Int? = nil, seed: UInt64 = 17) {
    let n = samples.atoms
    let count = min(limit ?? samples.count, samples.count)
    let (shift, scale) = (model.shift, model.scale)
    let size = 25
    var generator = RandomSource(seed: seed)
    for start in stride(from: 0, to: count, by: size) {
      let numbers = Array(start..<min(start + size, count))
      let graph = MoleculeSamples.graph(numbers.count, atoms: n)
      var energies = [Double](repeating: 0, count: numbers.count)
      var forces = [SIMD3<Double>](repeating: .zero, count: numbers.count * n)
      for _ in 0..<max(1, rotations) {
        let turns = numbers.map { _ in rotations > 0 ? SO3().randomElement(using: &generator) : .identity }
        let (e, f) = model(samples.batch(numbers, rotations: turns, graph: graph).input, training: false)
        let values = f.elements
        for (k, turn) in turns.enumerated() {
          energies[k] += Double(e.elements[k])
          let back = turn.inverse
          for i in k * n..<(k + 1) * n {
            forces[i] += back * SIMD3(Double(values[3 * i]), Double(values[3 * i + 1]), Double(values[3 * i + 2]))
          }
        }
      }
      let factor = Double(scale) / Double(max(1, rotations))
      for (k, s) in numbers.enumerated() {
        energy += abs(energies[k] * factor + shift - samples.conformations.energies[s])
        for i in 0..<n {
          for axis in 0..<3 {
            force += abs(forces[k * n + i][axis] * factor - samples.conformations.forces[3 * (s * n + i) + axis])
          }
        }
      }
    }
    energy /= Double(count)
    force /= Double(count * n * 3)
  }

  var text: String {
    "energy \(significant(energy * Self.meV)) meV, forces \(significant(force * Self.meV)) meV/Å "
      + "(\(significant(energy)) kcal/mol, \(significant(force)) kcal/mol/Å)"
  }
}
