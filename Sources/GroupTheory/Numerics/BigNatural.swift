import Requirements

/// A natural number of any size, as needed for exact values of coupling coefficients.
///
/// It consists of little-endian words of the machine's width without leading zeros; zero has no words.
public struct BigNatural: Hashable, Sendable {
  private(set) var words: [UInt]

  /// The number `value`.
  public init(_ value: UInt) { words = value == 0 ? [] : [value] }

  /// Whether this is 0.
  public var isZero: Bool { words.isEmpty }

  /// The number of binary digits: ⌊log₂ n⌋ + 1, and 0 for 0.
  public var bitWidth: Int {
    guard let last = words.last else { return 0 }
    return words.count * UInt.bitWidth - last.leadingZeroBitCount
  }

  /// n ← n · factor.
  mutating func multiply(by factor: UInt) {
    guard factor != 0 else { return words.removeAll() }
    var carry: UInt = 0
    for i in words.indices {
      let (high, low) = words[i].multipliedFullWidth(by: factor)
      let (sum, overflow) = low.addingReportingOverflow(carry)
      words[i] = sum
      carry = high &+ (overflow ? 1 : 0)
    }
    if carry != 0 { words.append(carry) }
  }

  /// n ← ⌊n / divisor⌋, returning the remainder.
  @discardableResult
  mutating func divide(by divisor: UInt) -> UInt {
    var remainder: UInt = 0
    for i in words.indices.reversed() {
      // The short division is several times faster and is the usual one.
      (words[i], remainder) =
        remainder == 0 ? words[i].quotientAndRemainder(dividingBy: divisor) : divisor.dividingFullWidth((remainder, words[i]))
    }
    trim()
    return remainder
  }

  /// n mod divisor.
  func remainder(dividingBy divisor: UInt) -> UInt {
    words.reversed().reduce(0) { divisor.dividingFullWidth(($0, $1)).remainder }
  }

  static func += (a: inout BigNatural, b: BigNatural) {
    if a.words.count < b.words.count { a.words += Array(repeating: 0, count: b.words.count - a.words.count) }
    var carry: UInt = 0
    for i in a.words.indices {
      if i >= b.words.count && carry == 0 { return }
      let (sum, first) = a.words[i].addingReportingOverflow(i < b.words.count ? b.words[i] : 0)
      let (total, second) = sum.addingReportingOverflow(carry)
      a.words[i] = total
      carry = first || second ? 1 : 0
    }
    if carry != 0 { a.words.append(carry) }
  }

  /// a ← a − b, for b ≤ a.
  static func -= (a: inout BigNatural, b: BigNatural) {
    var borrow: UInt = 0
    for i in a.words.indices {
      let (difference, first) = a.words[i].subtractingReportingOverflow(i < b.words.count ? b.words[i] : 0)
      let (total, second) = difference.subtractingReportingOverflow(borrow)
      a.words[i] = total
      borrow = first || second ? 1 : 0
    }
    require(borrow == 0, "expected a subtrahend that is not larger than the minuend")
    a.trim()
  }

  /// The product ab.
  public static func * (a: BigNatural, b: BigNatural) -> BigNatural {
    var result = BigNatural(0)
    result.words = Array(repeating: 0, count: a.words.count + b.words.count)
    for i in a.words.indices {
      var carry: UInt = 0
      for j in b.words.indices {
        let (high, low) = a.words[i].multipliedFullWidth(by: b.words[j])
        let (sum, first) = low.addingReportingOverflow(carry)
        let (total, second) = sum.addingReportingOverflow(result.words[i + j])
        result.words[i + j] = total
        carry = high &+ (first ? 1 : 0) &+ (second ? 1 : 0)
      }
      result.words[i + b.words.count] = carry
    }
    result.trim()
    return result
  }

  private mutating func trim() {
    while words.last == 0 { words.removeLast() }
  }
}

extension BigNatural: Comparable {
  /// Whether a is the smaller number.
  public static func < (a: BigNatural, b: BigNatural) -> Bool {
    a.words.count == b.words.count ? a.words.reversed().lexicographicallyPrecedes(b.words.reversed()) : a.words.count < b.words.count
  }
}

extension BigNatural: ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// The number of a literal.
  public init(integerLiteral value: UInt) { self.init(value) }

  /// The decimal digits.
  public var description: String {
    guard !isZero else { return "0" }
    let chunk: UInt = 1_000_000_000
    var (rest, text) = (self, "")
    while !rest.isZero {
      let digits = String(rest.divide(by: chunk))
      text = (rest.isZero ? digits : String(repeating: "0", count: 9 - digits.count) + digits) + text
    }
    return text
  }
}

/// A signed number of any size; zero may carry either sign.
struct BigInteger: Sendable {
  var isNegative: Bool
  var magnitude: BigNatural

  static func += (a: inout BigInteger, b: BigInteger) {
    if a.isNegative == b.isNegative {
      a.magnitude += b.magnitude
    } else if a.magnitude >= b.magnitude {
      a.magnitude -= b.magnitude
    } else {
      var difference = b.magnitude
      difference -= a.magnitude
      a = BigInteger(isNegative: b.isNegative, magnitude: difference)
    }
  }

  static func * (a: BigInteger, b: BigInteger) -> BigInteger {
    BigInteger(isNegative: a.isNegative != b.isNegative, magnitude: a.magnitude * b.magnitude)
  }
}
