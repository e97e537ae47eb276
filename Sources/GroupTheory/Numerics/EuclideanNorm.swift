import RealModule

/// The Euclidean norm of components of any size: in units of the largest, a power of two, so that no square over- or underflows and no
/// digit changes.
package func euclideanNorm(_ components: some Sequence<Double>) -> Double {
  var largest = 0.0
  for x in components { largest = max(largest, x.magnitude) }
  guard largest > 0, largest.isFinite else {
    // Infinite, NaN or 0 as the plain sum has it.
    return Double.sqrt(components.reduce(0) { $0 + $1 * $1 })
  }
  let scale = powerOfTwo(nextTo: largest)
  let sum = components.reduce(0.0) { sum, x in
    let y = x / scale
    return sum + y * y
  }
  return Double.sqrt(sum) * scale
}

/// The same for a short vector.
package func euclideanNorm<Vector: SIMD<Double>>(_ v: Vector) -> Double {
  var largest = 0.0
  for k in v.indices { largest = max(largest, v[k].magnitude) }
  guard largest > 0, largest.isFinite else { return Double.sqrt((v * v).sum()) }
  let scale = powerOfTwo(nextTo: largest)
  let unit = v / scale
  return Double.sqrt((unit * unit).sum()) * scale
}

/// The largest power of two that is no more than a positive number, within those with a normal inverse.
package func powerOfTwo(nextTo x: Double) -> Double {
  Double(sign: .plus, exponent: min(max(x.exponent, -1021), 1021), significand: 1)
}
