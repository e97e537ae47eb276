import CKernels
import DifferentiableTensors
import Requirements
import Synchronization

/// The tables of the radial weights of one layer, one for each pair of elements (or for all of them) that has been met. All have the same
/// pieces.
///
/// What is tabulated are the hidden features of the radial network; their coefficients times its last matrix are the coefficients of the weights.
final class RadialTableSet<Scalar: TensorScalar>: Sendable {
  let intervals: Int
  let degree: Int
  private let sources: [Int]
  private let hidden: @Sendable (Int) -> DenseMatrix
  private let isHiddenShared: Bool
  private let weights: @Sendable (Int) -> DenseMatrix

  private struct State: @unchecked Sendable {
    var places: [Int: Int32] = [:]
    var block = NumberBlock<Scalar>(count: 0)
    var used = 0
    /// Coefficients of the hidden features, where they are the same for all.
    var shared: NumberBlock<Scalar>?
  }
  private let state = Mutex(State())

  /// What an evaluation reads: it stays as it is when others add tables.
  struct Snapshot: @unchecked Sendable {
    fileprivate let block: NumberBlock<Scalar>
    /// The first row of coefficients of each key.
    let places: [Int: Int32]
    var coefficients: UnsafeMutablePointer<Scalar> { block.pointer }
  }

  /// - Parameters:
  ///   - intervals: pieces of a table.
  ///   - degree: of their polynomials.
  ///   - sources: for each weight its column of the last matrix; −1 for 0.
  ///   - isHiddenShared: whether the hidden features are the same for all keys.
  ///   - hidden: the hidden features of a key at the lengths of the tables, [lengths, features].
  ///   - weights: the last matrix of a key, [features, columns].
  init(
    intervals: Int, degree: Int, sources: [Int], isHiddenShared: Bool, hidden: @escaping @Sendable (Int) -> DenseMatrix,
    weights: @escaping @Sendable (Int) -> DenseMatrix
  ) {
    (self.intervals, self.degree, self.sources, self.isHiddenShared) = (intervals, degree, sources, isHiddenShared)
    (self.hidden, self.weights) = (hidden, weights)
  }

  /// The tables of the keys; those that are missing are made.
  func snapshot(_ keys: Set<Int>) -> Snapshot {
    state.withLock { state in
      let missing = keys.subtracting(state.places.keys).sorted()
      if !missing.isEmpty {
        let rows = intervals * (degree + 1)
        let size = rows * sources.count
        let needed = (state.used + missing.count) * size
        if state.block.count < needed {
          let larger = NumberBlock<Scalar>(count: max(needed, min(2 * state.block.count, needed + 8 * size)))
          larger.pointer.update(from: state.block.pointer, count: state.used * size)
          state.block = larger
        }
        for key in missing {
          let coefficients = state.shared ?? tabulated(key)
          if isHiddenShared { state.shared = coefficients }
          let matrix = weights(key)
          let columns = padded(matrix)
          ck_gemm(
            Scalar.kernelType, 0, 0, rows, sources.count, matrix.rows, coefficients.pointer, matrix.rows, columns.pointer, sources.count, 0,
            nil,
            state.block.pointer + state.used * size, sources.count)
          state.places[key] = Int32(state.used * intervals)
          state.used += 1
        }
      }
      return Snapshot(block: state.block, places: state.places)
    }
  }

  private func tabulated(_ key: Int) -> NumberBlock<Scalar> {
    NumberBlock(rounding: RadialTable(values: hidden(key), intervals: intervals, degree: degree).coefficients)
  }

  /// The last matrix with its columns where the weights are.
  private func padded(_ matrix: DenseMatrix) -> NumberBlock<Scalar> {
    var values = [Double](repeating: 0, count: matrix.rows * sources.count)
    for row in 0..<matrix.rows {
      for (w, source) in sources.enumerated() where source >= 0 { values[row * sources.count + w] = matrix[row, source] }
    }
    return NumberBlock(rounding: values)
  }
}
