import Equivariant
import Testing

@testable import tetris

/// What each product can and cannot tell apart.
@Suite struct TetrisTests {
  @Test func program() throws {
    let result = try withTemporaryFolder { try Program("tetris").run(["--steps", "150"], in: $0) }
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("clebsch-gordan: 800 of 800 right in random orientations\n"), "\(result.output)")
    #expect(result.output.contains("gaunt+vector-signal: 800 of 800 right in random orientations\n"))
    #expect(result.output.contains("gaunt: 700 of 800 right in random orientations; taken for another: chiral 2\n"))
    let wrong = try withTemporaryFolder { try Program("tetris").run(["--steps=-1"], in: $0) }
    #expect(wrong.status != 0 && wrong.errors.contains("--steps must be 0 or more"))
  }

  /// For any weights: logits do not depend on the orientation, and only where a product makes pseudoscalars on the mirror image.
  @Test(arguments: ProductKind.allCases) func anyWeights(_ kind: ProductKind) {
    var mirrored: [Float] = []
    for seed: UInt64 in 1...5 {
      var generator = RandomSource(seed: seed)
      let network = Network(kind, using: &generator)
      let still = network(Pieces.edges(turnedBy: Array(repeating: .identity, count: 8)))
      let turned = network(Pieces.edges(turnedBy: (0..<8).map { _ in SO3().randomElement(using: &generator) }))
      let scale = still.absolute().max().item
      #expect((still - turned).absolute().max().item < 2e-5 * scale)
      mirrored.append((still.sliced(axis: 0, 0..<1) - still.sliced(axis: 0, 1..<2)).absolute().max().item / scale)
    }
    if kind == .gaunt { #expect(mirrored.max()! < 2e-5) } else { #expect(mirrored.max()! > 1e-3, "\(mirrored)") }
  }

  @Test func noParameterIsForgotten() {
    for kind in ProductKind.allCases {
      var generator = RandomSource(seed: 1)
      let audit = ParameterAudit(of: Network(kind, using: &generator), constants: [])
      #expect(audit.isClean, "\(audit)")
    }
  }
}
