/// An exact value sign · √(numerator / denominator), in lowest terms.
public struct SignedSquareRoot: Hashable, Sendable, CustomStringConvertible {
  /// −1, 0 or 1.
  public let sign: Int
  /// p of sign √(p/q); 0 when the value is 0.
  public let numerator: BigNatural
  /// q of sign √(p/q), without a common factor with p.
  public let denominator: BigNatural

  /// The value 0.
  static let zero = SignedSquareRoot(sign: 0, numerator: 0, denominator: 1)

  init(sign: Int, numerator: BigNatural, denominator: BigNatural) {
    (self.sign, self.numerator, self.denominator) = (sign, numerator, denominator)
  }

  /// The nearest double.
  public var value: Double {
    sign == 0 ? 0 : Double(sign) * (DoubleDouble(numerator) / DoubleDouble(denominator)).squareRoot.rounded
  }

  /// The value as text, such as "-√(2/15)", "√3", "-1" or "0".
  public var description: String {
    let prefix = sign < 0 ? "-" : ""
    if sign == 0 || (numerator == 1 && denominator == 1) { return prefix + numerator.description }
    return prefix + (denominator == 1 ? "√\(numerator)" : "√(\(numerator)/\(denominator))")
  }
}
