import DifferentiableTensors
import EquivarianceTesting
import MessagePassing
import Testing

@Suite struct PlaneNormalsTests {
  /// The largest 1 - |cos| of the angles between two sets of normals.
  private func defect<Scalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Double {
    Double(1 - (a * b).sum(axis: -1).absolute().min().item)
  }

  /// Points of a plane have its normal, in either precision, near the origin or far from it, small or large.
  @Test func pointsOfAPlane() {
    var generator = RandomSource(seed: 1)
    let plane = Tensor.matmul(.normal([2, 300, 2], using: &generator), Tensor<Double>(rows: [[1, 2, 2], [-2, 0, 1]]))
    // (1, 2, 2) × (-2, 0, 1)
    let expected = Tensor<Double>([2, -5, 4]) / 45.squareRoot()
    #expect(defect(plane.planeNormals(neighbors: 6), expected) < 1e-14)
    #expect(defect((plane + 1000).planeNormals(neighbors: 6), expected) < 1e-12)
    for scale in [1e-150, 1e150] { #expect(defect((plane * scale).planeNormals(neighbors: 6), expected) < 1e-14) }
    let float = Tensor<Float>(plane.elements.map { Float($0) }, shape: plane.shape)
    #expect(defect(float.planeNormals(neighbors: 6), Tensor<Float>(expected.elements.map { Float($0) })) < 1e-5)
    // Points of space have other ones.
    #expect(defect(Tensor<Double>.normal([2, 300, 3], using: &generator).planeNormals(neighbors: 6), expected) > 0.1)
  }

  /// The general eigenvectors of the covariance of the same neighbours.
  @Test func equalsTheEigenvectorsOfTheCovariance() {
    var generator = RandomSource(seed: 2)
    let points = Tensor<Double>.normal([1, 400, 3], using: &generator)
    let normals = points.planeNormals(neighbors: 12)
    let near = NearestNeighbors(points.reshaped(400, 3)).nearest(12)
    let rows = points.reshaped(400, 3).gathered(RowIndex(near.indices.map { Int($0) }, rowCount: 400)).reshaped(400, 12, 3)
    let centered = rows - rows.mean(axis: 1, keepingDimensions: true)
    let vectors = Tensor.matmul(centered, centered, transposingFirst: true).symmetricEigen().vectors
    #expect(defect(normals.reshaped(400, 3), vectors.sliced(axis: 2, 0..<1).squeezed(axis: 2)) < 1e-12)
    // The component of largest magnitude is positive.
    for row in 0..<400 {
      let normal = normals.elements[3 * row..<3 * row + 3]
      #expect(normal.max()! >= -normal.min()!)
    }
  }

  @Test func fewOrCoincidentPoints() {
    #expect(Tensor<Float>.ones([1, 50, 3]).planeNormals(neighbors: 8).elements.prefix(3) == [1, 0, 0])
    #expect(Tensor<Float>.ones([1, 1, 3]).planeNormals(neighbors: 8).elements == [1, 0, 0])
    #expect(Tensor<Float>.ones([2, 0, 3]).planeNormals(neighbors: 8).shape == [2, 0, 3])
    // On a line, one of the directions across.
    let line = Tensor<Double>((0..<30).flatMap { [Double($0), 2 * Double($0), 0] }, shape: [1, 30, 3]).planeNormals(neighbors: 5)
    #expect(Tensor.matmul(line, Tensor<Double>(rows: [[1], [2], [0]])).absolute().max().item < 1e-12)
    #expect(abs(line.squared().sum().item - 30) < 1e-12)
  }

  @Test func threadsAndChunksDoNotMatter() {
    var generator = RandomSource(seed: 3)
    let points = Tensor<Float>.normal([1, 8200, 3], using: &generator)
    #expect(threadCountsThatMatter([3]) { points.planeNormals(neighbors: 3) } == [])
  }
}
