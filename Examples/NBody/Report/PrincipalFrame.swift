import Equivariant

/// The axes along which a cloud of points extends most, second most and least, with the centre of its bounding box as origin.
struct PrincipalFrame {
  private let axes: [SIMD3<Double>]
  private let center: SIMD3<Double>
  /// The sides of the bounding box, none of which is 0.
  let extent: SIMD3<Double>

  init(of points: [SIMD3<Double>]) {
    let points = points.filter { $0.x.isFinite && $0.y.isFinite && $0.z.isFinite }
    let mean = points.reduce(.zero, +) / Double(max(1, points.count))
    var covariance = [Double](repeating: 0, count: 9)
    for point in points {
      let d = point - mean
      for i in 0..<3 {
        for j in 0..<3 { covariance[3 * i + j] += d[i] * d[j] }
      }
    }
    // Eigenvalues rise, and the eigenvectors are columns.
    let vectors = Tensor<Double>(covariance, shape: [3, 3]).symmetricEigen().vectors.elements
    let axes = [2, 1, 0].map { SIMD3(vectors[$0], vectors[3 + $0], vectors[6 + $0]) }
    let local = points.map { p in SIMD3((p * axes[0]).sum(), (p * axes[1]).sum(), (p * axes[2]).sum()) }
    var (low, high) = (local.first ?? .zero, local.first ?? .zero)
    for p in local {
      low = pointwiseMin(low, p)
      high = pointwiseMax(high, p)
    }
    self.axes = axes
    center = (low + high) / 2
    extent = pointwiseMax(high - low, SIMD3(repeating: 1e-3))
  }

  /// The coordinates of a point in this frame.
  func local(_ p: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3((p * axes[0]).sum(), (p * axes[1]).sum(), (p * axes[2]).sum()) - center
  }
}
