import RealModule
import Requirements

/// Statistics of the errors of normals whose orientation is not known.
public struct NormalErrors: Sendable, Codable, Equatable {
  /// The mean of 1 − (n · n̂)², the squared sine of the angle.
  public var error: Double
  /// The median angle between the lines of n and n̂, in degrees.
  public var medianAngle: Double
  /// The angle that nine tenths of the angles lie below, in degrees.
  public var angle90: Double

  /// The statistics of angles in degrees; all 0 if there are none.
  public init(angles: [Double]) {
    let sorted = angles.sorted()
    func quantile(_ q: Double) -> Double { sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(q * Double(sorted.count)))] }
    let sum = angles.reduce(0.0) { sum, angle in
      let sine = Double.sin(angle * .pi / 180)
      return sum + sine * sine
    }
    (error, medianAngle, angle90) = (sum / Double(max(1, angles.count)), quantile(0.5), quantile(0.9))
  }
}

/// The angles in degrees, 0 to 90, between the lines of the vectors [row][3] of two lists, whose lengths do not matter; nil where one of the
/// two vectors is 0 or not finite.
///
/// Traps unless both lists have equally many components, a multiple of 3.
public func unorientedAngles(_ a: [Double], _ b: [Double]) -> [Double?] {
  require(a.count == b.count, "\(a.count) components are expected, received \(b.count)")
  require(a.count.isMultiple(of: 3), "a multiple of 3 components is expected, received \(a.count)")
  return stride(from: 0, to: a.count, by: 3).map { start in
    let (x, y) = (SIMD3(a[start], a[start + 1], a[start + 2]), SIMD3(b[start], b[start + 1], b[start + 2]))
    let scale = (max(x.max(), -x.min()), max(y.max(), -y.min()))
    guard scale.0 > 0, scale.1 > 0, (x * 0 + y * 0).sum() == 0 else { return nil }
    let (u, v) = (x / scale.0, y / scale.1)
    let cross = SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
    // The arc cosine would lose small angles.
    return Double.atan2(y: (cross * cross).sum().squareRoot(), x: (u * v).sum().magnitude) * 180 / .pi
  }
}
