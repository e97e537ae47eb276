/// Why it cannot be said what a potential would learn from. Frames are counted from 0.
public enum LabelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No property is known as an energy, forces, a stress or a virial.
  case nothingFound(possible: [String], properties: [String])
  /// There is no property of the name that was asked for, or none of the shape of its kind.
  case noSuchKey(LabelKind, String, properties: [String])
  /// Several properties may be meant, which differ.
  case ambiguous(LabelKind, [String], example: String)
  /// No frame has numbers that can be learnt from under any of the properties that are meant.
  case nothingUsable([String])
  /// Stress and virial do not belong together.
  case contradiction(frame: Int, String)

  /// What is wrong, and the option that decides.
  public var description: String {
    func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.prefix(30).map { "\"\($0)\"" }.joined(separator: ", ") }
    switch self {
    case .nothingFound(let possible, let properties):
      return "there is nothing to learn from: no property is known as energy, forces, stress or virial (there are \(list(properties))"
        + (possible.isEmpty ? "" : ", of which \(list(possible)) may be meant")
        + "); name them by --energy-key, --forces-key, --stress-key or --virial-key"
    case .noSuchKey(let kind, let key, let properties):
      return "no frame has \(kind.rawValue) under \"\(key)\" (there are \(list(properties))); give \(kind.option) another name"
    case .ambiguous(let kind, let keys, let example):
      return
        "\(list(keys)) may each be the \(kind.rawValue) to learn from, and they differ (\(example)); say which by \(kind.option), such as "
        + "\(kind.option) \(keys[0])"
    case .nothingUsable(let keys):
      return
        "there is nothing to learn from: \(list(keys)) are infinite, not numbers, or not symmetric in every frame; repeat the calculations"
    case .contradiction(let frame, let cause): return "frame \(frame): \(cause)"
    }
  }
}
