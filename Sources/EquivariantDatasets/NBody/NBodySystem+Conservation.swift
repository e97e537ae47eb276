import Requirements

extension NBodySystem {
  /// The total energy ½ Σ mᵢ|vᵢ|² + V with unit inertia for charges and springs. V = k Σ_{i<j} qᵢqⱼ/r for charges,
  /// −G Σ_{i<j} mᵢmⱼ/√(r² + ε²) for masses, ½ k Σ_{i<j} eᵢⱼ r² for springs.
  ///
  /// It is conserved by the flow where no clamp acts, and by the integrators up to a bounded error of order dt (dt² for leapfrog).
  public func energy(of state: NBodyState) -> Double {
    checkBodies(state)
    var energy = 0.0
    for i in 0..<bodies {
      let v = vector(state.velocities, i)
      energy += 0.5 * inertia(of: state, i) * (v * v).sum()
      for j in (i + 1)..<max(bodies, i + 1) {
        let d = vector(state.positions, i) - vector(state.positions, j)
        let squared = (d * d).sum()
        let edge = state.edges[i * bodies + j]
        switch interaction {
        case .coulomb(let strength, _): energy += strength * edge / squared.squareRoot()
        case .gravity(let constant, let softening):
          energy -= constant * edge / (squared + softening * softening).squareRoot()
        case .springs(let stiffness, _, _): energy += 0.5 * stiffness * edge * squared
        }
      }
    }
    return energy
  }

  /// The total momentum Σ mᵢvᵢ, with unit inertia for charges and springs; it is conserved where neither clamp nor wall acts.
  public func momentum(of state: NBodyState) -> SIMD3<Double> {
    checkBodies(state)
    return (0..<bodies).reduce(.zero) { $0 + inertia(of: state, $1) * vector(state.velocities, $1) }
  }

  /// The total angular momentum Σ mᵢ xᵢ × vᵢ; where neither clamp nor wall acts, it is conserved, by these integrators exactly up to
  /// rounding.
  public func angularMomentum(of state: NBodyState) -> SIMD3<Double> {
    checkBodies(state)
    return (0..<bodies).reduce(.zero) { sum, i in
      let (x, v) = (vector(state.positions, i), vector(state.velocities, i))
      let product = SIMD3(x.y * v.z - x.z * v.y, x.z * v.x - x.x * v.z, x.x * v.y - x.y * v.x)
      return sum + inertia(of: state, i) * product
    }
  }

  private func inertia(of state: NBodyState, _ body: Int) -> Double {
    if case .gravity = interaction { return state.charges[body] }
    return 1
  }

  private func vector(_ values: [Double], _ body: Int) -> SIMD3<Double> {
    SIMD3(values[3 * body], values[3 * body + 1], values[3 * body + 2])
  }

  private func checkBodies(_ state: NBodyState) {
    require(state.bodies == bodies, "expected a state of \(bodies) bodies, received \(state.bodies)")
  }
}
