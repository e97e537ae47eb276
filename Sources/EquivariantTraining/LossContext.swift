import DifferentiableTensors
import NeuralModules

/// What a loss may need to know about a batch besides its samples. Everything here follows from the trainer's state, so a resumed run has
/// the same losses.
public struct LossContext<Scalar: TensorScalar>: Sendable {
  /// The number of updates made before this batch.
  public let step: Int
  /// The number of epochs completed before this batch.
  public let epoch: Int
  /// A training pass, for models whose layers behave differently in training: `model(x, &context.pass)`. After the update the trainer moves
  /// the running statistics of batch normalisations towards those that the pass has recorded.
  public var pass: ForwardPass<Scalar>
  /// The source of everything random in the loss, such as rotations or noise; layers draw from it too. Each batch, and each piece of a
  /// batch, has a source of its own, so that its numbers depend neither on earlier draws nor on threads.
  public var random: RandomSource {
    get { pass.random }
    _modify { yield &pass.random }
  }

  init(step: Int, epoch: Int, random: RandomSource) { (self.step, self.epoch, pass) = (step, epoch, .training(using: random)) }
}
