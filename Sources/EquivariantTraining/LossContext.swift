import DifferentiableTensors
import NeuralModules

/// What a loss may want to know of the batch besides its samples. Everything here follows from the trainer's state: a run that is resumed
/// gives the same losses.
public struct LossContext<Scalar: TensorScalar>: Sendable {
  /// Updates made before this batch.
  public let step: Int
  /// Epochs completed before it.
  public let epoch: Int
  /// A pass of training, for layers that differ then: `model(x, &context.pass)`. After the update the trainer moves the running statistics of
  /// batch normalisations towards those that it has seen.
  public var pass: ForwardPass<Scalar>
  /// For whatever the loss draws, such as rotations or noise; layers draw from the same source. Each batch has a source of its own, and each
  /// piece of a batch too: what is drawn depends neither on earlier draws nor on threads.
  public var random: RandomSource {
    get { pass.random }
    _modify { yield &pass.random }
  }

  init(step: Int, epoch: Int, random: RandomSource) { (self.step, self.epoch, pass) = (step, epoch, .training(using: random)) }
}
