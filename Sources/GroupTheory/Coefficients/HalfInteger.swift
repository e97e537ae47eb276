import Requirements

/// An integer or half-integer: an angular momentum j or a projection m. Literals may be `2` or `1.5`.
public struct HalfInteger: Hashable, Sendable {
  /// Twice the value.
  public let doubled: Int

  /// The value `doubled` / 2; traps unless it lies within ±2⁵⁹, far beyond use, so that sums of a few do not overflow.
  public init(doubled: Int) {
    require(doubled.magnitude <= 1 << 60, "expected a value within ±2^59, received \(doubled)/2")
    self.doubled = doubled
  }

  /// An integer value; traps as ``init(doubled:)`` does.
  public init(_ value: Int) {
    require(value.magnitude <= 1 << 59, "expected a value within ±2^59, received \(value)")
    doubled = 2 * value
  }
}

extension HalfInteger: Comparable, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, CustomStringConvertible {
  /// An integer literal.
  public init(integerLiteral value: Int) { self.init(value) }

  /// A literal such as 1.5; traps unless twice the value is an integer.
  public init(floatLiteral value: Double) {
    guard let doubled = Int(exactly: 2 * value) else { fatalError("expected a multiple of 1/2, received \(value)") }
    self.init(doubled: doubled)
  }

  /// "2" or "3/2".
  public var description: String { doubled.isMultiple(of: 2) ? "\(doubled / 2)" : "\(doubled)/2" }

  /// Whether a is smaller.
  public static func < (a: HalfInteger, b: HalfInteger) -> Bool { a.doubled < b.doubled }

  /// The negative.
  public static prefix func - (a: HalfInteger) -> HalfInteger { HalfInteger(doubled: -a.doubled) }

  /// The sum.
  public static func + (a: HalfInteger, b: HalfInteger) -> HalfInteger { HalfInteger(doubled: a.doubled + b.doubled) }

  /// The difference.
  public static func - (a: HalfInteger, b: HalfInteger) -> HalfInteger { HalfInteger(doubled: a.doubled - b.doubled) }
}
