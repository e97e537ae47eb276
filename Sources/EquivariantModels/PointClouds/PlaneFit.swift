import DifferentiableTensors

extension Tensor {
  /// Normals of the planes that fit the k nearest points of every point best, each point among its own: [clouds, n, 3] to unit vectors
  /// [clouds, n, 3] whose signs mean nothing. The eigenvector of the smallest eigenvalue of the covariance, by least squares.
  ///
  /// Traps unless each cloud has at least `neighbors` points. Not meant to be differentiated: neighbours count as fixed.
  public func planeNormals(neighbors: Int) -> Tensor {
    let (clouds, n) = (shape[0], shape[1])
    let patches = reshaped(clouds * n, 3).gathered(nearestRows(neighbors)).reshaped(clouds * n, neighbors, 3)
    let centred = patches - patches.mean(axis: 1, keepingDimensions: true)
    let axes = Tensor.matmul(centred, centred, transposingFirst: true).symmetricEigen().vectors
    return axes.sliced(axis: 2, 0..<1).reshaped(clouds, n, 3)
  }
}
