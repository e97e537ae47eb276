import DifferentiableTensors
import Requirements

/// All ordered pairs of atoms nearer than a cut-off, 0 < r < cut-off, images of the cell and of the atom itself among them, sorted by the atom
/// at the centre.
public struct NeighborList: Sendable {
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
  public init(positions: [SIMD3<Double>], cell: PeriodicCell? = nil, cutoff: Double) throws {
    var (first, found, places): ([Int], [Int32], [SIMD3<Int32>]) = ([0], [], [])
    let reach = cell.map { cell in
      (0..<3).map { axis -> Int32 in
        guard cell.isPeriodic[axis] else { return 0 }
        let normal = cross(cell.vectors[(axis + 1) % 3], cell.vectors[(axis + 2) % 3])
        return Int32((cutoff * dot(normal, normal).squareRoot() / cell.volume).rounded(.up)) + 1
      }
    } ?? [0, 0, 0]
    for center in positions {
      for (j, other) in positions.enumerated() {
        for a in -reach[0]...reach[0] {
          for b in -reach[1]...reach[1] {
            for c in -reach[2]...reach[2] {
              let image = SIMD3(a, b, c)
              let r = other + (cell?.translation(image) ?? .zero) - center
              let square = dot(r, r)
              if square > 0 && square < cutoff * cutoff {
                found.append(Int32(j))
                places.append(image)
              }
            }
          }
        }
      }
      first.append(found.count)
    }
    (firstEdge, neighbors, images, self.cutoff) = (first, found, places, cutoff)
  }

  /// The vector of each pair, from the atom at the centre to its neighbour.
  public func vectors(positions: [SIMD3<Double>], cell: PeriodicCell? = nil) -> [SIMD3<Double>] {
    var result: [SIMD3<Double>] = []
    result.reserveCapacity(edgeCount)
    for i in 0..<atomCount {
      for e in firstEdge[i]..<firstEdge[i + 1] {
        result.append(positions[Int(neighbors[e])] + (cell?.translation(images[e]) ?? .zero) - positions[i])
      }
    }
    return result
  }

  /// The graph of the pairs: an edge from each neighbour, the sender, to the atom at the centre, the receiver, in the order of the pairs.
  public var graph: Graph {
    var receivers: [Int] = []
    for i in 0..<atomCount { receivers += repeatElement(i, count: firstEdge[i + 1] - firstEdge[i]) }
    return Graph(nodeCount: atomCount, receivers: receivers, senders: neighbors.map(Int.init))
  }
}
