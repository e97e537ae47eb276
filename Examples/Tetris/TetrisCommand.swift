import ArgumentParser
import Equivariant

/// Telling the pieces of Tetris apart in any orientation (Thomas et al. 2018), and what a product without antisymmetric paths cannot see
/// (Xie et al., "The Price of Freedom", 2025).
@main struct TetrisCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tetris", abstract: "Learns the eight pieces of Tetris, two of them mirror images, with three products of irreps.",
    discussion: """
      Clebsch-Gordan products, and Gaunt with vector-signal products, learn all eight in any orientation. The Gaunt product alone makes true
      tensors from true tensors, never a pseudoscalar: whatever its weights, its logits of the two mirror images are equal.
      """)
  @Option(help: "Products to train: \(ProductKind.allCases.map(\.rawValue).joined(separator: ", ")); all where not given.") var product:
    ProductKind?
  @Option(help: "Steps of Adam, every piece in a new orientation.") var steps = 300
  @Option(help: "Seed of weights and orientations.") var seed: UInt64 = 1

  func validate() throws {
    guard steps >= 0 else { throw ValidationError("--steps must be 0 or more, not \(steps).") }
  }

  func run() {
    let clock = ContinuousClock()
    for kind in product.map({ [$0] }) ?? ProductKind.allCases {
      var generator = RandomSource(seed: seed)
      var network = Network(kind, using: &generator)
      let untrained = mirrorDifference(network, using: &generator)
      let time = clock.measure { train(&network, using: &generator) }
      let (right, total, worst) = test(network, using: &generator)
      let seconds = time / .seconds(1)
      print(
        """
        \(kind.rawValue): \(right) of \(total) right in random orientations\(worst.isEmpty ? "" : "; taken for another: \(worst)")
          \(network.namedTensors.reduce(0) { $0 + $1.tensor.count }) weights, \(steps) steps in \(Double(Int(seconds * 10)) / 10) s
          largest difference between the logits of the mirror images: \(untrained) untrained, \(mirrorDifference(network, using: &generator)) trained
        """)
    }
  }

  private func orientations(using generator: inout RandomSource) -> [Rotation3] {
    (0..<8).map { _ in SO3().randomElement(using: &generator) }
  }

  private func train(_ network: inout Network, using generator: inout RandomSource) {
    var optimizer = Adam(for: network, settings: .init(rate: 1e-2))
    for _ in 0..<steps {
      let edges = Pieces.edges(turnedBy: orientations(using: &generator))
      let (_, gradient) = valueWithGradient(at: network) { crossEntropy($0(edges), Array(0..<8)) }
      optimizer.update(&network, along: gradient)
    }
  }

  /// 100 orientations of each piece; the names of pieces that were ever taken for another.
  private func test(_ network: Network, using generator: inout RandomSource) -> (right: Int, total: Int, wrong: String) {
    var (right, wrong) = (0, Set<Int>())
    for _ in 0..<100 {
      for (piece, answer) in network(Pieces.edges(turnedBy: orientations(using: &generator))).argmax().enumerated() {
        if piece == answer { right += 1 } else { wrong.insert(piece) }
      }
    }
    return (right, 800, wrong.sorted().map { Pieces.names[$0] }.joined(separator: ", "))
  }

  /// Between a piece and its mirror image, in one orientation.
  private func mirrorDifference(_ network: Network, using generator: inout RandomSource) -> Float {
    let logits = network(Pieces.edges(turnedBy: orientations(using: &generator)))
    return (logits.sliced(axis: 0, 0..<1) - logits.sliced(axis: 0, 1..<2)).absolute().max().item
  }
}
