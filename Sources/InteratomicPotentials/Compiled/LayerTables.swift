import CKernels
import DifferentiableTensors

/// Which elements the radial weights of a layer depend on.
enum TableKeys: Sendable {
  case none, neighbor, pair

  /// The number of the table of two elements.
  func key(_ centre: Int, _ neighbor: Int, elements: Int) -> Int {
    switch self {
    case .none: 0
    case .neighbor: neighbor
    case .pair: centre * elements + neighbor
    }
  }
}

/// Where one layer finds the radial weights of the edges of a structure.
struct LayerTables<Scalar: TensorScalar>: Sendable {
  let snapshot: RadialTableSet<Scalar>.Snapshot
  /// The first piece of the table of each pair of elements, [centre][neighbour].
  let starts: [Int32]
  let elements: Int
  /// Whether all pairs use the first table.
  let isSingle: Bool

  /// The tables for the elements of a structure; those that are missing are made.
  init(_ tables: RadialTableSet<Scalar>, _ keys: TableKeys, _ system: PotentialSystem<Scalar>, elements: Int) {
    let present = Set(system.order.runs.flatMap { $0.map(\.species) }).sorted()
    var wanted: Set<Int> = []
    for a in present { for b in present { wanted.insert(keys.key(a, b, elements: elements)) } }
    snapshot = tables.snapshot(wanted)
    var starts = [Int32](repeating: 0, count: elements * elements)
    for a in present {
      for b in present { starts[a * elements + b] = snapshot.places[keys.key(a, b, elements: elements)]! }
    }
    self.elements = elements
    isSingle = starts.allSatisfy { $0 == 0 }
    self.starts = starts
  }

  /// The edges of the atoms of a block as kernels read them.
  func withEdges(_ system: PotentialSystem<Scalar>, _ block: Int, _ body: (inout ck_convolution_edges) -> Void) {
    let atoms = system.block(block)
    let (lo, hi) = (Int(system.first[atoms.lowerBound]), Int(system.first[atoms.upperBound]))
    system.first.withUnsafeBufferPointer { first in
      system.neighbors.withUnsafeBufferPointer { neighbors in
        func run(_ pieces: UnsafePointer<Int32>) {
          var edges = ck_convolution_edges(
            first: first.baseAddress! + atoms.lowerBound, sender: neighbors.baseAddress, interval: pieces, place: system.places,
            harmonics: system.harmonics, coefficients: snapshot.coefficients)
          body(&edges)
        }
        if isSingle { return run(system.pieces) }
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: max(hi - lo, 1)) { pieces in
          for i in atoms {
            let row = Int(system.species[i]) * elements
            for e in Int(first[i])..<Int(first[i + 1]) {
              let piece = system.pieces[e]
              pieces[e - lo] = piece < 0 ? -1 : piece + starts[row + Int(system.species[Int(neighbors[e])])]
            }
          }
          run(UnsafePointer(pieces.baseAddress!) - lo)
        }
      }
    }
  }
}
