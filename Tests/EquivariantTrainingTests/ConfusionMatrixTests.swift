import Equivariant
import Testing

@Suite struct ConfusionMatrixTests {
  @Test func counts() {
    var matrix = ConfusionMatrix(classes: 3)
    #expect(matrix.accuracy.isNaN && matrix.total == 0)
    for (label, predicted) in [(0, 0), (0, 2), (2, 2), (1, 0)] { matrix.add(label, predicted: predicted) }
    #expect(matrix.counts == [[1, 0, 1], [1, 0, 0], [0, 0, 1]])
    #expect(matrix.right == 2 && matrix.total == 4 && matrix.accuracy == 0.5)
  }
}
