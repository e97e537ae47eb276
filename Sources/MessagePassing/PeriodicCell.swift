import Requirements

/// The cell of a structure that repeats along some of its three vectors: the image (i, j, k) of a point p is p + i a + j b + k c.
public struct PeriodicCell: Sendable, Hashable {
  /// a, b and c, in the unit of the positions, by custom Å.
  public var vectors: [SIMD3<Double>]
  /// Whether the structure repeats along each of them.
  public var isPeriodic: [Bool]

  /// Makes a cell from its three vectors; the structure repeats along all of them unless said otherwise.
  public init(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>, isPeriodic: [Bool] = [true, true, true]) {
    require(isPeriodic.count == 3, "three axes are expected, received \(isPeriodic)")
    (vectors, self.isPeriodic) = ([a, b, c], isPeriodic)
  }

  /// |a · (b × c)|.
  public var volume: Double { abs(dot(vectors[0], cross(vectors[1], vectors[2]))) }

  /// i a + j b + k c.
  public func translation(_ image: SIMD3<Int32>) -> SIMD3<Double> {
    Double(image.x) * vectors[0] + Double(image.y) * vectors[1] + Double(image.z) * vectors[2]
  }
}

func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { (a * b).sum() }

func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}
