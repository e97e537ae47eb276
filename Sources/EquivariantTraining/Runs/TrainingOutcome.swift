import FileFormats

/// How a training run ended that did not diverge.
public struct TrainingOutcome: Sendable, Equatable {
  /// Why it ended.
  public enum End: Sendable, Equatable {
    /// All epochs are done.
    case completed
    /// The monitored figure has not improved for long enough.
    case stoppedEarly
    /// Ctrl-C or the deadline; everything is saved, and the run can be resumed.
    case interrupted
  }
  /// The best model so far.
  public struct Best: Sendable, Equatable {
    /// The epoch after which it was found, counted from 1.
    public let epoch: Int
    /// Its figure.
    public let value: Double

    init(epoch: Int, value: Double) { (self.epoch, self.value) = (epoch, value) }

    /// That of the run that a file is of; nil where it has none.
    /// - Throws: a `FileFormatError` where what the file says of it is no JSON.
    public init?(savedIn file: SafetensorsFile) throws(FileFormatError) {
      guard let text = file.metadata["best"] else { return nil }
      let saved = try JSONValue(parsing: text, path: file.path)
      guard let epoch = saved["epoch"]?.int, let value = saved["valid"]?.double else { return nil }
      (self.epoch, self.value) = (epoch, value)
    }
  }
  /// Why it ended.
  public let end: End
  /// Epochs done.
  public let epoch: Int
  /// The model that the run's `best.safetensors` holds; nil where there is none yet.
  public let best: Best?
}

/// Why a training could not go on.
public enum TrainingFailure: Error, CustomStringConvertible, Sendable {
  /// A loss, or too many gradients in a row, were not finite. The checkpoint in the run's folder is from before that.
  ///
  /// - Parameters:
  ///   - step: updates made.
  ///   - rate: the learning rate that the schedule multiplies.
  ///   - rateName: what the user calls it.
  case diverged(step: Int, rate: Double, rateName: String)

  /// What happened, and what to do about it.
  public var description: String {
    switch self {
    case .diverged(let step, let rate, let rateName):
      "the loss or its gradient is not finite at step \(step): begin again in another folder with a \(rateName) below \(rate)"
    }
  }
}
