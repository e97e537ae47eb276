/// A space on which a group acts so that every point can be moved to every other; it is the quotient of the group by a stabiliser.
///
/// Pairs of points fall into orbits, and a kernel of an equivariant convolution is a function of the orbit. ``pairInvariants(_:_:)`` labels
/// orbits completely: two pairs have equal invariants if and only if one motion takes one to the other, and ``pairFrame(_:_:)`` finds it.
public protocol HomogeneousSpace<Point>: Sendable {
  /// The type of the points.
  associatedtype Point: Sendable
  /// The type of the group that acts.
  associatedtype ActingGroup: MetricGroup
  /// The type of the group of motions that fix a point.
  associatedtype Stabilizer: Group

  /// The group that acts.
  var group: ActingGroup { get }

  /// The base point x₀.
  var basePoint: Point { get }

  /// The image g·x.
  func act(_ g: ActingGroup.Element, on x: Point) -> Point

  /// The stabiliser of the base point, as a group of its own.
  var stabilizer: Stabilizer { get }

  /// The motion that an element of the stabiliser stands for: an injective homomorphism into the group, onto {g : g·x₀ = x₀}.
  func motion(ofStabilizer h: Stabilizer.Element) -> ActingGroup.Element

  /// A motion that takes the base point to x.
  func section(to x: Point) -> ActingGroup.Element

  /// A distance of points, zero for equal points only.
  func distance(_ x: Point, _ y: Point) -> Double

  /// Numbers that label the orbit of the pair (receiver, sender), completely and continuously.
  func pairInvariants(_ receiver: Point, _ sender: Point) -> [Double]

  /// A motion f that goes with the pair: for each g, the motion of the pair moved by g takes what f takes to the pair, f⁻¹·pair, to the
  /// moved pair. Hence f′ f⁻¹ takes the pair of f to that of f′ when both lie in one orbit.
  func pairFrame(_ receiver: Point, _ sender: Point) -> ActingGroup.Element
}

/// A group acting on itself from the left; the stabiliser is trivial, and pairs are labelled by a⁻¹b. SE(3) and SE(2) are examples.
public struct PrincipalSpace<ActingGroup: MetricGroup, Faithful: Representation>: HomogeneousSpace
where Faithful.Element == ActingGroup.Element {
  /// The group, and the space.
  public let group: ActingGroup
  private let faithful: Faithful

  /// - Parameters:
  ///   - group: The group.
  ///   - faithful: A representation with different matrices for different elements; its entries are the coordinates of a⁻¹b.
  public init(_ group: ActingGroup, faithful: Faithful) { (self.group, self.faithful) = (group, faithful) }

  /// The identity.
  public var basePoint: ActingGroup.Element { group.identity }

  /// The product g x.
  public func act(_ g: ActingGroup.Element, on x: ActingGroup.Element) -> ActingGroup.Element { group.product(g, x) }

  /// The trivial group.
  public var stabilizer: CyclicGroup { CyclicGroup(1) }

  /// The identity.
  public func motion(ofStabilizer h: Int) -> ActingGroup.Element { group.identity }

  /// x itself.
  public func section(to x: ActingGroup.Element) -> ActingGroup.Element { x }

  /// The group's distance.
  public func distance(_ x: ActingGroup.Element, _ y: ActingGroup.Element) -> Double { group.distance(x, y) }

  /// The entries of the faithful matrix of receiver⁻¹ sender, row by row.
  public func pairInvariants(_ receiver: ActingGroup.Element, _ sender: ActingGroup.Element) -> [Double] {
    faithful(group.product(group.inverse(of: receiver), sender)).elements
  }

  /// The receiver.
  public func pairFrame(_ receiver: ActingGroup.Element, _ sender: ActingGroup.Element) -> ActingGroup.Element { receiver }
}

extension SE3 {
  /// SE(3) acting on itself; pairs are labelled by the 16 entries of the homogeneous matrix of a⁻¹b.
  public var asSpace: PrincipalSpace<SE3, HomogeneousRepresentation> { PrincipalSpace(self, faithful: homogeneous) }
}

extension SE2 {
  /// SE(2) acting on itself; pairs are labelled by the 9 entries of the homogeneous matrix of a⁻¹b.
  public var asSpace: PrincipalSpace<SE2, FunctionRepresentation<RigidMotion2>> { PrincipalSpace(self, faithful: homogeneous) }
}
