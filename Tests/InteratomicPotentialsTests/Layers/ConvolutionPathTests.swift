import Equivariant
import Testing

@testable import InteratomicPotentials

@Suite struct ConvolutionPathTests {
  /// The paths of the second layer of SevenNet-0 by hand, sorted by degree of the result, then as they are made.
  @Test func sortedPaths() {
    let product = TensorProduct<Double>.convolution(
      "128x0e + 64x1e + 32x2e", harmonicIrreps(upTo: 2, hasParity: false), to: "224x0e + 64x1e + 32x2e")
    #expect(product.output == "128x0e+64x0e+32x0e+128x1e+64x1e+64x1e+64x1e+32x1e+32x1e+128x2e+64x2e+64x2e+32x2e+32x2e+32x2e")
    #expect(product.weightCount == 960)
    let paths = product.convolutionPaths
    #expect(paths.map(\.input) == [0, 1, 2, 0, 1, 1, 1, 2, 2, 0, 1, 1, 2, 2, 2])
    #expect(paths.map(\.degree) == [0, 1, 2, 1, 0, 1, 2, 1, 2, 2, 1, 2, 0, 1, 2])
    #expect(paths.map(\.output) == Array(0..<15))
    #expect(paths.map(\.columns.lowerBound) == paths.indices.map { paths[..<$0].reduce(0) { $0 + $1.columns.count } })
    #expect(paths.last?.columns.upperBound == 960)
  }

  /// Odd irreps come before even ones of the same degree.
  @Test func parities() {
    let product = TensorProduct<Double>.convolution(
      "1x1o + 1x1e", harmonicIrreps(upTo: 1, hasParity: true), to: "1x0e + 1x0o + 1x1o + 1x1e")
    #expect(product.output == "1x0o+1x0e+1x1o+1x1o+1x1e+1x1e")
  }
}
