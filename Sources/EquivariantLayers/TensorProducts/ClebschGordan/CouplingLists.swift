import CKernels
import DifferentiableTensors
import GroupTheory

/// The coefficients of groups of paths as the kernels read them (see `ck_coupling_group`), once for each set of coefficients.
struct CouplingLists<Scalar: TensorScalar> {
  private(set) var table: [Int32] = []
  private(set) var values: [Scalar] = []
  private var known: [Key: ck_coupling_group] = [:]

  private struct Key: Hashable {
    var degrees: [SIMD3<Int>]
    var elementwise: Bool
    var swapped: Bool
  }

  /// A coefficient: component k of z of a path, i of a and j of b.
  private struct Entry {
    var path: Int
    var k: Int
    var i: Int
    var j: Int
    var value: Double
  }
  /// Up to four rows with entries in the same columns.
  private struct Tile<Row: Hashable & Comparable, Column: Hashable & Comparable> {
    var rows: [Row]
    var columns: [Column]
  }
  private struct Pair: Hashable, Comparable {
    var first: Int
    var second: Int
    init(_ first: Int, _ second: Int) { (self.first, self.second) = (first, second) }
    static func < (a: Pair, b: Pair) -> Bool { (a.first, a.second) < (b.first, b.second) }
  }

  /// The part of a group that does not depend on places.
  mutating func lists(of coefficients: [CouplingCoefficients], elementwise: Bool, swapped: Bool) -> ck_coupling_group {
    let key = Key(degrees: coefficients.map(\.degrees), elementwise: elementwise, swapped: swapped)
    if let result = known[key] { return result }
    let l = coefficients[0].degrees
    var group = ck_coupling_group()
    (group.elementwise, group.swapped) = (elementwise ? 1 : 0, swapped ? 1 : 0)
    (group.a_components, group.b_components) = (Int32(2 * (swapped ? l.y : l.x) + 1), Int32(2 * (swapped ? l.x : l.y) + 1))
    let entries = coefficients.enumerated().flatMap { path, block in
      block.entries.map { entry in
        let (i, j) = swapped ? (entry.m2 + l.y, entry.m1 + l.x) : (entry.m1 + l.x, entry.m2 + l.y)
        return Entry(path: path, k: entry.m3 + block.degrees.z, i: i, j: j, value: entry.value)
      }
    }
    if elementwise {
      appendElementwise(entries, coefficients.map { 2 * $0.degrees.z + 1 }, to: &group)
    } else {
      appendScalar(entries, to: &group)
    }
    known[key] = group
    return group
  }

  private mutating func appendElementwise(_ entries: [Entry], _ components: [Int], to group: inout ck_coupling_group) {
    var rows: [Pair: [Pair: Double]] = [:]
    for entry in entries { rows[Pair(entry.path, entry.k), default: [:]][Pair(entry.i, entry.j)] = entry.value }
    let tiles = Self.tiles(rows.mapValues { $0.keys.sorted() })
    (group.row_tiles, group.rows, group.row_values) = (Int32(tiles.count), Int32(table.count), Int32(values.count))
    for tile in tiles {
      table += [Int32(tile.rows.count), Int32(tile.columns.count)]
      for pair in tile.rows + tile.columns { table += [Int32(pair.first), Int32(pair.second)] }
      for pair in tile.columns { values += tile.rows.map { Scalar(rows[$0]![pair]!) } }
    }
    (group.columns, group.column_values) = (Int32(table.count), Int32(values.count))
    let starts = components.indices.map { components[..<$0].reduce(0, +) }
    let b = Int(group.b_components)
    let sorted = entries.map { (column: $0.i * b + $0.j, row: starts[$0.path] + $0.k, value: $0.value) }
      .sorted { ($0.column, $0.row) < ($1.column, $1.row) }
    appendStarts(sorted.map(\.column), count: Int(group.a_components) * b)
    table += sorted.map { Int32($0.row) }
    values += sorted.map { Scalar($0.value) }
  }

  private mutating func appendScalar(_ entries: [Entry], to group: inout ck_coupling_group) {
    var terms: [Pair: [(j: Int, value: Double)]] = [:]
    for entry in entries { terms[Pair(entry.k, entry.i), default: []].append((entry.j, entry.value)) }
    func supports(_ row: (Pair) -> Int, _ column: (Pair) -> Int) -> [Int: [Int]] {
      Dictionary(grouping: terms.keys, by: row).mapValues { $0.map(column).sorted() }
    }
    var numbers: [Pair: Int] = [:]
    var all: [(q: Int, j: Int, value: Double)] = []
    let rowTiles = Self.tiles(supports(\.first, \.second))
    (group.row_tiles, group.rows) = (Int32(rowTiles.count), Int32(table.count))
    for tile in rowTiles {
      table += [Int32(tile.rows.count), Int32(tile.columns.count)] + (tile.rows + tile.columns).map { Int32($0) }
      for i in tile.columns {
        for k in tile.rows {
          let q = numbers.count
          numbers[Pair(k, i)] = q
          all += terms[Pair(k, i)]!.map { (q, $0.j, $0.value) }
        }
      }
    }
    let columnTiles = Self.tiles(supports(\.second, \.first))
    (group.column_tiles, group.columns) = (Int32(columnTiles.count), Int32(table.count))
    for tile in columnTiles {
      table += [Int32(tile.rows.count), Int32(tile.columns.count)] + tile.rows.map { Int32($0) }
      for k in tile.columns { table += [Int32(k)] + tile.rows.map { Int32(numbers[Pair(k, $0)]!) } }
    }
    group.coefficients = Int32(numbers.count)
    (group.terms, group.row_values) = (Int32(table.count), Int32(values.count))
    appendStarts(all.map(\.q), count: numbers.count)
    table += all.map { Int32($0.j) }
    values += all.map { Scalar($0.value) }
    let byB = all.sorted { ($0.j, $0.q) < ($1.j, $1.q) }
    (group.terms_of_b, group.column_values) = (Int32(table.count), Int32(values.count))
    appendStarts(byB.map(\.j), count: Int(group.b_components))
    table += byB.map { Int32($0.q) }
    values += byB.map { Scalar($0.value) }
  }

  /// Rows put together by the columns of their entries.
  private static func tiles<Row, Column>(_ rows: [Row: [Column]]) -> [Tile<Row, Column>] {
    var groups: [[Row]] = Dictionary(grouping: rows.keys) { rows[$0]! }.values.map { $0.sorted() }
    groups.sort { $0[0] < $1[0] }
    var result: [Tile<Row, Column>] = []
    for group in groups {
      for start in stride(from: 0, to: group.count, by: 4) {
        let some = Array(group[start..<min(start + 4, group.count)])
        result.append(Tile(rows: some, columns: rows[some[0]]!))
      }
    }
    return result
  }

  /// The start of each of 0 ..< count in ascending keys, and the end.
  private mutating func appendStarts(_ keys: [Int], count: Int) {
    var starts = [Int32](repeating: 0, count: count + 1)
    for key in keys { starts[key + 1] += 1 }
    for i in 0..<count { starts[i + 1] += starts[i] }
    table += starts
  }
}
