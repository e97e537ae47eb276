import RealModule

/// The rotation group SO(2) of the plane; compact and commutative. The algebra's coordinate is the angle in radians.
public struct SO2: LieGroup, CompactGroup {
  /// The group of rotations of ℝ².
  public init() {}

  /// The rotation that moves nothing.
  public var identity: Rotation2 { .identity }

  /// The composition ab = ba.
  public func product(_ a: Rotation2, _ b: Rotation2) -> Rotation2 { a * b }

  /// The inverse rotation, exactly.
  public func inverse(of a: Rotation2) -> Rotation2 { a.inverse }

  /// A rotation by a uniform angle, which is the Haar measure of the circle.
  public func randomElement(using generator: inout some RandomNumberGenerator) -> Rotation2 {
    Rotation2(angle: 2 * .pi * generator.uniform())
  }

  /// The chord between the unit complex numbers (``Rotation2/distance(to:)``).
  public func distance(_ a: Rotation2, _ b: Rotation2) -> Double { a.distance(to: b) }

  /// The rotation by the golden angle, whose powers are dense.
  public var generators: [Rotation2] { [Rotation2(angle: goldenAngle)] }

  /// 1.
  public var algebraDimension: Int { 1 }

  /// The rotation by the angle `coordinates[0]`.
  public func exponential(_ coordinates: [Double]) -> Rotation2 {
    check(coordinates)
    return Rotation2(angle: coordinates[0])
  }

  /// The angle in (−π, π].
  public func logarithm(of a: Rotation2) -> [Double]? { [a.angle] }

  /// 0: the group is commutative.
  public func bracket(_ x: [Double], _ y: [Double]) -> [Double] {
    check(x)
    check(y)
    return [0]
  }

  /// The representation on vectors of the plane.
  public var standard: SO2Irrep { SO2Irrep(frequency: 1) }
}
