import CKernels
import DifferentiableTensors
import GroupTheory

/// A sparse multilinear form Σ factor C[i, j, k] w x_i y_j z_k over rows of x, y, z and weights w, as the kernels read it.
///
/// Every product of irreps is the derivative of such a form with respect to z, and its own derivatives are those with respect to the others:
/// one kernel serves all orders of differentiation. See `Coupling` for how it is applied.
final class CouplingForm<Scalar: TensorScalar>: Sendable {
  /// How two factors with channels meet.
  enum Kind {
    /// Channel by channel.
    case elementwise
    /// All channels of x with one number of y.
    case scalarSecond
    /// All channels of y with one number of x.
    case scalarFirst
  }
  /// A part of a row: the place of component 0, and from component to component.
  struct Place {
    var start: Int
    var step: Int
  }
  struct Path {
    /// C; its three axes are those of x, y and z.
    var coefficients: CouplingCoefficients
    var kind: Kind
    var channels: Int
    var x: Place
    var y: Place
    var z: Place
    /// Of its first weight; one a channel.
    var weight: Int?
    var factor: Double
  }

  /// Elements of a row of x, y, z and w.
  let widths: [Int]
  /// Multiplications and additions in pairs for one row forward.
  let multiplyAdds: Int
  private let paths: [ck_coupling_path]
  private let blocks: [ck_coupling_block]
  private let table: [Int32]
  private let values: [Scalar]
  private let exclusive: Bool
  /// The paths with weights alone, where there are others too: only they are linear in the weights.
  let weighted: CouplingForm?
  /// Whether any path has weights, and whether every weight is of a path.
  let usesWeights: Bool
  let usesAllWeights: Bool
  private let largest: (Int32, Int32, Int32, Int32)

  init(widths: [Int], _ paths: [Path]) {
    self.widths = widths
    var lists = Lists()
    var numbers: [BlockKey: Int32] = [:]
    var covered = [Bool](repeating: false, count: widths[2])
    var overlaps = false
    var operations = 0
    self.paths = paths.map { path in
      let key = BlockKey(degrees: path.coefficients.degrees, kind: path.kind)
      let number =
        numbers[key]
        ?? {
          let number = Int32(lists.blocks.count)
          lists.append(path)
          numbers[key] = number
          return number
        }()
      let block = lists.blocks[Int(number)]
      for k in 0..<Int(block.z) {
        for c in 0..<path.channels {
          let element = path.z.start + k * path.z.step + c
          if covered[element] { overlaps = true }
          covered[element] = true
        }
      }
      let own = Int(block.entries) + (path.weight == nil ? 0 : Int(block.z))
      operations += (path.kind == .elementwise ? own + Int(block.a * block.b) : own) * path.channels
      let swapped = path.kind == .scalarFirst
      let (a, b) = swapped ? (path.y, path.x) : (path.x, path.y)
      return ck_coupling_path(
        elementwise: path.kind == .elementwise ? 1 : 0, swapped: swapped ? 1 : 0, channels: Int32(path.channels), a: Int32(a.start),
        a_step: Int32(a.step), b: Int32(b.start), b_step: Int32(b.step), z: Int32(path.z.start), z_step: Int32(path.z.step),
        w: path.weight.map { Int32($0) } ?? -1, block: number, factor: path.factor)
    }
    (blocks, table, values) = (lists.blocks, lists.table, lists.values)
    exclusive = !overlaps && !covered.contains(false)
    let withWeights = paths.filter { $0.weight != nil }
    weighted = withWeights.count == paths.count ? nil : CouplingForm(widths: widths, withWeights)
    let used = paths.reduce(0) { $0 + ($1.weight == nil ? 0 : $1.channels) }
    (usesWeights, usesAllWeights) = (used > 0, used == widths[3])
    multiplyAdds = operations
    func largest(_ size: (ck_coupling_block) -> Int32) -> Int32 { lists.blocks.map(size).max() ?? 0 }
    self.largest = (largest(\.entries), largest { $0.a * $0.b }, largest(\.z), largest(\.b))
  }

  private struct BlockKey: Hashable {
    var degrees: SIMD3<Int>
    var kind: Kind
  }

  /// The lists of all blocks in two arrays.
  private struct Lists {
    var blocks: [ck_coupling_block] = []
    var table: [Int32] = []
    var values: [Scalar] = []

    mutating func append(_ path: Path) {
      let l = path.coefficients.degrees
      let swapped = path.kind == .scalarFirst
      let (a, b, z) = (2 * (swapped ? l.y : l.x) + 1, 2 * (swapped ? l.x : l.y) + 1, 2 * l.z + 1)
      // (k, i, j, value) in the order of rows.
      let all = path.coefficients.entries.map { entry in
        let (i, j) = swapped ? (entry.m2 + l.y, entry.m1 + l.x) : (entry.m1 + l.x, entry.m2 + l.y)
        return (k: entry.m3 + l.z, i: i, j: j, value: entry.value)
      }.sorted { ($0.k, $0.i, $0.j) < ($1.k, $1.i, $1.j) }
      var block = ck_coupling_block(
        a: Int32(a), b: Int32(b), z: Int32(z), entries: 0, rows: Int32(table.count), columns: 0, terms: 0, values: Int32(values.count))
      /// An entry's place in rows and in columns.
      var entries: [(row: Int, column: Int)] = []
      if path.kind == .elementwise {
        entries = all.map { ($0.k, $0.i * b + $0.j) }
        compressed(entries.map(\.row), count: z, [entries.map(\.column)])
        block.columns = Int32(table.count)
        appendColumns(entries, count: a * b)
      } else {
        var terms: [Int] = []
        for (n, entry) in all.enumerated() {
          if n == 0 || (all[n - 1].k, all[n - 1].i) != (entry.k, entry.i) { entries.append((entry.k, entry.i)) }
          terms.append(entries.count - 1)
        }
        compressed(entries.map(\.row), count: z, [entries.map(\.column)])
        block.columns = Int32(table.count)
        appendColumns(entries, count: a)
        block.terms = Int32(table.count)
        compressed(terms, count: entries.count, [all.map(\.j)])
      }
      block.entries = Int32(entries.count)
      values += all.map { Scalar($0.value) }
      blocks.append(block)
    }

    private mutating func appendColumns(_ entries: [(row: Int, column: Int)], count: Int) {
      let order = entries.indices.sorted { (entries[$0].column, $0) < (entries[$1].column, $1) }
      compressed(order.map { entries[$0].column }, count: count, [order.map { entries[$0].row }, order])
    }

    /// The start of each of 0 ..< count in ascending `keys`, and the end; then the lists.
    private mutating func compressed(_ keys: [Int], count: Int, _ lists: [[Int]]) {
      var starts = [Int32](repeating: 0, count: count + 1)
      for key in keys { starts[key + 1] += 1 }
      for i in 0..<count { starts[i + 1] += starts[i] }
      table += starts
      for list in lists { table += list.map { Int32($0) } }
    }
  }

  /// The form for the kernels.
  func withKernelForm(_ body: (UnsafePointer<ck_coupling_form>) -> Void) {
    paths.withUnsafeBufferPointer { paths in
      blocks.withUnsafeBufferPointer { blocks in
        table.withUnsafeBufferPointer { table in
          values.withUnsafeBufferPointer { values in
            var form = ck_coupling_form(
              paths: Int32(paths.count), path: paths.baseAddress, block: blocks.baseAddress, table: table.baseAddress,
              values: values.baseAddress, width: (Int32(widths[0]), Int32(widths[1]), Int32(widths[2]), Int32(widths[3])),
              exclusive: exclusive ? 1 : 0, largest: largest)
            body(&form)
          }
        }
      }
    }
  }
}
