import DifferentiableTensors
import EquivariantLayers
import GroupTheory

extension Action where Value: TensorValue, Element == OrthogonalElement {
  /// The representation D of a list of irreps of O(3) on the innermost axis, of size `irreps.dimension`. In each term, the channels are
  /// innermost and the components outside of them.
  public static func irreps(_ irreps: Irreps<O3>) -> Action { .rows(by: irreps.representation) }
}

extension Action where Value: TensorValue, Element == RigidMotion {
  /// The representation of a list of irreps on the innermost axis, for motions, which act on features by their linear part.
  public static func irreps(_ irreps: Irreps<O3>) -> Action { Action<OrthogonalElement, Value>.irreps(irreps).along(\.linear) }
}

extension Action where Element == OrthogonalElement {
  /// The representation of a list of irreps on features of these irreps.
  public static func irreps<Scalar>(_ irreps: Irreps<O3>) -> Action where Value == IrrepsTensor<Scalar> {
    .on(\.tensor, by: .irreps(irreps), named: "features")
  }
}

extension Action where Element == RigidMotion {
  /// The representation of a list of irreps on features of these irreps, by the linear part of a motion.
  public static func irreps<Scalar>(_ irreps: Irreps<O3>) -> Action where Value == IrrepsTensor<Scalar> {
    .on(\.tensor, by: .irreps(irreps), named: "features")
  }
}
