import DifferentiableTensors
import EquivariantLayers
import NeuralModules

extension FrameAveraging: BatchNormalized where Backbone: BatchNormalized {
  /// The average over the whole frame of each cloud; the batch of the normalisations is all frames of all clouds.
  public func callAsFunction(_ x: Tensor<Scalar>, _ pass: inout BatchNormPass<Scalar>) -> Tensor<Scalar> {
    let batch = frames(x, as: input, rank: output.maximumRank)
    return batch.averaged(backbone(batch.framed(x, as: input), &pass), as: output)
  }

  /// The average over a few random elements of each frame (`FrameAveraging.sampled(_:elements:using:)`).
  public func sampled(
    _ x: Tensor<Scalar>, elements: Int, _ pass: inout BatchNormPass<Scalar>, using generator: inout some RandomNumberGenerator
  ) -> Tensor<Scalar> {
    let batch = frames(x, as: input, rank: output.maximumRank).sampled(elements, using: &generator)
    return batch.averaged(backbone(batch.framed(x, as: input), &pass), as: output)
  }
}
