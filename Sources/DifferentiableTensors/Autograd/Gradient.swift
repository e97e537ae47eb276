import CKernels
import Requirements
import Synchronization

/// The gradient of `y` with respect to each of `variables`, by one sweep backwards through the graph of `y`.
///
/// - Parameters:
///   - y: the value to differentiate. Where it has more than one element, the gradient is that of their sum, or of their sum weighted by
///     `seed`.
///   - variables: tensors with a graph (``Tensor/asVariable()``, or results of operations on variables). A graph is swept by one thread at
///     a time.
///   - seed: weights of the elements of `y`; ones where nil.
///   - keepingGraph: whether the graph stays in place for another sweep and the gradients themselves are recorded, so that they can be
///     differentiated. Otherwise each operation's memory is freed as soon as it has been used, and a second sweep traps.
/// - Returns: a tensor of each variable's shape; zeros where `y` does not depend on it.
///
/// Traps where `y` was computed without recording, as in ``withoutRecording(_:)``, or in the vector-Jacobian product of an operation during
/// a gradient that does not keep the graph.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
public func gradient<Scalar: TensorScalar>(
  of y: Tensor<Scalar>, withRespectTo variables: [Tensor<Scalar>], seed: Tensor<Scalar>? = nil, keepingGraph: Bool = false
) -> [Tensor<Scalar>] {
  for (i, x) in variables.enumerated() {
    require(x.node != nil, "variable \(i) of shape \(x.shape) has no graph: make it with asVariable()")
  }
  if let seed { require(seed.shape == y.shape, "a seed of shape \(y.shape) is expected, received \(seed.shape)") }
  guard let root = y.node else {
    require(isRecording, "a value with a graph is expected, received one of shape \(y.shape) computed where nothing is recorded")
    return variables.map { .zeros($0.shape) }
  }
  var sweep = Sweep(from: root, to: variables.map { $0.node! })
  let start = seed ?? Tensor.ones(y.shape)
  if keepingGraph { sweep.run(from: start, keepingGraph: true) } else { withoutRecording { sweep.run(from: start, keepingGraph: false) } }
  return zip(variables, sweep.results).map { $1 ?? .zeros($0.shape) }
}

/// The gradient with respect to one variable.
public func gradient<Scalar: TensorScalar>(
  of y: Tensor<Scalar>, withRespectTo variable: Tensor<Scalar>, seed: Tensor<Scalar>? = nil, keepingGraph: Bool = false
) -> Tensor<Scalar> {
  gradient(of: y, withRespectTo: [variable], seed: seed, keepingGraph: keepingGraph)[0]
}

/// One pass over a graph, newest node first.
struct Sweep<Scalar: TensorScalar> {
  private var nodes: [Node<Scalar>] = []
  private let variableSlots: [Int?]
  private var parentSlots: [Int32]  // of each node's parents from starts[node] on, -1 where no derivative is needed
  private var starts: [Int]
  private var needed: [Bool]
  private var wanted: [Bool]
  private var sums: [Tensor<Scalar>?] = []

  init(from root: Node<Scalar>, to variables: [Node<Scalar>]) {
    let number = sweepCount.add(1, ordering: .relaxed).newValue
    root.visit = number
    // Found in any order, then put in descending order of identifiers: (identifier, place found) pairs are quicker to sort than nodes.
    var found = [root]
    var keys: [(id: UInt64, place: Int)] = [(root.id, 0)]
    var next = 0
    func add(_ node: Node<Scalar>?) {
      guard let node, node.visit != number else { return }
      node.visit = number
      keys.append((node.id, found.count))
      found.append(node)
    }
    while next < found.count {
      let node = found[next]
      next += 1
      add(node.parent0)
      add(node.parent1)
      add(node.parent2)
      for p in node.others { add(p) }
    }
    keys.sort { $0.id > $1.id }
    nodes.reserveCapacity(found.count)
    for key in keys {
      let node = found[key.place]
      node.slot = nodes.count
      nodes.append(node)
    }
    var needed = [Bool](repeating: false, count: nodes.count)
    var wanted = needed
    var parentSlots: [Int32] = []
    parentSlots.reserveCapacity(3 * nodes.count)
    // Kept here: a product may sweep the same nodes itself.
    variableSlots = variables.map { $0.visit == number ? $0.slot : nil }
    for case let slot? in variableSlots {
      needed[slot] = true
      wanted[slot] = true
    }
    // Oldest first: a node is needed where one of its parents is.
    var starts = [Int](repeating: 0, count: nodes.count)
    for i in nodes.indices.reversed() {
      let node = nodes[i]
      if node.isVariable && !needed[i] { continue }
      starts[i] = parentSlots.count
      func see(_ parent: Node<Scalar>?) {
        if let parent, needed[parent.slot] {
          parentSlots.append(Int32(truncatingIfNeeded: parent.slot))
          needed[i] = true
        } else {
          parentSlots.append(-1)
        }
      }
      see(node.parent0)
      see(node.parent1)
      see(node.parent2)
      for p in node.others { see(p) }
    }
    (self.starts, self.parentSlots, self.needed, self.wanted) = (starts, parentSlots, needed, wanted)
    sums = [Tensor<Scalar>?](repeating: nil, count: nodes.count)
  }

  mutating func run(from seed: Tensor<Scalar>, keepingGraph: Bool) {
    sums[0] = seed
    for i in nodes.indices where needed[i] {
      let node = nodes[i]
      guard let g = sums[i] else { continue }
      if !wanted[i] { sums[i] = nil }
      if node.isVariable { continue }
      let parents = starts[i]..<starts[i] + node.parentCount
      var mask: UInt64 = 0
      for k in parents where parentSlots[k] >= 0 { mask |= Needed.bit(k - parents.lowerBound) }
      if mask == 0 { continue }
      guard let vjp = node.vjp else {
        fatalError("this graph was freed by an earlier gradient: ask that one for keepingGraph: true")
      }
      let gradients = vjp(node, g, Needed(mask: mask))
      // The closure holds what the operation saved: it goes before the next one runs.
      if !keepingGraph { node.vjp = nil }
      let first = parents.lowerBound
      if parentSlots[first] >= 0, let part = gradients.first { add(part, to: Int(parentSlots[first])) }
      if parentSlots[first] >= 0, let part = gradients.part { add(part, to: Int(parentSlots[first])) }
      if parentSlots[first + 1] >= 0, let part = gradients.second { add(part, to: Int(parentSlots[first + 1])) }
      if parentSlots[first + 2] >= 0, let part = gradients.third { add(part, to: Int(parentSlots[first + 2])) }
      for (k, part) in gradients.rest.enumerated() where parentSlots[first + 3 + k] >= 0 {
        if let part { add(part, to: Int(parentSlots[first + 3 + k])) }
      }
    }
  }

  @inline(__always) private mutating func add(_ part: Tensor<Scalar>, to slot: Int) {
    guard var old = sums[slot] else {
      sums[slot] = part
      return
    }
    sums[slot] = nil
    if !isRecording && isKnownUniquelyReferenced(&old.storage) {
      ck_accumulate(Scalar.kernelType, old.count, part.pointer, old.pointer)
    } else {
      old = old + part
    }
    sums[slot] = old
  }

  private mutating func add(_ part: PartialGradient<Scalar>, to slot: Int) {
    guard var old = sums[slot], !isRecording else { return add(part.whole, to: slot) }
    sums[slot] = nil
    old.own()
    part.accumulate(into: old)
    sums[slot] = old
  }

  /// The gradient with respect to each variable; nil where there is none.
  var results: [Tensor<Scalar>?] { variableSlots.map { $0.flatMap { sums[$0] } } }
}

/// The number of sweeps of all threads, since nodes outlive the threads that made them.
private let sweepCount = Atomic<UInt64>(0)
