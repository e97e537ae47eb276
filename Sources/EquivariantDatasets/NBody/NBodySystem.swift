import Requirements

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// A system of point particles of unit inertia in ℝ³, with the law by which they move and the law of their initial states.
///
/// Three systems are those of the literature: ``charged(bodies:)`` (Satorras, Hoogeboom, Welling, "E(n) Equivariant Graph Neural Networks",
/// 2021), ``gravity(bodies:)`` (Brandstetter et al., "Geometric and Physical Quantities Improve E(3) Equivariant Message Passing", 2022)
/// and ``springs(bodies:)`` (Kipf et al., "Neural Relational Inference", 2018). All quantities are dimensionless.
///
/// ```swift
/// var generator = MersenneTwister(seed: 43)
/// let system = NBodySystem.charged()
/// let states = (0..<8).map { _ in system.drawState(using: &generator) }
/// let trajectories = system.simulate(states)      // 49 frames of positions and velocities
/// ```
public struct NBodySystem: Sendable, Equatable {
  /// The force law and its integrator.
  public enum Interaction: Sendable, Equatable {
    /// Charges qᵢ = ±1: Fᵢ = k Σⱼ qᵢqⱼ (xᵢ − xⱼ)/r³ with r² = |xᵢ|² + |xⱼ|² − 2xᵢ·xⱼ, each component of Fᵢ clamped to ±`maximumForce`.
    /// The integrator is symplectic Euler, v ← v + dt F(x), then x ← x + dt v. The clamp is not rotation-equivariant; it acts in close
    /// encounters only.
    case coulomb(strength: Double, maximumForce: Double)
    /// Masses m: aᵢ = G Σⱼ mⱼ (xⱼ − xᵢ)/(r² + ε²)^{3/2}, with the softening ε. The integrator is leapfrog (kick-drift-kick).
    case gravity(constant: Double, softening: Double)
    /// Springs of rest length 0 on the edges eᵢⱼ = 1: Fᵢ = −k Σⱼ eᵢⱼ (xᵢ − xⱼ), clamped as for charges. The integrator is symplectic Euler,
    /// with elastic walls at ±`boxSize` in each coordinate (none if infinite).
    case springs(stiffness: Double, maximumForce: Double, boxSize: Double)
  }

  /// The law of the initial velocities.
  public enum InitialVelocities: Sendable, Equatable {
    /// A uniform direction and this norm.
    case speed(Double)
    /// Standard normal components, from which the mean velocity is subtracted: the total momentum of equal masses is zero.
    case normalWithoutDrift
  }

  /// The number of bodies, at least 1.
  public var bodies: Int
  /// The force law.
  public var interaction: Interaction
  /// The integrator's step dt.
  public var timeStep: Double
  /// The standard deviation of each component of an initial position.
  public var positionDeviation: Double
  /// The law of the initial velocities.
  public var initialVelocities: InitialVelocities
  /// Initial positions outside [−`boxSize`, `boxSize`] are reflected at its walls; nil leaves them where they are.
  public var boxSize: Double?

  /// A system from its parts; the three published ones have functions of their own.
  public init(
    bodies: Int, interaction: Interaction, timeStep: Double, positionDeviation: Double,
    initialVelocities: InitialVelocities, boxSize: Double?
  ) {
    require(bodies >= 1, "expected at least 1 body, received \(bodies)")
    require(timeStep > 0, "expected a positive time step, received \(timeStep)")
    self.bodies = bodies
    self.interaction = interaction
    self.timeStep = timeStep
    self.positionDeviation = positionDeviation
    self.initialVelocities = initialVelocities
    self.boxSize = boxSize
  }

  /// The charged system of EGNN: charges ±1 with probability ½ each, strength 1, dt = 0.001, force components clamped to ±0.1/dt = ±100,
  /// positions N(0, 1)·(n/5)^{1/3} reflected into [−5, 5]³, speeds 0.5.
  public static func charged(bodies: Int = 5) -> NBodySystem {
    NBodySystem(
      bodies: bodies, interaction: .coulomb(strength: 1, maximumForce: 0.1 / 0.001), timeStep: 0.001,
      positionDeviation: spread(bodies), initialVelocities: .speed(0.5), boxSize: 5)
  }

  /// The gravitational system of SEGNN: G = m = 1, softening 0.1, dt = 0.001, positions N(0, 1) for any number of bodies, velocities
  /// N(0, 1) less their mean.
  public static func gravity(bodies: Int = 5) -> NBodySystem {
    NBodySystem(
      bodies: bodies, interaction: .gravity(constant: 1, softening: 0.1), timeStep: 0.001,
      positionDeviation: 1, initialVelocities: .normalWithoutDrift, boxSize: nil)
  }

  /// The springs of NRI, in three dimensions instead of two: each pair joined with probability ½ by a spring of stiffness 0.1,
  /// dt = 0.001, positions N(0, ½²), speeds 0.5, walls at ±5. (The copies of that generator in EGNN and SEGNN are in three dimensions too
  /// but leave out the walls: an infinite `boxSize` of the interaction.)
  public static func springs(bodies: Int = 5) -> NBodySystem {
    NBodySystem(
      bodies: bodies, interaction: .springs(stiffness: 0.1, maximumForce: 0.1 / 0.001, boxSize: 5), timeStep: 0.001,
      positionDeviation: 0.5, initialVelocities: .speed(0.5), boxSize: 5)
  }

  /// (n/5)^{1/3}: the published scale of the positions of charges, which keeps the density of bodies.
  private static func spread(_ bodies: Int) -> Double { pow(Double(bodies) / 5, 1.0 / 3) }
}
