import RealModule

/// The rotation group SO(3); compact, so random elements come from the Haar measure.
public struct SO3: Group {
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

  /// The representation on 3-vectors, ρ(R) = R.
  public var standard: VectorRepresentation<Rotation3> { VectorRepresentation() }
}
