import RealModule

/// A positive number s · 2^exponent whose significand s is the unevaluated sum of two doubles: about 106 bits, and no overflow.
///
/// Products, quotients and roots are the algorithms of Dekker (Numer. Math. 18 (1971) 224) with a fused multiply-add, each with a relative
/// error of at most a few 2⁻¹⁰⁴.
struct DoubleDouble: Sendable {
  private(set) var high: Double
  private(set) var low: Double
  private(set) var exponent: Int

  /// The sum of two doubles, |high| not less than |low|, times 2^exponent.
  init(_ high: Double, _ low: Double = 0, exponent: Int = 0) {
    let sum = high + low
    (self.high, self.low, self.exponent) = (sum, low - (sum - high), exponent)
  }

  /// A natural number, cut after 106 or more bits.
  init(_ number: BigNatural) {
    let words = number.words
    let n = words.count
    guard n > 1 else {
      let word = words.first ?? 0
      self.init(Double(word & ~0x7ff), Double(word & 0x7ff))
      return
    }
    // Shift the leading one to the top, so that two words hold at least 65 and, from three words on, 128 significant bits.
    let shift = words[n - 1].leadingZeroBitCount
    func shifted(_ i: Int) -> UInt { words[i] << shift | (i > 0 && shift > 0 ? words[i - 1] >> (UInt.bitWidth - shift) : 0) }
    let (first, second) = (shifted(n - 1), shifted(n - 2))
    self.init(
      Double(first & ~0x7ff) * 0x1p64, Double(first & 0x7ff) * 0x1p64 + Double(second), exponent: (n - 2) * UInt.bitWidth - shift)
  }

  /// √(a/b) of natural numbers below 2⁵³.
  init(rootOf a: Double, over b: Double) { self = (DoubleDouble(a) / DoubleDouble(b)).squareRoot }

  /// The product; the significands stay in range for hundreds of factors in [1, 2), and `normalized` brings them back.
  static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let product = a.high * b.high
    let error = (-product).addingProduct(a.high, b.high) + (a.high * b.low + a.low * b.high)
    return DoubleDouble(product, error, exponent: a.exponent + b.exponent)
  }

  /// The quotient.
  static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let quotient = a.high / b.high
    // The remainder a − q b: its leading part is exact.
    let remainder = a.high.addingProduct(-quotient, b.high) + a.low.addingProduct(-quotient, b.low)
    return DoubleDouble(quotient, remainder / b.high, exponent: a.exponent - b.exponent)
  }

  /// The square root.
  var squareRoot: DoubleDouble {
    let odd = exponent & 1
    let (high, low) = odd == 0 ? (self.high, self.low) : (2 * self.high, 2 * self.low)
    let root = Double.sqrt(high)
    let remainder = high.addingProduct(-root, root) + low
    return DoubleDouble(root, remainder / (2 * root), exponent: (exponent - odd) / 2)
  }

  /// The same number with a significand in [1, 2).
  var normalized: DoubleDouble {
    let scale = Double(sign: .plus, exponent: -Int(high.exponent), significand: 1)
    return DoubleDouble(high * scale, low * scale, exponent: exponent + Int(high.exponent))
  }

  /// The nearest double.
  var rounded: Double { Double(sign: .plus, exponent: exponent, significand: high) }
}

extension DoubleDouble {
  /// 1/√π.
  static let inverseRootPi = DoubleDouble(0x1.20dd750429b6dp-1, 0x1.1ae3a914fed80p-57)

  /// n! for n = 0 ... 2047, with a relative error below 2⁻⁹².
  static let factorials: [DoubleDouble] = {
    var result = [DoubleDouble(1)]
    for n in 1..<2048 { result.append((result[n - 1] * DoubleDouble(Double(n))).normalized) }
    return result
  }()
}
