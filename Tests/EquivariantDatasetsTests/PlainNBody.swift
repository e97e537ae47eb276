@testable import EquivariantDatasets

/// The integrators written out for one trajectory, without the kernels: the sums over all other bodies, in their order.
struct PlainNBody {
  let system: NBodySystem
  let state: NBodyState
  var x: [Double]
  var v: [Double]

  init(_ system: NBodySystem, _ state: NBodyState) {
    (self.system, self.state) = (system, state)
    (x, v) = (state.positions, state.velocities)
  }

  mutating func advance(_ steps: Int) {
    let dt = system.timeStep
    for _ in 0..<steps {
      switch system.interaction {
      case .coulomb(let strength, let limit):
        let f = forces { i, j in
          let r2 = (dot(i, i) + dot(j, j)) - 2 * dot(i, j)
          return strength * edge(i, j) / (r2 * r2.squareRoot())
        }
        for k in x.indices {
          v[k] += dt * clamp(f[k], limit)
          x[k] += dt * v[k]
        }
      case .gravity(let constant, let softening):
        let law: (Int, Int) -> Double = { i, j in
          let r2 = self.squaredDistance(i, j) + softening * softening
          return -(constant / (r2 * r2.squareRoot()) * self.state.charges[j])
        }
        let before = forces(law)
        for k in x.indices {
          v[k] += 0.5 * dt * before[k]
          x[k] += dt * v[k]
        }
        let after = forces(law)
        for k in x.indices { v[k] += 0.5 * dt * after[k] }
      case .springs(let stiffness, let limit, let box):
        let f = forces { i, j in -(stiffness * edge(i, j)) }
        for k in x.indices {
          v[k] += dt * clamp(f[k], limit)
          x[k] += dt * v[k]
          if x[k] > box {
            (x[k], v[k]) = (2 * box - x[k], -abs(v[k]))
          } else if x[k] < -box {
            (x[k], v[k]) = (-2 * box - x[k], abs(v[k]))
          }
        }
      }
    }
  }

  /// Σⱼ w(i, j) (xᵢ − xⱼ)
  private func forces(_ weight: (Int, Int) -> Double) -> [Double] {
    var f = [Double](repeating: 0, count: x.count)
    for i in 0..<system.bodies {
      for j in 0..<system.bodies where j != i {
        let w = weight(i, j)
        for axis in 0..<3 { f[3 * i + axis] += w * (x[3 * i + axis] - x[3 * j + axis]) }
      }
    }
    return f
  }

  private func edge(_ i: Int, _ j: Int) -> Double { state.edges[i * system.bodies + j] }

  private func dot(_ i: Int, _ j: Int) -> Double {
    x[3 * i] * x[3 * j] + x[3 * i + 1] * x[3 * j + 1] + x[3 * i + 2] * x[3 * j + 2]
  }

  private func squaredDistance(_ i: Int, _ j: Int) -> Double {
    let (a, b, c) = (x[3 * i] - x[3 * j], x[3 * i + 1] - x[3 * j + 1], x[3 * i + 2] - x[3 * j + 2])
    return a * a + b * b + c * c
  }

  private func clamp(_ value: Double, _ limit: Double) -> Double { value > limit ? limit : (value < -limit ? -limit : value) }
}
