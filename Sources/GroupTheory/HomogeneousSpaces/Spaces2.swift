import RealModule

/// ℝ² under SE(2); the stabiliser of the origin is SO(2), and pairs are labelled by their distance.
public struct EuclideanSpace2: HomogeneousSpace {
  /// The space.
  public init() {}

  /// SE(2).
  public var group: SE2 { SE2() }

  /// The origin.
  public var basePoint: SIMD2<Double> { .zero }

  /// R x + t.
  public func act(_ g: RigidMotion2, on x: SIMD2<Double>) -> SIMD2<Double> { g * x }

  /// SO(2).
  public var stabilizer: SO2 { SO2() }

  /// The rotation about the origin.
  public func motion(ofStabilizer h: Rotation2) -> RigidMotion2 { RigidMotion2(rotation: h, translation: .zero) }

  /// The translation by x.
  public func section(to x: SIMD2<Double>) -> RigidMotion2 { RigidMotion2(rotation: .identity, translation: x) }

  /// The Euclidean distance.
  public func distance(_ x: SIMD2<Double>, _ y: SIMD2<Double>) -> Double { Double.hypot(x.x - y.x, x.y - y.y) }

  /// The distance.
  public func pairInvariants(_ receiver: SIMD2<Double>, _ sender: SIMD2<Double>) -> [Double] { [distance(receiver, sender)] }

  /// The receiver as origin, the sender on the positive x axis.
  public func pairFrame(_ receiver: SIMD2<Double>, _ sender: SIMD2<Double>) -> RigidMotion2 {
    let r = sender - receiver
    return RigidMotion2(rotation: (try? Rotation2(x: r.x, y: r.y)) ?? .identity, translation: receiver)
  }
}

/// A point of ℝ² × S¹: a position and a direction, kept as the rotation that takes (1, 0) to it.
public struct OrientedPoint2: Sendable {
  /// The position (x, y).
  public let position: SIMD2<Double>
  /// The rotation from (1, 0) to the direction.
  public let direction: Rotation2

  /// The point.
  public init(position: SIMD2<Double>, direction: Rotation2) { (self.position, self.direction) = (position, direction) }

  /// The direction as a unit vector (x, y).
  public var orientation: SIMD2<Double> { SIMD2(direction.cosine, direction.sine) }
}

/// ℝ² × S¹, positions with directions, under SE(2): (p, o) ↦ (R p + t, R o). The stabiliser is trivial: the space is SE(2) itself.
public struct PositionOrientationSpace2: HomogeneousSpace {
  /// The space.
  public init() {}

  /// SE(2).
  public var group: SE2 { SE2() }

  /// The origin with direction (1, 0).
  public var basePoint: OrientedPoint2 { OrientedPoint2(position: .zero, direction: .identity) }

  /// (R p + t, R o).
  public func act(_ g: RigidMotion2, on x: OrientedPoint2) -> OrientedPoint2 {
    OrientedPoint2(position: g * x.position, direction: g.rotation * x.direction)
  }

  /// The trivial group.
  public var stabilizer: CyclicGroup { CyclicGroup(1) }

  /// The motion that moves nothing.
  public func motion(ofStabilizer h: Int) -> RigidMotion2 { .identity }

  /// The one motion that takes the base point to x.
  public func section(to x: OrientedPoint2) -> RigidMotion2 { RigidMotion2(rotation: x.direction, translation: x.position) }

  /// The larger of the distances of positions and of unit vectors.
  public func distance(_ x: OrientedPoint2, _ y: OrientedPoint2) -> Double { section(to: x).distance(to: section(to: y)) }

  /// (a₁, a₂, a₃, sin): the a₁, a₂, a₃ of ``ponitaInvariants(_:_:)`` and the sine of the angle from o_i to o_j.
  ///
  /// They are complete, being the position and the direction of the sender in the frame of the receiver.
  public func pairInvariants(_ receiver: OrientedPoint2, _ sender: OrientedPoint2) -> [Double] {
    ponitaInvariants(receiver, sender) + [(receiver.direction.inverse * sender.direction).sine]
  }

  /// The three invariants of Bekkers et al. (ICLR 2024): a₁ = r·o_i, a₂ = −r_x o_y + r_y o_x, a₃ = o_i·o_j with r = p_j − p_i, i the
  /// receiver. They are not complete: turning o_j by −θ instead of θ from o_i changes none of the three.
  public func ponitaInvariants(_ receiver: OrientedPoint2, _ sender: OrientedPoint2) -> [Double] {
    let local = receiver.direction.inverse * (sender.position - receiver.position)
    return [local.x, local.y, (receiver.direction.inverse * sender.direction).cosine]
  }

  /// The receiver.
  public func pairFrame(_ receiver: OrientedPoint2, _ sender: OrientedPoint2) -> RigidMotion2 { section(to: receiver) }
}
