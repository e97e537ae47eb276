import EquivarianceTesting
import EquivariantModels
import GroupTheory

extension Action where Element == RigidMotion {
  /// Positions move, velocities rotate, features stay.
  static func particles<Scalar>() -> Action where Value == ParticleBatch<Scalar> {
    .on(\.positions, by: .points).on(\.velocities, by: .vectors).on(\.features, by: .invariant).on(\.edgeFeatures, by: .invariant)
  }
}

extension Action where Element == Permutation {
  /// Particles change their numbers, edges and their features with them.
  static func particles<Scalar>() -> Action where Value == ParticleBatch<Scalar> {
    Action(on: [TensorField("positions", \.positions), TensorField("velocities", \.velocities), TensorField("features", \.features)]) {
      $1.relabelled($0.images)
    }
  }
}
