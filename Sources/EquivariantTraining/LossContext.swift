import DifferentiableTensors

/// What a loss may want to know of the batch besides its samples. Everything here follows from the trainer's state: a run that is resumed
/// gives the same losses.
public struct LossContext: Sendable {
  /// Updates made before this batch.
  public let step: Int
  /// Epochs completed before it.
  public let epoch: Int
  /// For whatever the loss draws, such as dropout, rotations or noise. Each batch has a source of its own, and each piece of a batch too:
  /// what is drawn depends neither on earlier draws nor on threads.
  public var random: RandomSource
}
