import AtomicStructures
import CKernels
import DifferentiableTensors
import GroupTheory
import MessagePassing
import Requirements

/// Memory of one evaluation, kept for the next one.
struct PotentialMemory<Scalar: TensorScalar>: @unchecked Sendable {
  var vectors = ReusedBlock<Scalar>(), places = ReusedBlock<Scalar>(), pieces = ReusedBlock<Int32>(), harmonics = ReusedBlock<Scalar>()
  var slopes = ReusedBlock<Scalar>(), harmonicGradients = ReusedBlock<Scalar>(), vectorGradients = ReusedBlock<Scalar>()
  var scattered = [ReusedBlock<Scalar>(), ReusedBlock<Scalar>()]
  /// Features of atoms, by a number that the plan gives them.
  var features: [ReusedBlock<Scalar>] = []
  let scratch = ScratchPool<Scalar>()

  /// Memory for the rows of ``PotentialSystem/targets``, of features as wide as the widest of the layers, twice: one layer's rows are read while
  /// those of the layer before are written.
  mutating func scatteredRows(_ system: PotentialSystem<Scalar>, widths: [Int]) -> [UnsafeMutablePointer<Scalar>] {
    let count = max(system.blockRows.last! * (widths.max() ?? 0), 1)
    return [0, 1].map { scattered[$0].pointer(count) }
  }
}

/// A structure as the kernels of a plan see it: its atoms in the plan's order, their pairs, and what is known of these before any layer.
struct PotentialSystem<Scalar: TensorScalar>: @unchecked Sendable {
  let order: AtomOrder
  let scratch: ScratchPool<Scalar>
  /// The element of each atom.
  let species: [Int32]
  let first: [Int32]
  let neighbors: [Int32]
  let images: [SIMD3<Int32>]
  let positions: [SIMD3<Double>]
  let cell: PeriodicCell?
  let vectors: UnsafeMutablePointer<Scalar>
  let places: UnsafeMutablePointer<Scalar>
  let pieces: UnsafeMutablePointer<Int32>
  let harmonics: UnsafeMutablePointer<Scalar>
  let harmonicCount: Int
  let intervals: Int
  let cutoff: Double
  private let directions: SphericalHarmonics

  /// Rows into which each block adds gradients of the features of the atoms that its own atoms see, one row for each such atom: for each edge its
  /// row, and for each atom the rows that belong to it.
  let targets: [Int32]
  let blockRows: [Int]
  let rowsFirst: [Int32]
  let rows: [Int32]

  var atomCount: Int { species.count }
  var edgeCount: Int { neighbors.count }
  var blockCount: Int { order.blocks.count - 1 }
  func block(_ b: Int) -> Range<Int> { order.blocks[b]..<order.blocks[b + 1] }

  /// Throws where the structure has no list of neighbours.
  init(
    _ structure: AtomicStructure, species kinds: [Int], cutoff: Double, largestHarmonic: Int, intervals: Int,
    memory: inout PotentialMemory<Scalar>
  ) throws {
    let order = AtomOrder(positions: structure.positions, species: kinds)
    let positions = order.atoms.map { structure.positions[$0] }
    let list: NeighborList
    do {
      list = try NeighborList(positions: positions, cell: structure.cell, cutoff: cutoff)
    } catch {
      // The same complaint in the caller's numbers of atoms.
      _ = try NeighborList(positions: structure.positions, cell: structure.cell, cutoff: cutoff)
      throw error
    }
    var cell = structure.cell
    // Vectors along which nothing repeats may be anything.
    for k in 0..<3 where cell?.isPeriodic[k] == false { cell!.vectors[k] = .zero }
    (self.order, self.positions, self.cell) = (order, positions, cell)
    (self.cutoff, self.intervals, scratch) = (cutoff, intervals, memory.scratch)
    species = order.atoms.map { Int32(kinds[$0]) }
    first = list.firstEdge.map { Int32($0) }
    neighbors = list.neighbors
    images = list.images
    let edges = list.edgeCount
    directions = SphericalHarmonics(degrees: 0...largestHarmonic, normalization: .component)
    harmonicCount = directions.count
    vectors = memory.vectors.pointer(3 * edges)
    places = memory.places.pointer(edges)
    pieces = memory.pieces.pointer(edges)
    harmonics = memory.harmonics.pointer(edges * harmonicCount)
    (targets, blockRows, rowsFirst, rows) = PotentialSystem.scattering(order, first, neighbors)
    makeEdges()
  }

  /// Vectors, places in the tables and harmonics of all edges.
  private func makeEdges() {
    let cellRows = cell.map { cell in cell.vectors.flatMap { [$0.x, $0.y, $0.z] } } ?? []
    let (type, width) = (Scalar.kernelType, harmonicCount)
    let table = directions.table.entries
    let degree = Int32(directions.degrees.upperBound)
    positions.withUnsafeBytes { positions in
      images.withUnsafeBytes { images in
        nonisolated(unsafe) let positions = positions.bindMemory(to: Double.self).baseAddress
        nonisolated(unsafe) let images = images.bindMemory(to: Int32.self).baseAddress
        Threads.run(pieces: blockCount) { b in
          let atoms = block(b)
          let (lo, hi) = (Int(first[atoms.lowerBound]), Int(first[atoms.upperBound]))
          if hi == lo { return }
          ck_edge_geometry(
            type, atoms.lowerBound, atoms.upperBound, first, neighbors, images, positions, cellRows.isEmpty ? nil : cellRows, cutoff,
            intervals, vectors, pieces, places)
          ck_harmonics(type, hi - lo, 0, degree, table, 1, vectors + 3 * lo, harmonics + width * lo, nil)
        }
      }
    }
  }

  /// The rows for gradients, see ``targets``.
  private static func scattering(
    _ order: AtomOrder, _ first: [Int32], _ neighbors: [Int32]
  ) -> (targets: [Int32], blockRows: [Int], rowsFirst: [Int32], rows: [Int32]) {
    let count = order.atoms.count
    var targets = [Int32](repeating: 0, count: neighbors.count)
    var seen = [Int32](repeating: -1, count: count)
    var (owners, blockRows): ([Int32], [Int]) = ([], [0])
    targets.withUnsafeMutableBufferPointer { targets in
      seen.withUnsafeMutableBufferPointer { seen in
        for b in 0..<order.blocks.count - 1 {
          let start = Int32(owners.count)
          for e in Int(first[order.blocks[b]])..<Int(first[order.blocks[b + 1]]) {
            let j = Int(neighbors[e])
            if seen[j] < start {
              seen[j] = Int32(owners.count)
              owners.append(Int32(j))
            }
            targets[e] = seen[j]
          }
          blockRows.append(owners.count)
        }
      }
    }
    var starts = [Int32](repeating: 0, count: count + 1)
    for owner in owners { starts[Int(owner) + 1] += 1 }
    for i in 0..<count { starts[i + 1] += starts[i] }
    var (next, rows) = (starts, [Int32](repeating: 0, count: owners.count))
    for (row, owner) in owners.enumerated() {
      rows[Int(next[Int(owner)])] = Int32(row)
      next[Int(owner)] += 1
    }
    return (targets, blockRows, starts, rows)
  }

  /// What a plan found, in the structure's order, with the repulsion of nuclei where there is one. `energies` are in the plan's order.
  func prediction(
    _ energies: [Double], _ given: EdgeGradients<Scalar>, _ repulsion: ZBLPairs?, _ memory: inout PotentialMemory<Scalar>
  ) -> PotentialPrediction {
    let (type, width) = (Scalar.kernelType, harmonicCount)
    let table = directions.table.entries
    let degree = Int32(directions.degrees.upperBound)
    nonisolated(unsafe) let gradients = memory.vectorGradients.pointer(3 * edgeCount)
    Threads.run(pieces: blockCount) { b in
      let (lo, hi) = (Int(first[block(b).lowerBound]), Int(first[block(b).upperBound]))
      if hi > lo {
        ck_harmonics_pullback(type, hi - lo, 0, degree, table, 1, vectors + 3 * lo, given.harmonics + width * lo, gradients + 3 * lo)
      }
    }
    var (ordered, own) = ([SIMD3<Double>](repeating: .zero, count: atomCount), energies)
    var strain = [Double](repeating: 0, count: 9)
    ordered.withUnsafeMutableBytes { forces in
      ck_edge_forces(
        type, atomCount, first, neighbors, pieces, vectors, gradients, given.slopes, 2 * Double(intervals) / cutoff,
        forces.bindMemory(to: Double.self).baseAddress, &strain)
    }
    repulsion?.add(self, energies: &own, forces: &ordered, strain: &strain)
    var (forces, atomEnergies) = (ordered, own)
    for (place, atom) in order.atoms.enumerated() { (forces[atom], atomEnergies[atom]) = (ordered[place], own[place]) }
    var virial = [Double](repeating: 0, count: 9)
    for i in 0..<3 { for j in 0..<3 { virial[3 * i + j] = -0.5 * (strain[3 * i + j] + strain[3 * j + i]) } }
    return PotentialPrediction(energy: atomEnergies.reduce(0, +), atomEnergies: atomEnergies, forces: forces, virial: virial)
  }

  /// From the centre of an edge to the neighbour, in double precision.
  func vector(_ centre: Int, _ edge: Int) -> SIMD3<Double> {
    positions[Int(neighbors[edge])] + (cell?.translation(images[edge]) ?? .zero) - positions[centre]
  }
}
