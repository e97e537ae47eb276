/// A small generator of random numbers with a seed (SplitMix64, Steele, Lea and Flood 2014).
package struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Damages valid files: bit flips, truncations, splices, and the numbers that break arithmetic.
package struct Mutator {
  package var generator: SplitMix
  /// Valid files; splices take parts of any.
  let seeds: [[UInt8]]
  /// Text that the format gives a meaning to.
  let words: [[UInt8]]

  private static let extremes: [UInt64] = [
    0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF, 1 << 32, 1 << 40, 1 << 61,
    UInt64(Int64.max), 1 << 63, .max - 1, .max,
  ]

  private static let numbers = [
    "0", "-1", "1", "255", "256", "65536", "4294967295", "4294967296", "4611686018427387904", "9223372036854775807",
    "9223372036854775808", "18446744073709551616", "1e400", "-0", "0.5", "1e8", "-1e30", "1e308", "1e-320", "nan", "-inf", "1,5",
  ].map { Array($0.utf8) }

  package init(seed: UInt64, seeds: [[UInt8]], words: [String]) {
    generator = SplitMix(seed: seed)
    self.seeds = seeds
    self.words = words.map { Array($0.utf8) }
  }

  /// A valid file with one to four kinds of damage; now and then nothing but random bytes.
  package mutating func next() -> [UInt8] {
    if Int.random(in: 0..<20, using: &generator) == 0 {
      return (0..<Int.random(in: 0..<200, using: &generator)).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
    var bytes = seeds.randomElement(using: &generator)!
    for _ in 0..<Int.random(in: 1...4, using: &generator) { damage(&bytes) }
    return bytes
  }

  private mutating func damage(_ bytes: inout [UInt8]) {
    let place = position(in: bytes)
    switch Int.random(in: 0..<9, using: &generator) {
    case 0:
      if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator) }
    case 1:
      if place < bytes.count { bytes[place] = UInt8.random(in: .min ... .max, using: &generator) }
    case 2:
      bytes.removeSubrange(place...)
    case 3:
      bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...16, using: &generator)))
    case 4:
      let other = seeds.randomElement(using: &generator)!
      let start = Int.random(in: 0...other.count, using: &generator)
      bytes.insert(contentsOf: other[start..<min(other.count, start + Int.random(in: 1...64, using: &generator))], at: place)
    case 5:
      let value = withUnsafeBytes(of: Self.extremes.randomElement(using: &generator)!.littleEndian) { Array($0) }
      let width = [1, 2, 4, 8].randomElement(using: &generator)!
      if place + width <= bytes.count { bytes.replaceSubrange(place..<place + width, with: value[..<width]) }
    case 6:
      bytes.insert(contentsOf: words.randomElement(using: &generator)!, at: place)
    case 7:
      replaceNumber(in: &bytes)
    default:
      let end = min(bytes.count, place + Int.random(in: 1...32, using: &generator))
      bytes.insert(contentsOf: bytes[place..<end], at: end)
    }
  }

  /// Somewhere; more often near the beginning and the end, where formats keep their lengths.
  private mutating func position(in bytes: [UInt8]) -> Int {
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: min(bytes.count, Int.random(in: 0..<64, using: &generator))
    case 1: max(0, bytes.count - Int.random(in: 0..<128, using: &generator))
    default: Int.random(in: 0...bytes.count, using: &generator)
    }
  }

  private mutating func replaceNumber(in bytes: inout [UInt8]) {
    let isDigit = { (byte: UInt8) in UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
    let from = Int.random(in: 0...bytes.count, using: &generator)
    guard let start = bytes[from...].firstIndex(where: isDigit) ?? bytes.firstIndex(where: isDigit) else { return }
    let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.endIndex
    bytes.replaceSubrange(start..<end, with: Self.numbers.randomElement(using: &generator)!)
  }
}
