import DifferentiableTensors
import FourierTransforms
import GroupTheory

extension SphericalHarmonics {
  /// How the values transform under O(3): one irrep of parity (−1)ˡ for each degree.
  public var irreps: Irreps<O3> { Irreps(degrees.map { Irreps.Term(1, .sphericalHarmonic(degree: $0)) }) }

  /// The values at points [..., 3] as features; in their order of memory, as each degree has one channel.
  public func features<Scalar: TensorScalar>(at points: Tensor<Scalar>) -> IrrepsTensor<Scalar> {
    IrrepsTensor(self(points), irreps: irreps)
  }
}
