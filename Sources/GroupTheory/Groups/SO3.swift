import RealModule

/// The rotation group SO(3); compact, so random elements come from the Haar measure. The coordinates of the algebra are the rotation
/// vector.
public struct SO3: LieGroup, CompactGroup {
  /// The group of rotations of ℝ³.
  public init() {}

  /// The rotation that moves nothing.
  public var identity: Rotation3 { .identity }

  /// The composition ab, b first.
  public func product(_ a: Rotation3, _ b: Rotation3) -> Rotation3 { a * b }

  /// The inverse rotation, exactly.
  public func inverse(of a: Rotation3) -> Rotation3 { a.inverse }

  /// A rotation from the Haar measure: the direction of a standard normal vector in ℝ⁴ is uniform on the unit quaternions.
  public func randomElement(using generator: inout some RandomNumberGenerator) -> Rotation3 {
    while true {
      let (w, x) = generator.normalPair()
      let (y, z) = generator.normalPair()
      if let rotation = try? Rotation3(w: w, x: x, y: y, z: z) { return rotation }
    }
  }

  /// The distance of the quaternions up to sign (``Rotation3/distance(to:)``).
  public func distance(_ a: Rotation3, _ b: Rotation3) -> Double { a.distance(to: b) }

  /// Rotations by the golden angle about x and y: their powers are dense in the rotations about each axis, which generate the group.
  public var generators: [Rotation3] {
    [SIMD3<Double>(1, 0, 0), SIMD3(0, 1, 0)].map { Rotation3(axis: $0, angle: goldenAngle) }
  }

  /// 3.
  public var algebraDimension: Int { 3 }

  /// The rotation by |v| about the rotation vector v = (x, y, z).
  public func exponential(_ coordinates: [Double]) -> Rotation3 {
    check(coordinates)
    return Rotation3(rotationVector: SIMD3(coordinates))
  }

  /// The rotation vector of length at most π (``Rotation3/rotationVector``).
  public func logarithm(of a: Rotation3) -> [Double]? {
    let v = a.rotationVector
    return [v.x, v.y, v.z]
  }

  /// The cross product.
  public func bracket(_ x: [Double], _ y: [Double]) -> [Double] {
    check(x)
    check(y)
    let v = cross(SIMD3(x), SIMD3(y))
    return [v.x, v.y, v.z]
  }

  /// The representation on 3-vectors, ρ(R) = R.
  public var standard: VectorRepresentation<Rotation3> { VectorRepresentation() }
}
