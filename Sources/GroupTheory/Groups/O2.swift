/// The orthogonal group O(2) of the plane: rotations and reflections; compact. The algebra's coordinate is the angle in radians.
public struct O2: LieGroup, CompactGroup {
  /// The group of orthogonal maps of ℝ².
  public init() {}

  /// The map that moves nothing.
  public var identity: OrthogonalElement2 { .identity }

  /// The composition ab, b first.
  public func product(_ a: OrthogonalElement2, _ b: OrthogonalElement2) -> OrthogonalElement2 { a * b }

  /// The inverse map.
  public func inverse(of a: OrthogonalElement2) -> OrthogonalElement2 { a.inverse }

  /// A map from the Haar measure: a uniform angle, a reflection with probability ½.
  public func randomElement(using generator: inout some RandomNumberGenerator) -> OrthogonalElement2 {
    let rotation = SO2().randomElement(using: &generator)
    return OrthogonalElement2(rotation, isReflection: generator.next() >> 63 == 1)
  }

  /// The chord between the rotations, or 2 when the determinants differ.
  public func distance(_ a: OrthogonalElement2, _ b: OrthogonalElement2) -> Double { a.distance(to: b) }

  /// The rotation by the golden angle and a reflection.
  public var generators: [OrthogonalElement2] { SO2().generators.map { OrthogonalElement2($0) } + [.reflection] }

  /// 1.
  public var algebraDimension: Int { 1 }

  /// The rotation by the angle `coordinates[0]`.
  public func exponential(_ coordinates: [Double]) -> OrthogonalElement2 { OrthogonalElement2(SO2().exponential(coordinates)) }

  /// The angle in (−π, π]; nil for a reflection.
  public func logarithm(of a: OrthogonalElement2) -> [Double]? { a.isReflection ? nil : [a.rotation.angle] }

  /// 0: the identity's component is commutative.
  public func bracket(_ x: [Double], _ y: [Double]) -> [Double] {
    check(x)
    check(y)
    return [0]
  }

  /// The representation on vectors of the plane.
  public var standard: O2Irrep { .frequency(1) }
}
