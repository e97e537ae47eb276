import DifferentiableTensors
import EquivariantLayers
import Testing

struct PolynomialEmbeddingTests {
  @Test func monomials() {
    let embedding = PolynomialEmbedding(degree: 3)
    let x = embedding(Tensor<Double>([2, 3, -1, 5], shape: [2, 2]))
    #expect(embedding.width(2) == 14 && embedding.width(1) == 3 && x.shape == [2, 14])
    #expect(x.sliced(axis: 0, 0..<1).elements == [2, 3, 4, 6, 6, 9, 8, 12, 12, 18, 12, 18, 18, 27])
    #expect(x.sliced(axis: 0, 1..<2).elements == [-1, 5, 1, -5, -5, 25, -1, 5, 5, -25, 5, -25, -25, 125])
  }
}
