import FileFormats

/// How a training run that did not diverge ended.
public struct TrainingOutcome: Sendable, Equatable {
  /// Why the run ended.
  public enum End: Sendable, Equatable {
    /// All epochs are done.
    case completed
    /// The monitored figure has not improved for the number of epochs allowed.
    case stoppedEarly
    /// Ctrl-C or the deadline ended the run; everything is saved, and the run can be resumed.
    case interrupted
  }
  /// The best model so far.
  public struct Best: Sendable, Equatable {
    /// The epoch after which the model was found, counted from 1.
    public let epoch: Int
    /// The monitored figure of the model.
    public let value: Double

    init(epoch: Int, value: Double) { (self.epoch, self.value) = (epoch, value) }

    /// The best model of the run that wrote a file; nil if the file does not state it.
    /// - Throws: a `FileFormatError` if the file's statement is not JSON.
    public init?(savedIn file: SafetensorsFile) throws(FileFormatError) {
      guard let text = file.metadata["best"] else { return nil }
      let saved = try JSONValue(parsing: text, path: file.path)
      guard let epoch = saved["epoch"]?.int, let value = saved["valid"]?.double else { return nil }
      (self.epoch, self.value) = (epoch, value)
    }
  }
  /// Why the run ended.
  public let end: End
  /// The number of epochs done.
  public let epoch: Int
  /// The model in the run's `best.safetensors`; nil if there is none yet.
  public let best: Best?
}

/// Why a training run could not continue.
public enum TrainingFailure: Error, CustomStringConvertible, Sendable {
  /// A loss, or too many consecutive gradients, were not finite. The checkpoint in the run's folder is from before that.
  ///
  /// - Parameters:
  ///   - step: the number of updates made.
  ///   - rate: the learning rate that the schedule multiplies.
  ///   - rateName: the user's name for the rate.
  case diverged(step: Int, rate: Double, rateName: String)

  /// What happened, and what to do about it.
  public var description: String {
    switch self {
    case .diverged(let step, let rate, let rateName):
      "the loss or its gradient is not finite at step \(step): begin again in another folder with a \(rateName) below \(rate)"
    }
  }
}
