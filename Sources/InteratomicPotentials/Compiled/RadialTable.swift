import CKernels
import DifferentiableTensors
import Foundation
import Requirements

/// Functions of a length as piecewise polynomials: on each of `intervals` pieces of 0 ... cut-off the polynomial through the Chebyshev-Lobatto
/// points, so that neighbouring pieces agree where they meet.
struct RadialTable: Sendable {
  /// [piece][degree + 1][functions], in powers of the place s in −1 ... 1 within the piece.
  let coefficients: [Double]
  let intervals: Int
  let degree: Int
  let functions: Int

  /// Lengths at which the functions must be known: those of all pieces, one piece after the other.
  static func lengths(cutoff: Double, intervals: Int, degree: Int) -> [Double] {
    let width = cutoff / Double(intervals)
    return (0..<intervals).flatMap { k in nodes(degree).map { (Double(k) + 0.5 * ($0 + 1)) * width } }
  }

  /// −cos(πi/d), rounded so that the ends are exact.
  private static func nodes(_ degree: Int) -> [Double] {
    (0...degree).map { $0 == 0 ? -1 : $0 == degree ? 1 : -cos(Double.pi * Double($0) / Double(degree)) }
  }

  /// The matrix from values at the nodes to coefficients of powers.
  private static func fromNodes(_ degree: Int) -> DenseMatrix {
    let points = nodes(degree)
    var inverse = DenseMatrix.zero(degree + 1, degree + 1)
    // Lagrange's polynomial of node i is the product of (s − sⱼ)/(sᵢ − sⱼ).
    for i in 0...degree {
      var polynomial = [1.0]
      for j in 0...degree where j != i {
        var next = [Double](repeating: 0, count: polynomial.count + 1)
        for (k, value) in polynomial.enumerated() {
          next[k + 1] += value / (points[i] - points[j])
          next[k] -= value * points[j] / (points[i] - points[j])
        }
        polynomial = next
      }
      for k in 0...degree { inverse[k, i] = polynomial[k] }
    }
    return inverse
  }

  /// From values [lengths, functions] at ``lengths(cutoff:intervals:degree:)``.
  init(values: DenseMatrix, intervals: Int, degree: Int) {
    let n = degree + 1
    require(values.rows == intervals * n, "values at \(intervals * n) lengths are expected, received \(values.rows)")
    let matrix = RadialTable.fromNodes(degree)
    let width = values.columns
    var result = [Double](repeating: 0, count: values.elements.count)
    result.withUnsafeMutableBufferPointer { result in
      values.elements.withUnsafeBufferPointer { values in
        guard let (source, target) = values.baseAddress.flatMap({ v in result.baseAddress.map { (v, $0) } }) else { return }
        for k in 0..<intervals {
          ck_gemm(
            Double.kernelType, 0, 0, n, width, n, matrix.elements, n, source + k * n * width, width, 0, nil, target + k * n * width, width)
        }
      }
    }
    (coefficients, self.intervals, self.degree, functions) = (result, intervals, degree, width)
  }

  /// Enough pieces of `function` for a relative error of values and derivatives below `tolerance`, or as few as reach what rounding allows;
  /// `function` gives values [lengths, functions].
  ///
  /// The error is the difference from pieces half as long. Polynomials cannot follow a function over a place where one of its derivatives jumps:
  /// `joints` are such places, at which pieces must end.
  static func intervals(
    cutoff: Double, degree: Int, tolerance: Double, joints: [Double] = [], upTo limit: Int = 1024,
    _ function: ([Double]) -> DenseMatrix
  ) -> (count: Int, error: Double) {
    // The smallest number of pieces that puts their ends at all joints, doubled until it is of use.
    func fits(_ count: Int) -> Bool {
      joints.allSatisfy { joint in
        let place = joint / cutoff * Double(count)
        return abs(place - place.rounded()) < 1e-9 * Double(count)
      }
    }
    var least = (1...64).first(where: fits) ?? 1
    while least < 24 { least *= 2 }
    var best = (count: least, error: Double.infinity)
    func table(_ count: Int) -> RadialTable {
      RadialTable(values: function(lengths(cutoff: cutoff, intervals: count, degree: degree)), intervals: count, degree: degree)
    }
    var (intervals, current) = (least, table(least))
    while intervals <= limit {
      let finer = table(2 * intervals)
      let error = difference(current, from: finer)
      if error < 0.5 * best.error { best = (intervals, error) }
      if error <= tolerance || error > 4 * best.error { break }
      (intervals, current) = (2 * intervals, finer)
    }
    return best
  }

  /// Values and derivatives by the place of all functions at `place` in `piece`.
  private func evaluate(_ piece: Int, _ place: Double, values: inout [Double], slopes: inout [Double]) {
    coefficients.withUnsafeBufferPointer { coefficients in
      values.withUnsafeMutableBufferPointer { values in
        slopes.withUnsafeMutableBufferPointer { slopes in
          let start = piece * (degree + 1) * functions
          for f in 0..<functions { (values[f], slopes[f]) = (coefficients[start + degree * functions + f], 0) }
          for k in stride(from: degree - 1, through: 0, by: -1) {
            let row = start + k * functions
            for f in 0..<functions {
              slopes[f] = slopes[f] * place + values[f]
              values[f] = values[f] * place + coefficients[row + f]
            }
          }
        }
      }
    }
  }

  /// The largest difference of values and of derivatives, relative to the largest of each; `finer` has two pieces for each.
  ///
  /// Lengths below a fifth of the cut-off, where few atoms ever are, are compared for themselves: functions may be much larger there.
  private static func difference(_ coarse: RadialTable, from finer: RadialTable) -> Double {
    // Comparisons let go of numbers that are none.
    guard finer.coefficients.allSatisfy(\.isFinite) else { return .infinity }
    let border = finer.intervals / 5
    return max(difference(coarse, from: finer, pieces: 0..<border), difference(coarse, from: finer, pieces: border..<finer.intervals))
  }

  private static func difference(_ coarse: RadialTable, from finer: RadialTable, pieces: Range<Int>) -> Double {
    let n = coarse.functions
    let zeros = [Double](repeating: 0, count: n)
    var (a, aSlope, b, bSlope) = (zeros, zeros, zeros, zeros)
    var (error, scale, slope, slopeScale) = (zeros, zeros, zeros, zeros)
    for piece in pieces {
      for place in [-0.75, 0.6] {
        coarse.evaluate(piece / 2, (place + (piece % 2 == 0 ? -1 : 1)) / 2, values: &a, slopes: &aSlope)
        finer.evaluate(piece, place, values: &b, slopes: &bSlope)
        for f in 0..<n {
          (error[f], scale[f]) = (max(error[f], abs(a[f] - b[f])), max(scale[f], abs(b[f])))
          (slope[f], slopeScale[f]) = (max(slope[f], abs(0.5 * aSlope[f] - bSlope[f])), max(slopeScale[f], abs(bSlope[f])))
        }
      }
    }
    return (0..<n).reduce(0) { max($0, error[$1] / max(scale[$1], 1e-300), slope[$1] / max(slopeScale[$1], 1e-300)) }
  }
}

extension DenseMatrix {
  /// Up to `count` of the columns, as far from each other as can be.
  func sampledColumns(_ count: Int) -> DenseMatrix {
    let step = max(1, (columns + count - 1) / count)
    let chosen = Array(stride(from: 0, to: columns, by: step))
    var result = DenseMatrix.zero(rows, chosen.count)
    for i in 0..<rows { for (j, column) in chosen.enumerated() { result[i, j] = self[i, column] } }
    return result
  }
}
