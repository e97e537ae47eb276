import DifferentiableTensors
import Requirements

extension Tensor {
  /// Normals of the planes that best fit the `neighbors` nearest points of every point, including itself: [clouds, n, 3] from points
  /// [clouds, n, 3].
  ///
  /// The plane has the least sum of squared distances (Hoppe et al. 1992): its normal is the eigenvector of the least eigenvalue of the
  /// covariance. Normals have no orientation; the component of largest magnitude is positive. Where all points lie on a line or coincide,
  /// the normal is one of the directions across. Neighbours are looked up for some thousand points at a time, so that memory grows with the
  /// points alone; the result does not depend on the number of threads and has no derivatives.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func planeNormals(neighbors: Int) -> Tensor {
    require(rank == 3 && shape[2] == 3, "clouds [clouds, n, 3] are expected, received \(shape)")
    let (clouds, n) = (shape[0], shape[1])
    require(neighbors > 0, "at least 1 neighbour is expected, received \(neighbors)")
    let k = Swift.min(neighbors, n)
    let result = Tensor(uninitialized: shape)
    for cloud in 0..<clouds where n > 0 {
      let base = pointer + cloud * n * 3
      let search = NearestNeighbors(detached.sliced(axis: 0, cloud..<cloud + 1).reshaped(n, 3))
      for start in stride(from: 0, to: n, by: 8192) {
        let part = search.order[start..<Swift.min(n, start + 8192)]
        let queries = Tensor(shape: [part.count, 3]) { out in
          for (row, point) in part.enumerated() { for axis in 0..<3 { out[3 * row + axis] = base[3 * Int(point) + axis] } }
        }
        let near = search.nearest(k, to: queries)
        nonisolated(unsafe) let (source, target) = (base, result.pointer + cloud * n * 3)
        Threads.split(part.count, grain: 64) { first, count in
          for row in first..<first + count {
            let point = Int(part[start + row])
            let normal = leastDirection(near.indices[row * k..<(row + 1) * k], of: source, from: point)
            for axis in 0..<3 { target[3 * point + axis] = Scalar(normal[axis]) }
          }
        }
      }
    }
    return result
  }
}

/// The direction in which some points extend least.
@inline(__always) private func leastDirection<Scalar: TensorScalar>(
  _ neighbors: ArraySlice<Int32>, of points: UnsafeMutablePointer<Scalar>, from point: Int
) -> SIMD3<Double> {
  func offset(_ index: Int32) -> SIMD3<Double> {
    let p = points + 3 * Int(index)
    let q = points + 3 * point
    return SIMD3(Double(p[0]) - Double(q[0]), Double(p[1]) - Double(q[1]), Double(p[2]) - Double(q[2]))
  }
  var (extent, sum) = (0.0, SIMD3<Double>())
  for index in neighbors {
    let d = offset(index)
    extent = max(extent, d.max(), -d.min())
    sum += d
  }
  guard extent > 0 else { return SIMD3(1, 0, 0) }
  // In units of the extent nothing over- or underflows.
  let mean = sum / extent / Double(neighbors.count)
  var (diagonal, off) = (SIMD3<Double>(), SIMD3<Double>())
  for index in neighbors {
    let d = offset(index) / extent - mean
    diagonal += d * d
    off += d * SIMD3(d.y, d.z, d.x)
  }
  return leastEigenvector(diagonal: diagonal, xy: off.x, yz: off.y, zx: off.z)
}

/// The eigenvector of the least eigenvalue of a symmetric matrix, by Jacobi's rotations; its component of largest magnitude is positive.
@inline(__always) private func leastEigenvector(diagonal: SIMD3<Double>, xy: Double, yz: Double, zx: Double) -> SIMD3<Double> {
  var (a, b, c) = (diagonal.x, diagonal.y, diagonal.z)
  var (ab, bc, ca) = (xy, yz, zx)
  var (u, v, w) = (SIMD3<Double>(1, 0, 0), SIMD3<Double>(0, 1, 0), SIMD3<Double>(0, 0, 1))
  /// Turns the axes p and q such that the element between them becomes 0; r is the third axis.
  @inline(__always) func rotate(
    _ pp: inout Double, _ qq: inout Double, _ pq: inout Double, _ pr: inout Double, _ qr: inout Double, _ p: inout SIMD3<Double>,
    _ q: inout SIMD3<Double>
  ) {
    guard pq != 0 else { return }
    let theta = (qq - pp) / (2 * pq)
    let t = (theta < 0 ? -1 : 1) / (theta.magnitude + (theta * theta + 1).squareRoot())
    let cosine = 1 / (t * t + 1).squareRoot()
    let sine = t * cosine
    pp -= t * pq
    qq += t * pq
    pq = 0
    (pr, qr) = (cosine * pr - sine * qr, sine * pr + cosine * qr)
    (p, q) = (cosine * p - sine * q, sine * p + cosine * q)
  }
  for _ in 0..<12 {
    let size = a.magnitude + b.magnitude + c.magnitude
    if ab.magnitude + bc.magnitude + ca.magnitude <= 1e-16 * size { break }
    rotate(&a, &b, &ab, &ca, &bc, &u, &v)
    rotate(&b, &c, &bc, &ab, &ca, &v, &w)
    rotate(&a, &c, &ca, &ab, &bc, &u, &w)
  }
  var normal = a <= b && a <= c ? u : b <= c ? v : w
  normal /= (normal * normal).sum().squareRoot()
  let magnitudes = normal.replacing(with: -normal, where: normal .< 0)
  let largest = magnitudes.x >= magnitudes.y && magnitudes.x >= magnitudes.z ? 0 : magnitudes.y >= magnitudes.z ? 1 : 2
  return normal[largest] < 0 ? -normal : normal
}
