import Equivariant

/// The eight pieces of three-dimensional Tetris, four unit cubes each, as in the tutorials of e3nn. The first two are mirror images.
enum Pieces {
  static let names = ["chiral 1", "chiral 2", "square", "line", "corner", "L", "T", "zigzag"]

  static let cubes: [[SIMD3<Double>]] = [
    [[0, 0, 0], [0, 0, 1], [1, 0, 0], [1, 1, 0]], [[1, 0, 0], [1, 0, 1], [0, 0, 0], [0, 1, 0]],
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]],
    [[0, 0, 0], [0, 0, 1], [0, 0, 2], [0, 0, 3]], [[0, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]],
    [[0, 0, 0], [0, 0, 1], [0, 0, 2], [0, 1, 0]],
    [[0, 0, 0], [0, 0, 1], [0, 0, 2], [0, 1, 1]], [[0, 0, 0], [1, 0, 0], [1, 1, 0], [2, 1, 0]],
  ]

  /// All pieces as one graph: cubes that share a face are neighbours.
  static let graph = Graph.batch(
    cubes.map { cubes in
      var (receivers, senders): ([Int], [Int]) = ([], [])
      for i in cubes.indices {
        for j in cubes.indices where abs(((cubes[i] - cubes[j]) * (cubes[i] - cubes[j])).sum() - 1) < 1e-6 {
          receivers.append(i)
          senders.append(j)
        }
      }
      return Graph(nodeCount: 4, receivers: receivers, senders: senders)
    })

  /// The piece of each cube.
  static let owners = RowIndex((0..<32).map { $0 / 4 }, rowCount: 8)

  /// The vectors along all edges, from the receiver to the sender, each piece turned by a rotation of its own.
  static func edges(turnedBy rotations: [Rotation3]) -> Tensor<Float> {
    Tensor(
      rows: zip(graph.receivers.rows, graph.senders.rows).map { receiver, sender in
        let piece = Int(receiver) / 4
        let v = rotations[piece] * (cubes[piece][Int(sender) % 4] - cubes[piece][Int(receiver) % 4])
        return [Float(v.x), Float(v.y), Float(v.z)]
      })
  }
}
