import CKernels
import Requirements

/// A dense array of `Float` or `Double` in row-major order, with derivatives of any order.
///
/// A tensor is a value: operations make new ones. Where one of its inputs takes part in a derivative, an operation also records
/// a node of a graph; ``gradient(of:withRespectTo:seed:keepingGraph:)->[Tensor<Scalar>]`` runs through it backwards. Each derivative is
/// again made of tensor operations, so a gradient can be differentiated.
///
/// A graph belongs to the thread that builds it. A tensor without a graph (a parameter of a module, a batch) may be read by many threads.
public struct Tensor<Scalar: TensorScalar>: @unchecked Sendable {
  var storage: Storage<Scalar>
  /// The dimensions.
  public let shape: Shape
  let node: Node<Scalar>?

  @inline(__always) init(storage: Storage<Scalar>, shape: Shape, node: Node<Scalar>? = nil) {
    self.storage = storage
    self.shape = shape
    self.node = node
  }
  /// Memory without values, for an operation that writes all of it.
  @inline(__always) package init(uninitialized shape: Shape) {
    self.init(storage: Storage(count: shape.elementCount), shape: shape)
  }
  /// Mutable access for the operation that has just made this tensor.
  @inline(__always) package var pointer: UnsafeMutablePointer<Scalar> { storage.pointer }
  @inline(__always) var isTracked: Bool { node != nil && isRecording }
  /// The same values in another shape, outside the graph.
  @inline(__always) func viewed(as shape: Shape) -> Tensor { Tensor(storage: storage, shape: shape) }

  /// The number of elements.
  public var count: Int { storage.count }
  /// The number of dimensions.
  public var rank: Int { shape.rank }

  /// A tensor from its elements in row-major order.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public init(_ elements: [Scalar], shape: Shape) {
    require(
      elements.count == shape.elementCount, "shape \(shape) expects \(shape.elementCount) elements, received \(elements.count)")
    self.init(uninitialized: shape)
    elements.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { copy(base, to: pointer, count: elements.count) }
    }
  }
  /// A vector.
  public init(_ elements: [Scalar]) { self.init(elements, shape: Shape(elements.count)) }
  /// A scalar, of rank 0.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public init(_ value: Scalar) {
    self.init(uninitialized: Shape([]))
    pointer[0] = value
  }
  /// A matrix from its rows, all of one length.
  public init(rows: [[Scalar]]) {
    let width = rows.first?.count ?? 0
    require(rows.allSatisfy { $0.count == width }, "rows of one length are expected, received \(rows.map(\.count))")
    self.init(rows.flatMap { $0 }, shape: [rows.count, width])
  }
  /// A tensor whose elements are all equal.
  public init(repeating value: Scalar, shape: Shape) {
    self.init(uninitialized: shape)
    nonisolated(unsafe) let y = pointer
    Threads.split(count, grain: 32768) { start, n in ck_fill(Scalar.kernelType, n, Double(value), y + start) }
  }
  /// A tensor whose elements are all 0.
  public static func zeros(_ shape: Shape) -> Tensor { Tensor(repeating: 0, shape: shape) }
  /// A tensor whose elements are all 1.
  public static func ones(_ shape: Shape) -> Tensor { Tensor(repeating: 1, shape: shape) }
  /// The n x n identity.
  public static func identity(_ n: Int) -> Tensor {
    let out = zeros([n, n])
    for i in 0..<n { out.pointer[i * n + i] = 1 }
    return out
  }
  /// A tensor whose memory `fill` writes completely, in row-major order.
  public init(shape: Shape, filledBy fill: (UnsafeMutableBufferPointer<Scalar>) throws -> Void) rethrows {
    self.init(uninitialized: shape)
    try fill(UnsafeMutableBufferPointer(start: pointer, count: count))
  }

  /// The elements in row-major order.
  public var elements: [Scalar] { copiedElements() }
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func copiedElements() -> [Scalar] {
    [Scalar](unsafeUninitializedCapacity: count) { buffer, n in
      if let base = buffer.baseAddress { copy(pointer, to: base, count: count) }
      n = count
    }
  }
  /// Reads the elements in place.
  public func withElements<R>(_ body: (UnsafeBufferPointer<Scalar>) throws -> R) rethrows -> R {
    try withExtendedLifetime(storage) { try body(UnsafeBufferPointer(start: storage.pointer, count: storage.count)) }
  }
  /// Changes the elements in place; copies them first where another tensor shares them. The result is outside any graph.
  public mutating func withMutableElements<R>(_ body: (UnsafeMutableBufferPointer<Scalar>) throws -> R) rethrows -> R {
    own()
    return try body(UnsafeMutableBufferPointer(start: storage.pointer, count: storage.count))
  }
  /// The value of a tensor with one element.
  public var item: Scalar {
    require(count == 1, "a tensor of one element is expected, received shape \(shape)")
    return pointer[0]
  }
  /// One element, by an index for each axis: `x[2, 0]`. A row is `x.sliced(axis: 0, 2..<3)`; any other number of indices traps.
  public subscript(indices: Int...) -> Scalar {
    require(
      indices.count == rank,
      "\(rank) indices are expected for one element of shape \(shape), received \(indices.count) (x.sliced(axis:_:) takes rows)")
    var offset = 0
    for (i, index) in indices.enumerated() {
      require(index >= 0 && index < shape[i], "an index in 0 ..< \(shape[i]) is expected on axis \(i) of \(shape), received \(index)")
      offset = offset * shape[i] + index
    }
    return pointer[offset]
  }

  /// The same values outside any graph, so that derivatives stop here.
  public var detached: Tensor { Tensor(storage: storage, shape: shape) }
  /// The same values as a variable, with respect to which gradients can be asked.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func asVariable() -> Tensor { Tensor(storage: storage, shape: shape, node: Node(nil, nil, vjp: nil)) }
  /// Whether operations on this tensor record a graph.
  public var requiresGradient: Bool { node != nil }

  /// The same values in another element type, outside any graph.
  public func converted<Other: TensorScalar>(to other: Other.Type) -> Tensor<Other> {
    if let same = self as? Tensor<Other> { return same.detached }
    let out = Tensor<Other>(uninitialized: shape)
    nonisolated(unsafe) let (x, y) = (UnsafeMutableRawPointer(pointer), UnsafeMutableRawPointer(out.pointer))
    let widens = Scalar.self == Float.self
    Threads.split(count, grain: 1 << 15) { start, n in
      // Concrete types, so that the loops are compiled to vector instructions.
      if widens {
        let (from, to) = (x.assumingMemoryBound(to: Float.self), y.assumingMemoryBound(to: Double.self))
        for i in start..<start &+ n { to[i] = Double(from[i]) }
      } else {
        let (from, to) = (x.assumingMemoryBound(to: Double.self), y.assumingMemoryBound(to: Float.self))
        for i in start..<start &+ n { to[i] = Float(from[i]) }
      }
    }
    return out
  }
}

extension Tensor: Equatable {
  /// Whether the shapes are the same and the elements equal (NaN differs from itself).
  public static func == (a: Tensor, b: Tensor) -> Bool {
    a.shape == b.shape && a.withElements { x in b.withElements { y in x.elementsEqual(y) } }
  }
}

extension Tensor: CustomStringConvertible {
  /// The shape and the first elements.
  public var description: String {
    let shown = elements.prefix(12).map { "\($0)" }.joined(separator: ", ")
    return "Tensor<\(Scalar.self)>\(shape) [\(shown)\(count > 12 ? ", ..." : "")]"
  }
}
