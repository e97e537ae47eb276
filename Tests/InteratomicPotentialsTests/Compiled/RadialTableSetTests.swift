import DifferentiableTensors
import Synchronization
import Testing

@testable import InteratomicPotentials

@Suite struct RadialTableSetTests {
  private static let (intervals, degree, cutoff) = (4, 3, 2.0)
  /// Functions r^f + key of three weights, the second of which is padding.
  private static func set<Scalar: TensorScalar>(_ calls: CallCounter, _: Scalar.Type) -> RadialTableSet<Scalar> {
    // Features r, r² and 1, the same for all keys, and a last matrix for each.
    RadialTableSet(
      intervals: intervals, degree: degree, sources: [1, -1, 0], isHiddenShared: true,
      hidden: { _ in
        let lengths = RadialTable.lengths(cutoff: cutoff, intervals: intervals, degree: degree)
        return DenseMatrix(lengths.flatMap { [$0, $0 * $0, 1] }, rows: lengths.count, columns: 3)
      },
      weights: { key in
        calls.count.add(1, ordering: .relaxed)
        return DenseMatrix([1, 0, 0, 1, Double(key), Double(key)], rows: 3, columns: 2)
      })
  }
  private final class CallCounter: Sendable { let count = Atomic<Int>(0) }

  /// Whether a snapshot holds the table of a key.
  private static func holds<Scalar: TensorScalar>(_ snapshot: RadialTableSet<Scalar>.Snapshot, _ key: Int) -> Bool {
    guard let start = snapshot.places[key] else { return false }
    for piece in 0..<intervals {
      for place in [-1.0, -0.3, 0.8] {
        let r = (Double(piece) + 0.5 * (place + 1)) * cutoff / Double(intervals)
        var values = [0.0, 0.0, 0.0]
        for k in stride(from: degree, through: 0, by: -1) {
          let row = snapshot.coefficients + ((Int(start) + piece) * (degree + 1) + k) * 3
          for w in 0..<3 { values[w] = values[w] * place + Double(row[w]) }
        }
        let expected = [r * r + Double(key), 0, r + Double(key)]
        if largestDifference(values, expected) > 1e-5 * Double(1 + key) { return false }
      }
    }
    return true
  }

  /// Tables are made once, and a snapshot stays what it was when others are added.
  @Test func snapshots() {
    let calls = CallCounter()
    let tables = Self.set(calls, Double.self)
    let first = tables.snapshot([7])
    #expect(Self.holds(first, 7) && first.places.count == 1 && calls.count.load(ordering: .relaxed) == 1)
    var later: [RadialTableSet<Double>.Snapshot] = []
    for key in 0..<60 { later.append(tables.snapshot([key, 7])) }
    #expect(calls.count.load(ordering: .relaxed) == 60)
    #expect(Self.holds(first, 7) && !Self.holds(first, 8))
    for (key, snapshot) in later.enumerated() { #expect(Self.holds(snapshot, key) && Self.holds(snapshot, 7)) }
    #expect((0..<60).allSatisfy { Self.holds(tables.snapshot([]), $0) })
    // Numbers as keys of pairs have them.
    #expect(Self.holds(tables.snapshot([118 * 118]), 118 * 118))
  }

  /// Threads that ask for tables at once.
  @Test func threads() {
    let calls = CallCounter()
    let tables = Self.set(calls, Float.self)
    let failures = Atomic<Int>(0)
    Threads.run(pieces: 100) { piece in
      let keys = Set((0..<5).map { (piece * 7 + $0) % 40 })
      let snapshot = tables.snapshot(keys)
      if !keys.allSatisfy({ Self.holds(snapshot, $0) }) { failures.add(1, ordering: .relaxed) }
    }
    #expect(failures.load(ordering: .relaxed) == 0 && calls.count.load(ordering: .relaxed) == 40)
  }

  /// The number of a table by the elements of centre and neighbour.
  @Test func keys() {
    #expect(TableKeys.none.key(3, 5, elements: 10) == 0 && TableKeys.neighbor.key(3, 5, elements: 10) == 5)
    let pairs = (0..<10).flatMap { a in (0..<10).map { TableKeys.pair.key(a, $0, elements: 10) } }
    #expect(pairs == Array(0..<100))
  }
}
