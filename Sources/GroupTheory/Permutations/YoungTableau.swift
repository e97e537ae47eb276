/// A standard Young tableau: the numbers 0..<n in the boxes of a partition's diagram, increasing along rows and down columns.
public struct YoungTableau: Hashable, Sendable {
  /// The row of each number.
  public let rows: [Int]
  /// The content (column − row) of each number's box.
  public let contents: [Int]

  /// All standard tableaux of a shape, in an order that depends on the shape alone; as many as ``Partition/irrepDimension``.
  public static func standard(of shape: Partition) -> [YoungTableau] {
    // Numbers are placed one by one; a row may grow while it is shorter than its part and than the row above.
    func extend(_ rows: [Int], _ lengths: [Int]) -> [[Int]] {
      if rows.count == shape.size { return [rows] }
      return lengths.indices.flatMap { row -> [[Int]] in
        guard lengths[row] < shape.parts[row], row == 0 || lengths[row] < lengths[row - 1] else { return [] }
        var longer = lengths
        longer[row] += 1
        return extend(rows + [row], longer)
      }
    }
    return extend([], shape.parts.map { _ in 0 }).map { YoungTableau(rows: $0) }
  }

  /// A tableau from the row of each number, which the caller knows to give a standard one.
  init(rows: [Int]) {
    self.rows = rows
    var lengths = [Int](repeating: 0, count: rows.count)
    contents = rows.map { row in
      lengths[row] += 1
      return lengths[row] - 1 - row
    }
  }

  /// The tableau with i and i + 1 exchanged, which is standard unless the two stand side by side or one above the other.
  func exchanging(_ i: Int) -> YoungTableau {
    var exchanged = rows
    exchanged.swapAt(i, i + 1)
    return YoungTableau(rows: exchanged)
  }
}
