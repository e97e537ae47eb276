import GroupTheory
import MessagePassing

/// A frame of Sₙ at a graph: a set of permutations, each an order of the nodes, often far too many for a `Frame`, which lists them.
///
/// An element g has the node g(p) at place p; the framed graph g⁻¹A has the edges of A between places.
///
/// It is made by ``SpectralFrame``, or by ``all(_:)`` for comparison. The number of elements is exact and of any size; elements can be
/// sampled uniformly, and listed where they are few.
public struct GraphFrame: Sendable {
  private enum Elements: Sendable {
    /// All orders that keep the blocks in place.
    case blocks([[Int]])
    /// All products of an automorphism with one element.
    case coset(Permutation, PermutationGroup)
  }
  private let storage: Elements

  /// All permutations within blocks of nodes.
  init(blocks: [[Int]]) { storage = .blocks(blocks) }
  /// The coset of `element` under the automorphisms of the graph.
  init(element: Permutation, automorphisms: PermutationGroup) { storage = .coset(element, automorphisms) }

  /// All n! permutations: the trivial frame, for averages over the whole group ("GA" in the paper).
  public static func all(_ n: Int) -> GraphFrame { GraphFrame(blocks: n == 0 ? [] : [Array(0..<n)]) }

  /// The number of elements.
  public var count: BigNatural {
    switch storage {
    case .blocks(let blocks): blocks.reduce(1) { $1.indices.reduce($0) { $0 * BigNatural(UInt($1 + 1)) } }
    case .coset(_, let automorphisms): automorphisms.order
    }
  }

  /// Whether all elements give the same framed graph, so that any of them stands for all.
  public var isCanonical: Bool {
    switch storage {
    case .blocks(let blocks): blocks.allSatisfy { $0.count == 1 }
    case .coset: true
    }
  }

  /// The group of all automorphisms of the graph that keep the features of its nodes, where the frame is of the refined form; otherwise
  /// nil.
  public var automorphisms: PermutationGroup? {
    if case .coset(_, let automorphisms) = storage { automorphisms } else { nil }
  }

  /// One element; where the frame is canonical, its framed graph is a canonical form of the graph: the same for all isomorphic ones.
  public var representative: Permutation {
    switch storage {
    case .blocks(let blocks): permutation(blocks)
    case .coset(let element, _): element
    }
  }

  /// A uniform element.
  public func randomElement(using generator: inout some RandomNumberGenerator) -> Permutation {
    switch storage {
    case .blocks(let blocks): permutation(blocks.map { $0.shuffled(using: &generator) })
    case .coset(let element, let automorphisms): automorphisms.randomElement(using: &generator) * element
    }
  }

  /// All elements, with equal weights.
  /// - Throws: ``GraphFrameError/tooManyElements(count:limit:)``.
  public func frame(limit: Int = 5040) throws(GraphFrameError) -> Frame<SymmetricGroup> { Frame(try elements(limit: limit)) }

  /// One element for each different framed graph (with framed features), weighted by the share of the elements that give it: for averages
  /// of functions of the framed graph, which are the same as over ``frame(limit:)``. Where the frame is canonical, it is one element alone,
  /// found without enumeration.
  /// - Throws: ``GraphFrameError/tooManyElements(count:limit:)``.
  public func distinct(
    for graph: SimpleGraph, features: [[Double]] = [], limit: Int = 5040
  ) throws(GraphFrameError) -> Frame<SymmetricGroup> {
    if isCanonical { return Frame([representative]) }
    struct Input: Hashable {
      let graph: SimpleGraph
      let features: [[Double]]
    }
    var found: [Input: Int] = [:]
    var result: [Frame<SymmetricGroup>.Element] = []
    for g in try elements(limit: limit) {
      let input = Input(graph: graph.relabelled(g.inverse.images), features: features.isEmpty ? [] : g.images.map { features[$0] })
      if let k = found[input] {
        result[k].weight += 1
      } else {
        found[input] = result.count
        result.append((g, 1))
      }
    }
    return Frame(weighted: result)
  }

  private func elements(limit: Int) throws(GraphFrameError) -> [Permutation] {
    let count = count
    guard count <= BigNatural(UInt(limit)) else { throw .tooManyElements(count: count, limit: limit) }
    switch storage {
    case .blocks(let blocks):
      return blocks.reduce([[]]) { orders, block in
        let own = SymmetricGroup(block.count).elements.map { $0.apply(to: block) }
        return orders.flatMap { order in own.map { order + [$0] } }
      }.map(permutation)
    case .coset(let element, let automorphisms): return automorphisms.elements.map { $0 * element }
    }
  }

  private func permutation(_ blocks: [[Int]]) -> Permutation {
    // A partition of the nodes in some order is a permutation.
    try! Permutation(blocks.flatMap { $0 })
  }
}
