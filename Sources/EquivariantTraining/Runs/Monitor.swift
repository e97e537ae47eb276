/// The figure that decides which model is the best, and whether it should be low or high. A string literal names a figure that should be
/// low.
public struct Monitor: Sendable, Equatable, ExpressibleByStringLiteral {
  /// The name of the figure.
  public let name: String
  /// Whether the highest value is the best.
  public let isHighest: Bool

  /// An error: the lowest is the best.
  public static func lowest(_ name: String) -> Monitor { Monitor(name: name, isHighest: false) }
  /// A score, such as an accuracy: the highest is the best.
  public static func highest(_ name: String) -> Monitor { Monitor(name: name, isHighest: true) }
  /// An error of this name, of which the lowest is the best.
  public init(stringLiteral name: String) { self = .lowest(name) }

  private init(name: String, isHighest: Bool) {
    self.name = name
    self.isHighest = isHighest
  }
}
