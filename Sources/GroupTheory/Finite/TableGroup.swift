import Requirements

/// A finite group given by its multiplication table, with all its irreps; the elements are the numbers 0 ..< order, and 0 is the identity.
///
/// ```swift
/// // The quaternion group of order 8 as permutations, the Klein four-group by its table, ...
/// let klein = try TableGroup([[0, 1, 2, 3], [1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 1, 0]])
/// print(klein.irreps.map(\.dimension))   // [1, 1, 1, 1]
/// ```
///
/// The irreps are found numerically (``FiniteGroupIrrep``), to rounding, by a number of operations that grows like order³.
public struct TableGroup: FiniteGroup {
  /// What all copies share.
  let storage: Storage

  /// |G|.
  public var order: Int { storage.order }
  /// 0.
  public var identity: Int { 0 }
  /// 0 ..< order.
  public var elements: [Int] { Array(0..<order) }
  /// Elements that generate the group.
  public var generators: [Int] { storage.generators }

  /// The product ab, from the table.
  public func product(_ a: Int, _ b: Int) -> Int {
    check(a)
    check(b)
    return storage.table[a * order + b]
  }

  /// The inverse, from the table.
  public func inverse(of a: Int) -> Int {
    check(a)
    return storage.inverses[a]
  }

  /// a itself.
  public func index(of a: Int) -> Int {
    check(a)
    return a
  }

  /// A uniform element.
  public func randomElement(using generator: inout some RandomNumberGenerator) -> Int { Int.random(in: 0..<order, using: &generator) }

  /// The group with `rows[a][b]` for the product ab.
  ///
  /// Throws, naming a place, unless the table is square, every row and column holds each element once, element 0 is the identity and
  /// products are associative.
  public init(_ rows: [[Int]]) throws(TableGroupError) {
    let n = rows.count
    guard n > 0 else { throw .empty }
    for (a, row) in rows.enumerated() {
      guard row.count == n else { throw .notSquare(row: a, count: row.count, expected: n) }
      guard Set(row) == Set(0..<n) else { throw .rowNotLatin(a) }
    }
    for a in 0..<n {
      guard rows[0][a] == a, rows[a][0] == a else { throw .noIdentity(element: a) }
      guard Set(rows.map { $0[a] }) == Set(0..<n) else { throw .columnNotLatin(a) }
    }
    let table = rows.flatMap { $0 }
    // Light's test: associativity for the generators in the middle is associativity.
    for b in Storage.generators(order: n, table: table) {
      for a in 0..<n {
        for c in 0..<n where rows[rows[a][b]][c] != rows[a][rows[b][c]] { throw .notAssociative(a, b, c) }
      }
    }
    storage = Storage(order: n, table: table)
  }

  /// The table of a finite group of the library: element k is `group.elements[k]`, whose first must be the identity.
  public init<G: FiniteGroup>(of group: G) {
    let elements = group.elements
    require(
      elements.first == group.identity,
      "expected a group whose elements begin with the identity, received \(String(describing: elements.first))")
    storage = Storage(
      order: elements.count, table: elements.flatMap { a in elements.map { b in group.index(of: group.product(a, b)) } })
  }

  private func check(_ a: Int) { require(a >= 0 && a < order, "expected an element of 0..<\(order), received \(a)") }

  /// The table with what follows from it; the irreps are computed with it, once for all copies.
  final class Storage: Sendable {
    let order: Int
    let table: [Int]
    let inverses: [Int]
    let generators: [Int]
    /// Matrices of the irreps, the trivial one first, and bases of their commuting algebras.
    let irreps: [FiniteIrrepMatrices]

    init(order n: Int, table: [Int]) {
      (order, self.table) = (n, table)
      inverses = (0..<n).map { a in (0..<n).first { table[a * n + $0] == 0 }! }
      generators = Self.generators(order: n, table: table)
      irreps = FiniteIrrepMatrices.all(order: n, table: table, inverses: inverses)
    }

    /// Each generator is the first element that those before do not reach.
    static func generators(order n: Int, table: [Int]) -> [Int] {
      var (generators, reached) = ([Int](), Set([0]))
      while reached.count < n {
        generators.append((0..<n).first { !reached.contains($0) }!)
        var open = Array(reached)
        while let a = open.popLast() {
          for g in generators where reached.insert(table[a * n + g]).inserted { open.append(table[a * n + g]) }
        }
      }
      return generators
    }
  }
}

/// Why a table is not that of a group.
public enum TableGroupError: Error, Equatable, CustomStringConvertible {
  /// There are no rows.
  case empty
  /// A row has another length than there are rows.
  case notSquare(row: Int, count: Int, expected: Int)
  /// A row does not hold each element once.
  case rowNotLatin(Int)
  /// A column does not hold each element once.
  case columnNotLatin(Int)
  /// Element 0 changes this one.
  case noIdentity(element: Int)
  /// (ab)c ≠ a(bc).
  case notAssociative(Int, Int, Int)

  /// What was expected and received.
  public var description: String {
    switch self {
    case .empty: "expected a table of at least one element, received none"
    case .notSquare(let row, let count, let expected): "expected \(expected) products in row \(row), received \(count)"
    case .rowNotLatin(let row): "expected each element once in row \(row) of the table"
    case .columnNotLatin(let column): "expected each element once in column \(column) of the table"
    case .noIdentity(let element): "expected element 0 to be the identity, but it changes \(element): number the elements so that it is"
    case .notAssociative(let a, let b, let c): "expected (ab)c = a(bc), which fails for a = \(a), b = \(b), c = \(c)"
    }
  }
}
