import Equivariant
import Foundation
import Testing

/// Models that others trained, with what their own programs say of some structures; they lie beside the checkout, or tests of them are skipped.
enum PublishedModels {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("shared/data/pretrained").path
  static let arePresent = FileManager.default.fileExists(atPath: folder)
  static let absence: Comment = "the published models are not beside this checkout"
  /// Whether tests may take minutes.
  static let isSlow = ProcessInfo.processInfo.environment["EQUIVARIANT_SLOW_TESTS"] == "1"

  /// A structure of the eight on which SevenNet-0 and Nequix were evaluated.
  static func structure(_ number: Int) throws -> AtomicStructure {
    let file = try NumericArchive(contentsOf: folder + "/sevennet0_11Jul2024/reference_outputs.npz")
    let cell = vectors(try file.doubles("s\(number)_cell"))
    return AtomicStructure(
      atomicNumbers: try file.ints("s\(number)_z"), positions: vectors(try file.doubles("s\(number)_pos")),
      cell: PeriodicCell(cell[0], cell[1], cell[2]))
  }
}

func vectors(_ flat: [Double]) -> [SIMD3<Double>] {
  stride(from: 0, to: flat.count, by: 3).map { SIMD3(flat[$0], flat[$0 + 1], flat[$0 + 2]) }
}

/// The largest difference.
func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  a.count == b.count ? zip(a, b).reduce(0) { $1.0.isFinite && $1.1.isFinite ? max($0, abs($1.0 - $1.1)) : .infinity } : .infinity
}

func largestDifference(_ a: [SIMD3<Double>], _ b: [SIMD3<Double>]) -> Double {
  largestDifference(a.flatMap { [$0.x, $0.y, $0.z] }, b.flatMap { [$0.x, $0.y, $0.z] })
}
