import DifferentiableTensors
import Requirements

/// All ordered pairs of atoms nearer than a cut-off, 0 < r < cut-off, images of the cell and of the atom itself among them, sorted by the
/// atom at the centre, then by the neighbour, then by the image.
///
/// The vector of the pair e of centre i and neighbour j is r = x_j + S_e · (a, b, c) − x_i with the image S_e, for positions in the cell or
/// outside of it. A pair is in the list from both of its sides. Atoms are sorted into bins, so that the time is proportional to their
/// number; the same input gives the same list.
public struct NeighborList: Sendable, Equatable {
  /// Atoms nearer than this are at one place, which no potential has an answer for: 10⁻⁶ (Å).
  public static let smallestDistance = 1e-6
  /// The most pairs of a list, 2²⁸; they take 20 bytes each.
  public static let pairLimit = 1 << 28

  /// Where the neighbours of each atom begin, and their total at the end: those of atom i are `firstEdge[i] ..< firstEdge[i + 1]`.
  public let firstEdge: [Int]
  /// The neighbour of each pair.
  public let neighbors: [Int32]
  /// The image of the cell in which the neighbour lies.
  public let images: [SIMD3<Int32>]
  /// The largest distance.
  public let cutoff: Double

  /// The number of atoms.
  public var atomCount: Int { firstEdge.count - 1 }
  /// The number of pairs.
  public var edgeCount: Int { neighbors.count }

  /// Finds the neighbours of all atoms.
  /// - Parameters:
  ///   - positions: of the atoms, inside of the cell or outside.
  ///   - cell: the cell of a structure that repeats along one, two or three axes; the vectors of other axes are not looked at. Nil for a
  ///     structure in open space.
  ///   - cutoff: in the unit of the positions; it may be many times the size of the cell.
  /// - Throws: ``NeighborListError`` for positions that are not finite, a cell without volume, atoms at one place and more than
  ///   ``pairLimit`` pairs.
  public init(positions: [SIMD3<Double>], cell: PeriodicCell? = nil, cutoff: Double) throws(NeighborListError) {
    let pairs = try NeighborSearchGrid(positions, cell, cutoff: cutoff).pairs(positions, cell)
    (firstEdge, neighbors, images, self.cutoff) = (pairs.firstEdge, pairs.neighbors, pairs.images, cutoff)
  }

  /// The pairs of a list whose distance for the given positions is below a smaller cut-off.
  init(_ list: NeighborList, within cutoff: Double, positions: [SIMD3<Double>], cell: PeriodicCell?) throws(NeighborListError) {
    var pairs = NeighborSearchGrid.Pairs()
    pairs.neighbors.reserveCapacity(list.edgeCount)
    pairs.images.reserveCapacity(list.edgeCount)
    for i in 0..<list.atomCount {
      for e in list.firstEdge[i]..<list.firstEdge[i + 1] {
        let (j, image) = (Int(list.neighbors[e]), list.images[e])
        let square = NeighborSearchGrid.squaredDistance(i, j, image, positions, cell)
        guard square < cutoff * cutoff else { continue }
        guard square >= Self.smallestDistance * Self.smallestDistance else {
          throw .coincident(first: i, second: j, image: image, distance: square.squareRoot())
        }
        pairs.neighbors.append(list.neighbors[e])
        pairs.images.append(image)
      }
      pairs.firstEdge.append(pairs.neighbors.count)
    }
    (firstEdge, neighbors, images, self.cutoff) = (pairs.firstEdge, pairs.neighbors, pairs.images, cutoff)
  }

  /// The vector of each pair, from the atom at the centre to its neighbour.
  public func vectors(positions: [SIMD3<Double>], cell: PeriodicCell? = nil) -> [SIMD3<Double>] {
    require(positions.count == atomCount, "\(atomCount) positions are expected, received \(positions.count)")
    let (a, b, c) = (cell?.vectors[0] ?? .zero, cell?.vectors[1] ?? .zero, cell?.vectors[2] ?? .zero)
    return [SIMD3<Double>](unsafeUninitializedCapacity: edgeCount) { result, initialized in
      neighbors.withUnsafeBufferPointer { neighbors in
        images.withUnsafeBufferPointer { images in
          for i in 0..<atomCount {
            let center = positions[i]
            for e in firstEdge[i]..<firstEdge[i + 1] {
              var r = positions[Int(neighbors[e])]
              let image = images[e]
              if image.x | image.y | image.z != 0 { r += Double(image.x) * a + Double(image.y) * b + Double(image.z) * c }
              result.initializeElement(at: e, to: r - center)
            }
          }
        }
      }
      initialized = edgeCount
    }
  }

  /// The graph of the pairs: an edge from each neighbour, the sender, to the atom at the centre, the receiver, in the order of the pairs.
  public var graph: Graph {
    var receivers: [Int] = []
    receivers.reserveCapacity(edgeCount)
    for i in 0..<atomCount { receivers += repeatElement(i, count: firstEdge[i + 1] - firstEdge[i]) }
    return Graph(nodeCount: atomCount, receivers: receivers, senders: neighbors.map(Int.init))
  }

  /// The order of images.
  static func precedes(_ a: SIMD3<Int32>, _ b: SIMD3<Int32>) -> Bool {
    a.x != b.x ? a.x < b.x : a.y != b.y ? a.y < b.y : a.z < b.z
  }
}
