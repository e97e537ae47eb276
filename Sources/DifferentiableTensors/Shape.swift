import Requirements

/// The dimensions of a tensor, outermost first: at most eight, kept inline.
///
/// Axes are counted from 0; a negative axis counts from the end, so that -1 is the innermost.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  @usableFromInline var extents: SIMD8<Int32> = .zero
  /// The number of dimensions. A scalar has none.
  public private(set) var rank: Int = 0

  /// The largest number of dimensions.
  public static let maximumRank = 8

  /// A shape from its dimensions; each must be at least 0.
  public init(_ dimensions: some Sequence<Int>) {
    for d in dimensions { append(d) }
  }
  /// `[2, 3]`
  public init(arrayLiteral dimensions: Int...) {
    for d in dimensions { append(d) }
  }
  init(_ a: Int) { append(a) }
  init(_ a: Int, _ b: Int) {
    append(a)
    append(b)
  }

  /// Adds an innermost dimension.
  public mutating func append(_ dimension: Int) {
    require(rank < Shape.maximumRank, "a tensor has at most \(Shape.maximumRank) dimensions, got one more after \(self)")
    require(dimension >= 0 && dimension <= Int(Int32.max), "a dimension lies in 0...\(Int32.max), got \(dimension)")
    extents[rank] = Int32(truncatingIfNeeded: dimension)
    rank &+= 1
  }

  /// The size of a dimension.
  public subscript(axis: Int) -> Int {
    get { Int(extents[index(of: axis)]) }
    set { extents[index(of: axis)] = Int32(newValue) }
  }

  /// The position of an axis that may be negative. Traps where there is no such axis.
  @inline(__always) public func index(of axis: Int) -> Int {
    let i = axis < 0 ? axis &+ rank : axis
    require(i >= 0 && i < rank, "expected an axis of \(self), -\(rank) ..< \(rank), received \(axis)")
    return i
  }

  /// The number of elements, the product of the dimensions. Traps where it exceeds an `Int`.
  public var elementCount: Int {
    var count = 1
    for i in 0..<rank { count *= Int(extents[i]) }
    return count
  }

  /// The dimensions as an array.
  public var dimensions: [Int] { (0..<rank).map { Int(extents[$0]) } }

  /// `[2, 3]`
  public var description: String { dimensions.description }

  /// The number of elements between neighbours along each axis, in row-major order.
  var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for i in stride(from: rank - 2, through: 0, by: -1) { strides[i] = strides[i + 1] * self[i + 1] }
    return strides
  }

  /// The product of the dimensions in a range of axes.
  func product(_ axes: Range<Int>) -> Int { axes.reduce(1) { $0 * self[$1] } }

  /// The same shape with the axes in `axes` of size 1, or removed.
  func reducing(_ axes: Set<Int>, keepingDimensions keep: Bool) -> Shape {
    var out = Shape([])
    for i in 0..<rank {
      if !axes.contains(i) { out.append(self[i]) } else if keep { out.append(1) }
    }
    return out
  }

  /// The shape of an elementwise operation: axes are aligned at the innermost one, and sizes are equal or one of them is 1.
  static func broadcast(_ a: Shape, _ b: Shape) -> Shape {
    if a == b { return a }
    var out = a.rank >= b.rank ? a : b
    for i in 1...max(out.rank, 1) where i <= out.rank {
      let x = i <= a.rank ? a[-i] : 1
      let y = i <= b.rank ? b[-i] : 1
      require(x == y || x == 1 || y == 1, "shapes that broadcast are expected, received \(a) and \(b)")
      out[-i] = x == 1 ? y : x
    }
    return out
  }
}
