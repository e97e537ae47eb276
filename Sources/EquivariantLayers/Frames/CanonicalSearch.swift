import GroupTheory
import MessagePassing

/// The search tree of individualisation and refinement (McKay 1981, "Practical graph isomorphism"): its best leaves, and all automorphisms.
///
/// A child of a partition sets one node of its target cell apart. The traces of the refinements along a path do not depend on labels, so
/// the leaves that are greatest in (traces, framed graph) are an equivariant set; they are one coset of the automorphism group, and one of
/// them is enough. Two leaves with equal traces and framed graphs differ by an automorphism. It maps one branch of their last common
/// ancestor to the other, so that the second need not be searched further; and among children that are mapped to each other by
/// automorphisms that fix a partition's path, only one is searched.
struct CanonicalSearch {
  private struct Leaf {
    var nodes: [Int]
    var path: [Int]
    var traces: [UInt64]
    var framed: [[Int]]
  }

  private let graph: SimpleGraph
  private let rows: AdjacencyRows
  private let nodeLimit: Int
  private var visited = 0
  /// The nodes set apart, and the traces, down to the present partition.
  private var path: [Int] = []
  private var traces: [UInt64] = []
  private var first: Leaf?
  private var best: Leaf?
  /// How often ``best`` has changed.
  private var version = 0
  private var automorphisms: [Permutation] = []

  init(_ graph: SimpleGraph, nodeLimit: Int) {
    self.graph = graph
    rows = AdjacencyRows(graph)
    self.nodeLimit = nodeLimit
  }

  /// The best leaf as an order of nodes, and the automorphisms that keep the blocks.
  mutating func run(from blocks: [[Int]]) throws(GraphFrameError) -> (element: Permutation, automorphisms: PermutationGroup) {
    var root = ColorPartition(blocks: blocks)
    _ = root.refine(rows)
    _ = try descend(root, followsFirst: true, order: 0)
    // The root is visited always, so there is a leaf; its nodes are in some order a partition of all.
    return (try! Permutation(best!.nodes), PermutationGroup(graph.nodeCount, base: first!.path, strongGenerators: automorphisms))
  }

  /// Searches below a partition. `followsFirst` says whether its traces are those of the first leaf, and `order` whether they are less than
  /// (−1), equal to or greater than those of the best. Returns the depth at which the search goes on.
  private mutating func descend(_ partition: ColorPartition, followsFirst: Bool, order: Int) throws(GraphFrameError) -> Int {
    visited += 1
    guard visited <= nodeLimit else { throw .searchLimit(visited: nodeLimit) }
    if partition.isDiscrete { return arrive(partition, followsFirst: followsFirst, order: order) }
    let depth = path.count
    var (order, seen) = (order, version)
    var searched: [Int] = []
    var orbits = Orbits(graph.nodeCount)
    var known = 0
    for node in partition.largestCell {
      for g in automorphisms[known...] where path.allSatisfy({ g[$0] == $0 }) { orbits.join(g) }
      known = automorphisms.count
      let root = orbits.root(of: node)
      if searched.contains(where: { orbits.root(of: $0) == root }) { continue }
      searched.append(node)
      var child = partition
      let trace = child.individualize(node, in: rows)
      let follows = followsFirst && first.map { depth < $0.traces.count && $0.traces[depth] == trace } ?? true
      var childOrder = order
      if order == 0, let best, depth < best.traces.count {
        childOrder = trace < best.traces[depth] ? -1 : trace > best.traces[depth] ? 1 : 0
      }
      guard follows || childOrder >= 0 else { continue }
      path.append(node)
      traces.append(trace)
      let resume = try descend(child, followsFirst: follows, order: childOrder)
      path.removeLast()
      traces.removeLast()
      if version != seen {
        // The best leaf is now below this partition.
        (seen, order) = (version, 0)
      }
      if resume < depth { return resume }
    }
    return depth - 1
  }

  private mutating func arrive(_ leaf: ColorPartition, followsFirst: Bool, order: Int) -> Int {
    let found = Leaf(nodes: leaf.nodes, path: path, traces: traces, framed: leaf.framed(graph))
    guard let first, let best else {
      (self.first, self.best) = (found, found)
      version += 1
      return path.count - 1
    }
    if followsFirst && found.framed == first.framed { return relate(found, to: first) }
    if order == 0 && found.framed == best.framed { return relate(found, to: best) }
    if order > 0 || order == 0 && best.framed.lexicographicallyPrecedes(found.framed, by: { $0.lexicographicallyPrecedes($1) }) {
      self.best = found
      version += 1
    }
    return path.count - 1
  }

  /// Keeps the automorphism from one leaf to another; returns the depth of their last common ancestor.
  private mutating func relate(_ leaf: Leaf, to earlier: Leaf) -> Int {
    var images = leaf.nodes
    for (from, to) in zip(earlier.nodes, leaf.nodes) { images[from] = to }
    automorphisms.append(try! Permutation(images))
    return zip(leaf.path, earlier.path).prefix { $0 == $1 }.count
  }
}

/// The orbits of the group that some permutations generate.
private struct Orbits {
  private var parents: [Int]

  init(_ n: Int) { parents = Array(0..<n) }

  func root(of i: Int) -> Int {
    var i = i
    while parents[i] != i { i = parents[i] }
    return i
  }

  mutating func join(_ g: Permutation) {
    for i in parents.indices {
      let (a, b) = (root(of: i), root(of: g[i]))
      if a != b { parents[max(a, b)] = min(a, b) }
    }
  }
}
