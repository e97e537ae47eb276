import FileFormats
import Foundation

/// Committed reference values; see References/README-coefficients.md.
func referenceArchive(_ name: String) throws -> NumericArchive {
  try NumericArchive(contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/\(name)").path)
}

/// Rows of doubled spins and the correctly rounded values of a symbol, from coupling-coefficients.npz.
func symbolReferences(_ symbol: String, spins count: Int) throws -> [(spins: [Int], value: Double)] {
  let archive = try referenceArchive("coupling-coefficients.npz")
  let spins = try archive.doubles("\(symbol)_spins").map { Int($0) }
  let values = try archive.doubles("\(symbol)_values")
  return values.enumerated().map { (Array(spins[$0 * count..<($0 + 1) * count]), $1) }
}

/// The error of a value in units of the last place of what is expected.
func unitsInLastPlace(_ value: Double, _ expected: Double) -> Double {
  value == expected ? 0 : abs(value - expected) / (expected == 0 ? .leastNonzeroMagnitude : expected.ulp)
}
