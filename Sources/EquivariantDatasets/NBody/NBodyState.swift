import Requirements

/// One state of an ``NBodySystem``: what its bodies are, where they are and how they move.
public struct NBodyState: Sendable, Equatable {
  /// The charge (±1) or mass of each body, or 1 for springs; shape [bodies].
  public var charges: [Double]
  /// qᵢqⱼ for charges (diagonal qᵢ² included), mᵢmⱼ for masses, 0 or 1 for springs (diagonal 0); symmetric, shape [bodies][bodies].
  public var edges: [Double]
  /// Positions; shape [bodies][3].
  public var positions: [Double]
  /// Velocities; shape [bodies][3].
  public var velocities: [Double]

  /// A state; `edges` nil stands for the products of the charges. Traps on shapes that do not fit.
  public init(charges: [Double], edges: [Double]? = nil, positions: [Double], velocities: [Double]) {
    let n = charges.count
    let edges = edges ?? charges.flatMap { a in charges.map { b in a * b } }
    require(edges.count == n * n, "expected \(n * n) edges for \(n) bodies, received \(edges.count)")
    require(positions.count == 3 * n, "expected \(3 * n) position components for \(n) bodies, received \(positions.count)")
    require(velocities.count == 3 * n, "expected \(3 * n) velocity components for \(n) bodies, received \(velocities.count)")
    self.charges = charges
    self.edges = edges
    self.positions = positions
    self.velocities = velocities
  }

  /// The number of bodies.
  public var bodies: Int { charges.count }
}
