import CKernels
import Foundation
import Testing

@testable import InteratomicPotentials

/// Tables against the functions that they are made from.
@Suite struct RadialTableTests {
  /// A function of a length with its derivative.
  private static let functions: [(value: @Sendable (Double) -> Double, derivative: @Sendable (Double) -> Double)] = [
    ({ sin(3 * $0) }, { 3 * cos(3 * $0) }), ({ exp(-$0 * $0) }, { -2 * $0 * exp(-$0 * $0) }),
    ({ 1 / (1 + $0) }, { -1 / ((1 + $0) * (1 + $0)) }),
    ({ _ in 0 }, { _ in 0 }),
  ]
  private static func values(_ lengths: [Double]) -> DenseMatrix {
    DenseMatrix(lengths.flatMap { r in functions.map { $0.value(r) } }, rows: lengths.count, columns: functions.count)
  }
  private static func table(_ cutoff: Double, _ intervals: Int, _ degree: Int) -> RadialTable {
    RadialTable(
      values: values(RadialTable.lengths(cutoff: cutoff, intervals: intervals, degree: degree)), intervals: intervals, degree: degree)
  }

  /// Value and derivative by the length of function `f`, from the coefficients as kernels read them.
  private static func evaluated(_ table: RadialTable, _ cutoff: Double, _ f: Int, _ piece: Int, _ place: Double) -> (Double, Double) {
    var (value, slope) = (0.0, 0.0)
    for k in 0...table.degree {
      let c = table.coefficients[(piece * (table.degree + 1) + k) * table.functions + f]
      value += c * pow(place, Double(k))
      if k > 0 { slope += c * Double(k) * pow(place, Double(k - 1)) }
    }
    return (value, slope * 2 * Double(table.intervals) / cutoff)
  }

  @Test(arguments: [(5, 3e-7), (9, 6e-13), (3, 2e-4), (1, 4e-2)]) func values(_ degree: Int, _ tolerance: Double) {
    let (cutoff, intervals) = (4.2, 24)
    let table = Self.table(cutoff, intervals, degree)
    #expect(table.coefficients.count == intervals * (degree + 1) * Self.functions.count)
    let width = cutoff / Double(intervals)
    for (f, function) in Self.functions.enumerated() {
      for piece in 0..<intervals {
        for place in stride(from: -1.0, through: 1, by: 0.125) {
          let r = (Double(piece) + 0.5 * (place + 1)) * width
          let (value, slope) = Self.evaluated(table, cutoff, f, piece, place)
          #expect(abs(value - function.value(r)) < tolerance)
          #expect(abs(slope - function.derivative(r)) < tolerance * 40)
        }
      }
    }
  }

  /// The pieces meet: values at a joint are the same from both sides but for rounding, and derivatives as far as they are right.
  @Test(arguments: [5, 9]) func piecesMeet(_ degree: Int) {
    let (cutoff, intervals) = (4.2, 24)
    let table = Self.table(cutoff, intervals, degree)
    for f in Self.functions.indices {
      for piece in 1..<intervals {
        let (left, right) = (Self.evaluated(table, cutoff, f, piece - 1, 1), Self.evaluated(table, cutoff, f, piece, -1))
        #expect(abs(left.0 - right.0) < 1e-13)
        #expect(abs(left.1 - right.1) < (degree == 5 ? 2e-5 : 4e-11))
      }
    }
  }

  /// A polynomial of the table's degree is met but for rounding, at the very ends too.
  @Test(arguments: 1...9) func polynomials(_ degree: Int) {
    let lengths = RadialTable.lengths(cutoff: 2, intervals: 3, degree: degree)
    #expect(lengths.count == 3 * (degree + 1) && lengths.first == 0 && lengths.last == 2)
    let table = RadialTable(
      values: DenseMatrix(lengths.map { pow($0 - 0.7, Double(degree)) }, rows: lengths.count, columns: 1), intervals: 3, degree: degree)
    for piece in 0..<3 {
      for place in [-1, -0.31, 0, 0.77, 1] {
        let r = (Double(piece) + 0.5 * (place + 1)) * 2 / 3
        #expect(abs(Self.evaluated(table, 2, 0, piece, place).0 - pow(r - 0.7, Double(degree))) < 4e-13)
      }
    }
  }

  /// The error that is stated is not far from that which is found at many lengths, and below what was asked for.
  @Test(arguments: [(5, 2e-7), (9, 1e-10), (5, 1e-4), (9, 1e-30)]) func statedErrors(_ degree: Int, _ tolerance: Double) {
    let cutoff = 4.2
    let (count, error) = RadialTable.intervals(cutoff: cutoff, degree: degree, tolerance: tolerance, Self.values)
    if tolerance > 1e-20 { #expect(error <= tolerance) } else { #expect(error < 2e-11) }
    let table = Self.table(cutoff, count, degree)
    var worst = 0.0
    for (f, function) in Self.functions.dropLast().enumerated() {
      var (values, slopes, size, steepness) = (0.0, 0.0, 0.0, 0.0)
      for piece in 0..<count {
        for place in stride(from: -1.0, through: 1, by: 0.05) {
          let r = (Double(piece) + 0.5 * (place + 1)) * cutoff / Double(count)
          let (value, slope) = Self.evaluated(table, cutoff, f, piece, place)
          (values, slopes) = (max(values, abs(value - function.value(r))), max(slopes, abs(slope - function.derivative(r))))
          (size, steepness) = (max(size, abs(function.value(r))), max(steepness, abs(function.derivative(r))))
        }
      }
      worst = max(worst, values / size, slopes / steepness)
    }
    // Derivatives are worst at the ends of pieces, between which the estimate looks.
    #expect(worst < 4 * error, "found \(worst), stated \(error)")
    #expect(worst > 1e-3 * error, "found \(worst), stated \(error)")
  }

  /// Where a derivative jumps, pieces end; a table that cannot says so, as one of functions that are no numbers does.
  @Test func joints() {
    let kink: ([Double]) -> DenseMatrix = { lengths in
      DenseMatrix(lengths.map { sin($0) - ($0 < 4.5 ? 0 : ($0 - 4.5) * ($0 - 4.5)) }, rows: lengths.count, columns: 1)
    }
    let met = RadialTable.intervals(cutoff: 5, degree: 9, tolerance: 1e-10, joints: [4.5], kink)
    #expect(met.count % 10 == 0 && met.error <= 1e-10)
    #expect(RadialTable.intervals(cutoff: 5, degree: 9, tolerance: 1e-10, kink).error > 1e-4)
    #expect(RadialTable.intervals(cutoff: 5, degree: 9, tolerance: 1e-10, joints: [4.4321], kink).error > 1e-4)
    let none = RadialTable.intervals(cutoff: 5, degree: 9, tolerance: 1e-10) {
      DenseMatrix($0.map { _ in .nan }, rows: $0.count, columns: 1)
    }
    #expect(none.error == .infinity)
  }

  /// A table that is too coarse says so.
  @Test func coarseTables() {
    let (count, error) = RadialTable.intervals(cutoff: 4.2, degree: 3, tolerance: 1e-9, upTo: 32, Self.values)
    #expect(count == 32 && error > 1e-6)
  }
}
