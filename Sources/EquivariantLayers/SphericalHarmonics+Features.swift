import DifferentiableTensors
import FourierTransforms
import GroupTheory

extension SphericalHarmonics {
  /// The values at points [..., 3] as features. The order of memory is the same, as each degree has one channel.
  public func features<Scalar: TensorScalar>(at points: Tensor<Scalar>) -> IrrepsTensor<Scalar> {
    IrrepsTensor(self(points), irreps: irreps)
  }
}
