import RealModule

/// ℝ³ under SE(3); the stabiliser of the origin is SO(3), and pairs are labelled by their distance.
public struct EuclideanSpace3: HomogeneousSpace {
  /// The space.
  public init() {}

  /// SE(3).
  public var group: SE3 { SE3() }

  /// The origin.
  public var basePoint: SIMD3<Double> { .zero }

  /// R x + t.
  public func act(_ g: RigidMotion, on x: SIMD3<Double>) -> SIMD3<Double> { g * x }

  /// SO(3).
  public var stabilizer: SO3 { SO3() }

  /// The rotation about the origin.
  public func motion(ofStabilizer h: Rotation3) -> RigidMotion { RigidMotion(rotation: h, translation: .zero) }

  /// The translation by x.
  public func section(to x: SIMD3<Double>) -> RigidMotion { RigidMotion(linear: .identity, translation: x) }

  /// The Euclidean distance.
  public func distance(_ x: SIMD3<Double>, _ y: SIMD3<Double>) -> Double { length(x - y) }

  /// The distance.
  public func pairInvariants(_ receiver: SIMD3<Double>, _ sender: SIMD3<Double>) -> [Double] { [distance(receiver, sender)] }

  /// The receiver as origin, the sender on the positive y axis.
  public func pairFrame(_ receiver: SIMD3<Double>, _ sender: SIMD3<Double>) -> RigidMotion {
    let r = sender - receiver
    return RigidMotion(rotation: r == .zero ? .identity : poleRotation(to: UnitPoint(r).direction), translation: receiver)
  }
}

/// A point of ℝ³ × S²: a position and a unit vector.
public struct OrientedPoint3: Sendable {
  /// The position (x, y, z).
  public let position: SIMD3<Double>
  /// The orientation, of length 1.
  public let orientation: SIMD3<Double>

  /// The point; the orientation may have any length but zero, for which this throws.
  public init(position: SIMD3<Double>, orientation: SIMD3<Double>) throws(GroupElementError) {
    let point = UnitPoint(orientation)
    guard point.radius > 0 && point.radius.isFinite else { throw .degenerateDirection(norm: point.radius) }
    self.init(position, unit: point.direction)
  }

  /// A point with an orientation that is known to have length 1.
  init(_ position: SIMD3<Double>, unit: SIMD3<Double>) { (self.position, orientation) = (position, unit) }
}

/// ℝ³ × S², positions with orientations, under SE(3): (p, o) ↦ (R p + t, R o). The stabiliser of the origin with orientation e_y is SO(2),
/// the rotations about y.
public struct PositionOrientationSpace3: HomogeneousSpace {
  /// The space.
  public init() {}

  /// SE(3).
  public var group: SE3 { SE3() }

  /// The origin with orientation e_y (the polar axis of the library).
  public var basePoint: OrientedPoint3 { OrientedPoint3(.zero, unit: SIMD3(0, 1, 0)) }

  /// (R p + t, R o).
  public func act(_ g: RigidMotion, on x: OrientedPoint3) -> OrientedPoint3 {
    OrientedPoint3(g * x.position, unit: g.linear * x.orientation)
  }

  /// SO(2).
  public var stabilizer: SO2 { SO2() }

  /// The rotation about y.
  public func motion(ofStabilizer h: Rotation2) -> RigidMotion {
    RigidMotion(rotation: h.about(axis: SIMD3(0, 1, 0)), translation: .zero)
  }

  /// The translation to p after the shortest rotation from e_y to o.
  public func section(to x: OrientedPoint3) -> RigidMotion {
    RigidMotion(rotation: poleRotation(to: x.orientation), translation: x.position)
  }

  /// The larger of the distances of positions and of unit vectors.
  public func distance(_ x: OrientedPoint3, _ y: OrientedPoint3) -> Double {
    max(length(x.position - y.position), length(x.orientation - y.orientation))
  }

  /// (a₁, a₂, a₃, r·o_j, det(r, o_i, o_j)), with the a₁, a₂, a₃ of ``ponitaInvariants(_:_:)``, i the receiver and r = p_j − p_i.
  ///
  /// They are complete: the scalar products of r, o_i, o_j fix the three vectors up to O(3), and the determinant tells mirror images apart.
  /// The orbits have 5 + 5 − 6 = 4 dimensions; the determinant is fixed by the rest but for its sign.
  public func pairInvariants(_ receiver: OrientedPoint3, _ sender: OrientedPoint3) -> [Double] {
    let r = sender.position - receiver.position
    let (o, other) = (receiver.orientation, sender.orientation)
    return ponitaInvariants(receiver, sender) + [(r * other).sum(), (r * cross(o, other)).sum()]
  }

  /// The three invariants of Bekkers et al. (ICLR 2024): a₁ = r·o_i, a₂ = |r − a₁ o_i|, a₃ = o_i·o_j with r = p_j − p_i, i the receiver.
  ///
  /// They are not complete: orbits have four dimensions. Turning o_j about the axis o_i while r stays changes none of the three.
  public func ponitaInvariants(_ receiver: OrientedPoint3, _ sender: OrientedPoint3) -> [Double] {
    let r = sender.position - receiver.position
    let o = receiver.orientation
    let along = (r * o).sum()
    return [along, length(r - along * o), (o * sender.orientation).sum()]
  }

  /// The receiver as origin with its orientation along y, and the part of r that is orthogonal to it along x; if there is none, that part
  /// of o_j.
  public func pairFrame(_ receiver: OrientedPoint3, _ sender: OrientedPoint3) -> RigidMotion {
    let o = receiver.orientation
    let r = sender.position - receiver.position
    func across(_ v: SIMD3<Double>) -> SIMD3<Double>? {
      let rest = v - (v * o).sum() * o
      // Less than this is rounding and has no direction.
      return length(rest) > 1e-9 * length(v) ? rest / length(rest) : nil
    }
    guard let x = across(r) ?? across(sender.orientation) else { return section(to: receiver) }
    // The turn about y that is left when e_y has gone to o.
    let upright = poleRotation(to: o)
    let local = upright.inverse * x
    let turn = Rotation3(axis: SIMD3(0, 1, 0), angle: Double.atan2(y: -local.z, x: local.x))
    return RigidMotion(rotation: upright * turn, translation: receiver.position)
  }
}

/// |v|.
private func length(_ v: SIMD3<Double>) -> Double { UnitPoint(v).radius }

/// The shortest rotation from e_y to a unit vector; for −e_y the half turn about x.
private func poleRotation(to o: SIMD3<Double>) -> Rotation3 {
  // The quaternion (1 + cos, e_y × o) = (1 + o_y, o_z, 0, −o_x), with 1 + o_y = (o_x² + o_z²)/(1 − o_y) where it would cancel.
  let across = o.x * o.x + o.z * o.z
  if o.y < 0 && across < 1e-300 { return Rotation3(normalizing: 0, 1, 0, 0) }
  return Rotation3(normalizing: o.y < 0 ? across / (1 - o.y) : 1 + o.y, o.z, 0, -o.x)
}
