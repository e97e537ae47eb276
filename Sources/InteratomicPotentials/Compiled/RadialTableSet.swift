import DifferentiableTensors
import Requirements
import Synchronization

/// The tables of the radial weights of one layer, one for each pair of elements (or for all of them) that has been met. All have the same
/// pieces.
final class RadialTableSet<Scalar: TensorScalar>: Sendable {
  let intervals: Int
  let degree: Int
  private let sources: [Int]
  private let values: @Sendable (Int) -> DenseMatrix

  private struct State: @unchecked Sendable {
    var places: [Int: Int32] = [:]
    var block = NumberBlock<Scalar>(count: 0)
    var used = 0
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
  ///   - sources: for each weight its number among the functions; −1 for 0.
  ///   - values: the functions of a key at the lengths of the tables.
  init(intervals: Int, degree: Int, sources: [Int], values: @escaping @Sendable (Int) -> DenseMatrix) {
    (self.intervals, self.degree, self.sources, self.values) = (intervals, degree, sources, values)
  }

  /// The tables of the keys; those that are missing are made.
  func snapshot(_ keys: Set<Int>) -> Snapshot {
    state.withLock { state in
      let missing = keys.subtracting(state.places.keys).sorted()
      if !missing.isEmpty {
        let size = intervals * (degree + 1) * sources.count
        let needed = (state.used + missing.count) * size
        if state.block.count < needed {
          let larger = NumberBlock<Scalar>(count: max(needed, min(2 * state.block.count, needed + 8 * size)))
          larger.pointer.update(from: state.block.pointer, count: state.used * size)
          state.block = larger
        }
        for key in missing {
          let table = RadialTable(values: values(key), intervals: intervals, degree: degree)
          fill(state.block.pointer + state.used * size, table)
          state.places[key] = Int32(state.used * intervals)
          state.used += 1
        }
      }
      return Snapshot(block: state.block, places: state.places)
    }
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func fill(_ target: UnsafeMutablePointer<Scalar>, _ table: RadialTable) {
    for row in 0..<intervals * (degree + 1) {
      for (w, source) in sources.enumerated() {
        target[row * sources.count + w] = source < 0 ? 0 : Scalar(table.coefficients[row * table.functions + source])
      }
    }
  }
}
