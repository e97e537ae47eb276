import CKernels
import Equivariant
import Foundation

/// Energies and forces by compiled potentials, lists of neighbours included.
struct PotentialBenchmarks {
  let bench: Bench
  /// Files of potentials; a MACE of the usual shape with random weights where there is none.
  let models: [String]
  /// A file of structures; ethanol and silicon where there is none.
  let structures: String?

  /// MACE of the usual shape (l_max 3, products of three, cut-off 5 Å, two layers of 128 channels), with scalars, and with vectors too.
  static func mace(vectors: Bool) -> MACE<Double> {
    var configuration = MACEConfiguration()
    configuration.elements = [1, 6, 8, 14]
    if !vectors { configuration.layers = ["128x0e", "128x0e"] }
    var generator = RandomSource(seed: 1)
    return MACE<Double>(configuration, using: &generator)
  }

  /// Crystalline silicon of 8 k³ atoms, each moved by 0.05 Å.
  static func silicon(_ k: Int) -> AtomicStructure {
    var generator = RandomSource(seed: 1)
    let a = 5.43
    let basis = [SIMD3(0.0, 0, 0), SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0)]
    var positions: [SIMD3<Double>] = []
    for x in 0..<k {
      for y in 0..<k {
        for z in 0..<k {
          for site in basis + basis.map({ $0 + 0.25 }) {
            let noise = SIMD3((0..<3).map { _ in 0.05 * generator.normalPair().0 })
            positions.append((SIMD3(Double(x), Double(y), Double(z)) + site) * a + noise)
          }
        }
      }
    }
    let edge = a * Double(k)
    return AtomicStructure(
      atomicNumbers: positions.map { _ in 14 }, positions: positions,
      cell: PeriodicCell(SIMD3(edge, 0, 0), SIMD3(0, edge, 0), SIMD3(0, 0, edge)))
  }

  /// Ethanol without a cell.
  static let ethanol = AtomicStructure(
    atomicNumbers: [6, 6, 8, 1, 1, 1, 1, 1, 1],
    positions: [
      SIMD3(1.1682, -0.4034, 0), SIMD3(0, 0.5595, 0), SIMD3(-1.1903, -0.2148, 0), SIMD3(-1.9463, 0.3837, 0), SIMD3(0.0426, 1.2084, 0.8855),
      SIMD3(0.0426, 1.2084, -0.8855), SIMD3(2.1157, 0.1449, 0), SIMD3(1.1293, -1.0374, 0.8855), SIMD3(1.1293, -1.0374, -0.8855),
    ])

  private func loaded() throws -> [(name: String, model: any EnergyModel<Double>)] {
    if models.isEmpty { return [("small", Self.mace(vectors: false)), ("medium", Self.mace(vectors: true))] }
    return try models.map { (URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent, try PotentialFile.load($0)) }
  }

  private func systems() throws -> [(name: String, structure: AtomicStructure)] {
    guard let structures else {
      return [("ethanol", Self.ethanol)] + [2, 4, 8].map { ("si\(8 * $0 * $0 * $0)", Self.silicon($0)) }
    }
    return try StructureReader(contentsOf: structures).enumerated().map { number, frame in
      let frame = try frame.get()
      return ("\(number)-\(frame.formula)-\(frame.atomicNumbers.count)", frame)
    }
  }

  /// Every model on every structure.
  func run() throws {
    let systems = try systems()
    for (name, model) in try loaded() {
      for precision in CompiledPotential.Precision.allCases {
        let potential = try CompiledPotential(model, precision: precision)
        for system in systems {
          for threads in bench.threadCounts {
            Threads.count = threads
            time(potential, name, precision, system.name, system.structure)
          }
        }
      }
    }
  }

  private func time(
    _ potential: CompiledPotential, _ model: String, _ precision: CompiledPotential.Precision, _ system: String,
    _ structure: AtomicStructure
  ) {
    let params: [String: Any] = ["model": model, "system": system, "precision": precision.rawValue]
    let label = "molecules/energy_forces/\(model)/\(system)/\(precision.rawValue)"
    guard bench.wants(label) else { return }
    var (energy, peak) = (0.0, 0.0)
    let seconds = bench.time("molecules/energy_forces/\(model)/\(system)/\(precision.rawValue)", params) {
      do {
        let prediction = try potential.predict(structure)
        energy = prediction.energy
        peak = prediction.forces.map { max(abs($0.x), abs($0.y), abs($0.z)) }.max() ?? 0
      } catch { fatalError("\(error)") }
    }
    guard let seconds,
      let edges = try? NeighborList(positions: structure.positions, cell: structure.cell, cutoff: potential.cutoff).edgeCount
    else { return }
    let atoms = structure.atomicNumbers.count
    let operations = 2 * Double(potential.multiplyAdds(atoms: atoms, edges: edges))
    Bench.line(
      "molecules/rate", params,
      [
        "threads": Threads.count, "us_per_atom": 1e6 * seconds / Double(atoms), "gflops": 1e-9 * operations / seconds, "edges": edges,
        "energy": energy, "max_force": peak, "peak_mb": Bench.peakMemory,
      ])
  }

  /// Time and memory as a crystal grows, and the exponent of the time.
  func growth() throws {
    for (name, model) in try loaded() {
      let potential = try CompiledPotential(model)
      Threads.count = bench.threadCounts[0]
      var points: [(Double, Double)] = []
      for k in [2, 3, 4, 5, 6, 8, 10, 12, 16] {
        let crystal = Self.silicon(k)
        let atoms = crystal.atomicNumbers.count
        let seconds = bench.time("molecules/growth/\(name)", ["model": name, "atoms": atoms]) {
          do { _ = try potential.predict(crystal) } catch { fatalError("\(error)") }
        }
        guard let seconds else { continue }
        points.append((log(Double(atoms)), log(seconds)))
        Bench.line("molecules/growth_memory/\(name)", ["model": name, "atoms": atoms], ["peak_mb": Bench.peakMemory])
      }
      if points.count > 1 { Bench.line("molecules/growth_exponent/\(name)", ["model": name], ["exponent": slope(points)]) }
    }
  }

  /// The slope of the straight line nearest to points.
  private func slope(_ points: [(Double, Double)]) -> Double {
    let n = Double(points.count)
    let (x, y) = (points.reduce(0) { $0 + $1.0 } / n, points.reduce(0) { $0 + $1.1 } / n)
    return points.reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) } / points.reduce(0) { $0 + ($1.0 - x) * ($1.0 - x) }
  }
}
