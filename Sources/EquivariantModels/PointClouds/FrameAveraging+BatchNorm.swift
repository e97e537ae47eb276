import DifferentiableTensors
import EquivariantLayers
import NeuralModules

extension FrameAveraging: BatchNormalized where Backbone: BatchNormalized {
  /// The average over the whole frame of each cloud; the batch of the normalisations is all frames of all clouds.
  public func callAsFunction(_ x: Tensor<Scalar>, _ pass: inout BatchNormPass<Scalar>) -> Tensor<Scalar> {
    averaged(x, frameBatch(of: x), &pass)
  }

  /// The average over a few random elements of each frame (`FrameAveraging.sampled(_:elements:using:)`).
  public func sampled(
    _ x: Tensor<Scalar>, elements: Int, _ pass: inout BatchNormPass<Scalar>, using generator: inout some RandomNumberGenerator
  ) -> Tensor<Scalar> {
    averaged(x, frameBatch(of: x).sampled(elements, using: &generator), &pass)
  }

  private func averaged(
    _ x: Tensor<Scalar>, _ frames: FrameBatch<Scalar>, _ pass: inout BatchNormPass<Scalar>
  ) -> Tensor<Scalar> {
    frames.averaged(backbone(frames.framed(x, as: input), &pass), as: output)
  }
}
