import CKernels
import Requirements

/// What one operation adds to the gradients of its inputs, in their order.
struct InputGradients<Scalar: TensorScalar> {
  var first: Tensor<Scalar>?
  var second: Tensor<Scalar>?
  var third: Tensor<Scalar>?
  var rest: [Tensor<Scalar>?]
  /// The gradient of a part of the input, instead of the first one.
  var part: PartialGradient<Scalar>?

  @inline(__always) init(part: PartialGradient<Scalar>) {
    self.init()
    self.part = part
  }
  @inline(__always) init(_ first: Tensor<Scalar>? = nil, _ second: Tensor<Scalar>? = nil, _ third: Tensor<Scalar>? = nil) {
    self.first = first
    self.second = second
    self.third = third
    rest = []
  }
  init(_ all: [Tensor<Scalar>?]) {
    first = all.first ?? nil
    second = all.count > 1 ? all[1] : nil
    third = all.count > 2 ? all[2] : nil
    rest = Array(all.dropFirst(3))
  }
}

/// The gradient with respect to a range of an axis, which is 0 elsewhere. It is written into the sum where there is one, so that all slices
/// of a tensor together cost one pass over it.
final class PartialGradient<Scalar: TensorScalar> {
  let values: Tensor<Scalar>
  let axis: Int
  let start: Int
  let size: Int

  init(_ values: Tensor<Scalar>, axis: Int, start: Int, of size: Int) {
    (self.values, self.axis, self.start, self.size) = (values, axis, start, size)
  }

  /// The gradient with the zeros.
  var whole: Tensor<Scalar> { values.padded(axis: axis, before: start, to: size) }

  func accumulate(into sum: Tensor<Scalar>) {
    let shape = values.shape, inner = shape.product((axis + 1)..<shape.rank)
    ck_accumulate_rows(
      Scalar.kernelType, shape.product(0..<axis), shape[axis] * inner, values.pointer, sum.pointer + start * inner, size * inner)
  }
}

/// The inputs of an operation for which a derivative is asked.
struct Needed {
  let mask: UInt64
  /// Inputs past the 63rd share the last bit.
  @inline(__always) static func bit(_ i: Int) -> UInt64 { 1 << UInt64(min(i, 63)) }
  @inline(__always) subscript(i: Int) -> Bool { mask & Needed.bit(i) != 0 }
}

/// One operation of a graph: its inputs' nodes and its vector-Jacobian product.
///
/// Identifiers grow from inputs to outputs, so that their descending order is a topological one. The product is given the node itself:
/// a closure that captured its own output's node would never be released.
final class Node<Scalar: TensorScalar> {
  typealias VectorJacobianProduct = (_ node: Node<Scalar>, _ gradient: Tensor<Scalar>, _ needed: Needed) -> InputGradients<Scalar>

  let id: UInt64
  var parent0: Node<Scalar>?
  var parent1: Node<Scalar>?
  var parent2: Node<Scalar>?
  var others: [Node<Scalar>?]
  var vjp: VectorJacobianProduct?
  let isVariable: Bool
  /// The sweep that visited this node last, and its place there.
  var visit: UInt64 = 0
  var slot: Int = 0

  init(
    _ parent0: Node<Scalar>?, _ parent1: Node<Scalar>?, _ parent2: Node<Scalar>? = nil, others: [Node<Scalar>?] = [],
    vjp: VectorJacobianProduct?
  ) {
    let thread = ck_thread()!
    var newest = thread.pointee.last_id
    // Inputs made on another thread may be newer than anything made here.
    if let parent0, parent0.id > newest { newest = parent0.id }
    if let parent1, parent1.id > newest { newest = parent1.id }
    if let parent2, parent2.id > newest { newest = parent2.id }
    for case let p? in others where p.id > newest { newest = p.id }
    id = newest &+ 1
    thread.pointee.last_id = id
    self.parent0 = parent0
    self.parent1 = parent1
    self.parent2 = parent2
    self.others = others
    self.vjp = vjp
    isVariable = vjp == nil
  }

  @inline(__always) var parentCount: Int { 3 &+ others.count }

  /// A long chain would be released recursively and overflow the stack: the parents go to a list of this thread before the closure,
  /// which holds them too, is dropped, and the outermost release empties the list.
  deinit {
    if isVariable { return }
    let thread = ck_thread()!
    let list: PendingReleases
    if let raw = thread.pointee.pending {
      list = Unmanaged<PendingReleases>.fromOpaque(raw).takeUnretainedValue()
    } else {
      list = PendingReleases()
      thread.pointee.pending = Unmanaged.passRetained(list).toOpaque()
    }
    if let p = parent0 { list.nodes.append(p) }
    if let p = parent1 { list.nodes.append(p) }
    if let p = parent2 { list.nodes.append(p) }
    for case let p? in others { list.nodes.append(p) }
    parent0 = nil
    parent1 = nil
    parent2 = nil
    others = []
    vjp = nil
    if thread.pointee.draining == 0 {
      thread.pointee.draining = 1
      while let next = list.nodes.popLast() { _ = next }
      thread.pointee.draining = 0
    }
  }
}

/// Nodes whose last reference is about to go.
final class PendingReleases { var nodes: [AnyObject] = [] }

/// Whether operations of this thread record graphs.
@inline(__always) package var isRecording: Bool { ck_thread().pointee.paused == 0 }

/// Runs `body` without recording graphs, for evaluation.
public func withoutRecording<R>(_ body: () throws -> R) rethrows -> R {
  let thread = ck_thread()!
  thread.pointee.paused += 1
  defer { thread.pointee.paused -= 1 }
  return try body()
}

extension Tensor {
  /// This result with a node, for operations of up to three inputs, of which at least one is tracked.
  @inline(__always) func recorded(
    from a: Node<Scalar>?, _ b: Node<Scalar>? = nil, _ c: Node<Scalar>? = nil, _ vjp: @escaping Node<Scalar>.VectorJacobianProduct
  ) -> Tensor {
    Tensor(storage: storage, shape: shape, node: Node(a, b, c, vjp: vjp))
  }
  /// The same for any number of inputs.
  func recorded(from inputs: [Tensor], _ vjp: @escaping Node<Scalar>.VectorJacobianProduct) -> Tensor {
    guard isRecording, inputs.contains(where: { $0.node != nil }) else { return self }
    let nodes = inputs.map(\.node)
    return Tensor(
      storage: storage, shape: shape,
      node: Node(
        nodes.first ?? nil, nodes.count > 1 ? nodes[1] : nil, nodes.count > 2 ? nodes[2] : nil, others: Array(nodes.dropFirst(3)), vjp: vjp)
    )
  }

  /// An operation with a hand-written derivative.
  ///
  /// - Parameters:
  ///   - inputs: the tensors that `value` was computed from.
  ///   - value: the result.
  ///   - vjp: a function that takes the gradient with respect to the result and gives those with respect to the inputs (nil for zero), made
  ///     of tensor operations so that they can be differentiated again. It receives the result itself as a part of the graph: capture
  ///     inputs, not the result.
  public static func operation(
    _ inputs: [Tensor], value: Tensor, vjp: @escaping (_ result: Tensor, _ gradient: Tensor) -> [Tensor?]
  ) -> Tensor {
    let storage = value.storage
    let shape = value.shape
    let shapes = inputs.map(\.shape)
    return value.detached.recorded(from: inputs) { node, g, _ in
      let gradients = vjp(Tensor(storage: storage, shape: shape, node: node), g)
      require(gradients.count == shapes.count, "\(shapes.count) gradients are expected, received \(gradients.count)")
      for (gradient, shape) in zip(gradients, shapes) {
        if let gradient { require(gradient.shape == shape, "a gradient of shape \(shape) is expected, received \(gradient.shape)") }
      }
      return InputGradients(gradients)
    }
  }
}
