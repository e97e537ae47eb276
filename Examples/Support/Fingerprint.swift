import Equivariant

/// A number that differs where data do (FNV-1a), for a run to know its data again.
package struct Fingerprint {
  private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

  package init() {}

  /// Sixteen hexadecimal digits or fewer.
  package var text: String { String(hash, radix: 16) }

  package mutating func mix(_ values: some Sequence<Int>) { for value in values { mix(bits: UInt64(bitPattern: Int64(value))) } }
  package mutating func mix(_ values: some Sequence<Double>) { for value in values { mix(bits: value.bitPattern) } }
  package mutating func mix(_ values: some Sequence<Float>) { for value in values { mix(bits: UInt64(value.bitPattern)) } }

  private mutating func mix(bits: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { hash = (hash ^ (bits >> UInt64(shift) & 0xFF)) &* 0x100_0000_01B3 }
  }
}

/// Throws if data differ from those that a run was begun with; files of older versions do not tell them.
package func checkData(_ found: String, areThose expected: String?, of path: String) throws {
  guard let expected, expected != found else { return }
  throw FileFormatError(
    .malformed, path: path, cause: "the data differ from those of the run", cure: "give the data that the run was begun with")
}
