import MessagePassing

/// The neighbours of all nodes in one array, those of node i from `starts[i]` to `starts[i + 1]`, for the innermost loop of a search.
struct AdjacencyRows {
  let starts: [Int]
  let neighbors: [Int]

  init(_ graph: SimpleGraph) {
    starts = graph.neighbors.reduce(into: [0]) { $0.append($0.last! + $1.count) }
    neighbors = graph.neighbors.flatMap { $0 }
  }
}

/// An ordered partition of the nodes of a graph into cells, refined by counting neighbours in cells (1-WL) until all nodes of a cell have
/// equally many in each.
///
/// A cell is named by the place where it begins. Everything that decides on an order (of cells to count in, of the parts of a split cell)
/// looks at places and counts only, never at the numbers of nodes, so that relabelling the graph and the partition relabels the result.
struct ColorPartition {
  /// The node at each place; cells are runs of places.
  private(set) var nodes: [Int]
  /// The place of each node.
  private var places: [Int]
  /// The first place of the cell of each node.
  private var cells: [Int]
  /// The length of the cell that begins at a place.
  private var lengths: [Int]
  /// The number of cells.
  private(set) var cellCount: Int

  /// The partition into the given blocks, not yet refined.
  init(blocks: [[Int]]) {
    nodes = blocks.flatMap { $0 }
    (places, cells, lengths) = (nodes, nodes, nodes.map { _ in 0 })
    cellCount = blocks.count
    var start = 0
    for block in blocks {
      for (k, i) in block.enumerated() { (places[i], cells[i]) = (start + k, start) }
      lengths[start] = block.count
      start += block.count
    }
  }

  var isDiscrete: Bool { cellCount == nodes.count }

  /// The first places of all cells.
  private var cellStarts: [Int] { Array(sequence(first: 0) { $0 + lengths[$0] }.prefix { $0 < nodes.count }) }

  /// The nodes of the first of the largest cells, in no particular order.
  var largestCell: [Int] {
    let starts = cellStarts
    let longest = starts.reduce(0) { max($0, lengths[$1]) }
    let start = starts.first { lengths[$0] == longest }!
    return Array(nodes[start..<start + longest])
  }

  /// Refines the whole partition; the result is a hash of all that was counted on the way.
  mutating func refine(_ graph: AdjacencyRows) -> UInt64 { refine(graph, by: cellStarts) }

  /// Sets a node apart from its cell, before the others, and refines.
  mutating func individualize(_ node: Int, in graph: AdjacencyRows) -> UInt64 {
    let start = cells[node]
    let other = nodes[start]
    nodes.swapAt(start, places[node])
    (places[other], places[node]) = (places[node], start)
    lengths[start + 1] = lengths[start] - 1
    lengths[start] = 1
    for k in 0..<lengths[start + 1] { cells[nodes[start + 1 + k]] = start + 1 }
    cellCount += 1
    return refine(graph, by: [start])
  }

  private mutating func refine(_ graph: AdjacencyRows, by splitters: [Int]) -> UInt64 {
    var trace = Trace()
    var queue = splitters
    var isQueued = [Bool](repeating: false, count: nodes.count)
    for start in splitters { isQueued[start] = true }
    var counts = [Int](repeating: 0, count: nodes.count)
    var isTouched = isQueued.map { _ in false }
    var touchedNodes: [Int] = []
    var touchedCells: [Int] = []
    var next = 0
    while next < queue.count && !isDiscrete {
      let splitter = queue[next]
      next += 1
      isQueued[splitter] = false
      for place in splitter..<splitter + lengths[splitter] {
        let i = nodes[place]
        for k in graph.starts[i]..<graph.starts[i + 1] {
          let j = graph.neighbors[k]
          if counts[j] == 0 {
            touchedNodes.append(j)
            if !isTouched[cells[j]] {
              isTouched[cells[j]] = true
              touchedCells.append(cells[j])
            }
          }
          counts[j] += 1
        }
      }
      trace.add(splitter)
      touchedCells.sort()
      for cell in touchedCells {
        isTouched[cell] = false
        var parts = split(cell, by: counts, &trace)
        // Counts in all parts but one follow, if those in the whole cell have been taken: the largest is left out.
        if !isQueued[cell], let largest = parts.indices.max(by: { lengths[parts[$0]] < lengths[parts[$1]] }) { parts.remove(at: largest) }
        for part in parts where !isQueued[part] {
          isQueued[part] = true
          queue.append(part)
        }
      }
      for j in touchedNodes { counts[j] = 0 }
      touchedNodes.removeAll(keepingCapacity: true)
      touchedCells.removeAll(keepingCapacity: true)
    }
    trace.add(cellCount)
    return trace.hash
  }

  /// Sorts a cell by counts and splits it where they differ; the first places of the parts, none where they are equal.
  private mutating func split(_ cell: Int, by counts: [Int], _ trace: inout Trace) -> [Int] {
    let end = cell + lengths[cell]
    let first = counts[nodes[cell]]
    trace.add(cell)
    if (cell + 1..<end).allSatisfy({ counts[nodes[$0]] == first }) {
      trace.add(first)
      return []
    }
    let sorted = nodes[cell..<end].sorted { counts[$0] < counts[$1] }
    var starts = [cell]
    for (k, i) in sorted.enumerated() {
      if k > 0 && counts[i] != counts[sorted[k - 1]] { starts.append(cell + k) }
      trace.add(counts[i])
      (nodes[cell + k], places[i]) = (i, cell + k)
    }
    for (start, stop) in zip(starts, starts.dropFirst() + [end]) {
      lengths[start] = stop - start
      for k in start..<stop { cells[nodes[k]] = start }
    }
    cellCount += starts.count - 1
    return starts
  }

  /// The edges of the graph between places: for a discrete partition, the framed graph.
  func framed(_ graph: SimpleGraph) -> [[Int]] { nodes.map { graph.neighbors[$0].map { places[$0] }.sorted() } }

  /// An order-dependent hash (FNV-1a over words).
  private struct Trace {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    mutating func add(_ value: Int) { hash = (hash ^ UInt64(truncatingIfNeeded: value)) &* 0x0000_0100_0000_01B3 }
  }
}
