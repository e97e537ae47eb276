/// Which figure decides what the best model is, and which end of it is good. A string alone is the name of a figure that shall be low.
public struct Monitor: Sendable, Equatable, ExpressibleByStringLiteral {
  /// The name of the figure.
  public let name: String
  /// Whether the highest is the best.
  public let isHighest: Bool

  /// An error: the lowest is the best.
  public static func lowest(_ name: String) -> Monitor { Monitor(name: name, isHighest: false) }
  /// A score, such as an accuracy: the highest is the best.
  public static func highest(_ name: String) -> Monitor { Monitor(name: name, isHighest: true) }
  /// An error of this name.
  public init(stringLiteral name: String) { self = .lowest(name) }

  private init(name: String, isHighest: Bool) {
    self.name = name
    self.isHighest = isHighest
  }
}
