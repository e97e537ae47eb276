import DifferentiableTensors

/// What each block of atoms does in an evaluation, layer by layer: blocks of one layer run side by side, and all of them end before the next
/// layer begins.
protocol LayeredPass: Sendable {
  /// A layer that others follow.
  func forward(_ layer: Int, _ block: Int)
  /// The last layer, the energies, and the way back through it.
  func last(_ block: Int)
  /// The way back through a layer that others follow.
  func backward(_ layer: Int, _ block: Int)
}

extension LayeredPass {
  /// There and back.
  func run(layers: Int, blocks: Int) {
    for t in 0..<layers - 1 { Threads.run(pieces: blocks) { forward(t, $0) } }
    Threads.run(pieces: blocks) { last($0) }
    for t in (0..<layers - 1).reversed() { Threads.run(pieces: blocks) { backward(t, $0) } }
  }
}
