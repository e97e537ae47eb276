import Foundation

/// Numbers as programs write them in text: decimal, with the exponents of Fortran (1.5D+01) too, nan and inf.
package enum NumberParser {
  private static let powers: [Double] = (0...22).map { pow(10, Double($0)) }

  /// The number that all of the bytes are, rounded to nearest; nil for anything else.
  package static func real(_ bytes: UnsafeRawBufferPointer) -> Double? {
    let count = bytes.count
    var place = 0
    guard count > 0 else { return nil }
    let isNegative = bytes[0] == 45
    if isNegative || bytes[0] == 43 { place = 1 }
    var (digits, significant, exponent) = (UInt64(0), 0, 0)
    var (hasDigits, isExact) = (false, true)
    func take(_ digit: UInt8) {
      hasDigits = true
      if digits == 0 && digit == 0 { return }
      significant += 1
      if significant <= 19 { digits = digits &* 10 &+ UInt64(digit) } else { isExact = false }
    }
    while place < count, bytes[place] &- 48 < 10 {
      take(bytes[place] &- 48)
      place += 1
    }
    if place < count, bytes[place] == 46 {
      place += 1
      while place < count, bytes[place] &- 48 < 10 {
        take(bytes[place] &- 48)
        exponent -= 1
        place += 1
      }
    }
    guard hasDigits else { return named(bytes) }
    if place < count, [101, 100].contains(bytes[place] | 32) {
      place += 1
      var isBelow = false
      if place < count, bytes[place] == 45 || bytes[place] == 43 {
        isBelow = bytes[place] == 45
        place += 1
      }
      guard place < count else { return nil }
      var written = 0
      while place < count, bytes[place] &- 48 < 10 {
        written = min(99999, written * 10 + Int(bytes[place] &- 48))
        place += 1
      }
      exponent += isBelow ? -written : written
    }
    guard place == count else { return nil }
    if isExact {
      if digits == 0 { return isNegative ? -0.0 : 0 }
      // Both factors are exact, so that a single rounding remains (Clinger 1990).
      if digits < 1 << 53, exponent.magnitude <= 22 {
        let value = exponent < 0 ? Double(digits) / powers[-exponent] : Double(digits) * powers[exponent]
        return isNegative ? -value : value
      }
    }
    let text = String(decoding: bytes.map { $0 | 32 == 100 ? 101 : $0 }, as: UTF8.self)
    return Double(text)
  }

  private static func named(_ bytes: UnsafeRawBufferPointer) -> Double? {
    guard bytes.count <= 9 else { return nil }
    switch String(decoding: bytes, as: UTF8.self).lowercased() {
    case "nan", "+nan", "-nan": return .nan
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: return nil
    }
  }

  /// The integer that all of the bytes are; nil for anything else and beyond 64 bits.
  package static func integer(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard let first = bytes.first, bytes.count <= 20 else { return nil }
    let isSigned = first == 45 || first == 43
    guard bytes.count > (isSigned ? 1 : 0) else { return nil }
    var value = 0
    for byte in bytes.dropFirst(isSigned ? 1 : 0) {
      guard byte &- 48 < 10 else { return nil }
      let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
      let digit = Int(byte &- 48)
      let (next, beyond) = shifted.addingReportingOverflow(first == 45 ? -digit : digit)
      if overflow || beyond { return nil }
      value = next
    }
    return value
  }
}
