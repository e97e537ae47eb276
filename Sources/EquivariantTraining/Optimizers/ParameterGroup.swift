/// Parameters that are trained with another learning rate or weight decay than the rest, chosen by their paths.
///
/// ```swift
/// settings.groups = [
///   ParameterGroup("biases", weightDecay: 0) { $0.hasSuffix("bias") },
///   ParameterGroup("encoder", rateFactor: 0.1) { $0.hasPrefix("encoder.") },
/// ]
/// ```
///
/// A parameter belongs to the first group that contains it. A group that contains none of a model's parameters is a programming error. Two
/// groups are equal if their names and numbers are, since functions cannot be compared; a checkpoint also records which parameters each
/// group had.
public struct ParameterGroup: Sendable, Equatable {
  /// The name of the group in checkpoints and errors.
  public let name: String
  /// The factor of the learning rate; 0 freezes the parameters.
  public var rateFactor: Double
  /// The weight decay instead of the optimizer's, decoupled for ``Adam`` and coupled for ``SGD``; nil for that of the optimizer.
  public var weightDecay: Double?
  /// Whether the parameter with the given path belongs to the group.
  public let contains: @Sendable (_ path: String) -> Bool

  /// A group of the parameters whose paths fulfil a condition.
  public init(_ name: String, rateFactor: Double = 1, weightDecay: Double? = nil, where contains: @escaping @Sendable (String) -> Bool) {
    self.name = name
    self.rateFactor = rateFactor
    self.weightDecay = weightDecay
    self.contains = contains
  }

  /// Whether two groups have the same name and numbers.
  public static func == (a: ParameterGroup, b: ParameterGroup) -> Bool {
    (a.name, a.rateFactor) == (b.name, b.rateFactor) && a.weightDecay == b.weightDecay
  }

  /// The name, the numbers and the parameters among those of a model, for checkpoints.
  func text(paths: [String]) -> String {
    var hash = Fingerprint()
    for path in paths { hash.mix(text: path) }
    let decay = weightDecay.map { "\($0)" } ?? "the optimizer's"
    return "\(name)(rateFactor: \(rateFactor), weightDecay: \(decay), parameters: \(paths.count) of fingerprint \(hash.text))"
  }
}
