import Requirements

/// Values of one type with a shape: what a file says of a structure or of its atoms beside elements, places and cell.
public struct PropertyValues: Sendable, Equatable {
  /// The values, rows one after the other.
  public enum Elements: Sendable, Equatable {
    /// Words or whole texts.
    case text([String])
    /// Whole numbers.
    case integers([Int])
    /// Numbers, which may be infinite or not a number.
    case reals([Double])
    /// Truth values.
    case logicals([Bool])

    /// How many there are.
    public var count: Int {
      switch self {
      case .text(let values): values.count
      case .integers(let values): values.count
      case .reals(let values): values.count
      case .logicals(let values): values.count
      }
    }

    /// The type in words.
    var typeName: String {
      switch self {
      case .text: "text"
      case .integers: "integer"
      case .reals: "real"
      case .logicals: "logical"
      }
    }
  }

  /// The extents: [] of a single value, [3] of a vector, [3, 3] of a matrix; of atoms, the first is their number.
  public let shape: [Int]
  /// The values.
  public let elements: Elements

  /// Values in a shape, whose product is their number.
  public init(_ elements: Elements, shape: [Int]) {
    require(shape.reduce(1, *) == elements.count, "\(elements.count) values are expected, received the shape \(shape)")
    (self.elements, self.shape) = (elements, shape)
  }

  /// A single text.
  public init(_ value: String) { self.init(.text([value]), shape: []) }
  /// A single number.
  public init(_ value: Double) { self.init(.reals([value]), shape: []) }
  /// A single whole number.
  public init(_ value: Int) { self.init(.integers([value]), shape: []) }
  /// A single truth value.
  public init(_ value: Bool) { self.init(.logicals([value]), shape: []) }
  /// A vector of each atom, [atoms, 3].
  public init(_ vectors: [SIMD3<Double>]) {
    self.init(.reals(vectors.flatMap { [$0.x, $0.y, $0.z] }), shape: [vectors.count, 3])
  }

  /// The values as numbers; nil of text and truth values.
  public var reals: [Double]? {
    switch elements {
    case .reals(let values): values
    case .integers(let values): values.map { Double($0) }
    default: nil
    }
  }

  /// The values as text; nil of others.
  public var text: [String]? { if case .text(let values) = elements { values } else { nil } }
  /// The values as truth values; nil of others.
  public var logicals: [Bool]? { if case .logicals(let values) = elements { values } else { nil } }
  /// The values as whole numbers; nil of others.
  public var integers: [Int]? { if case .integers(let values) = elements { values } else { nil } }

  /// The rows as vectors of numbers; nil of other shapes.
  public var vectors: [SIMD3<Double>]? {
    guard shape.count == 2, shape[1] == 3, let reals else { return nil }
    return (0..<shape[0]).map { SIMD3(reals[3 * $0], reals[3 * $0 + 1], reals[3 * $0 + 2]) }
  }
}

/// Named values in the order in which they were given.
public struct Properties: Sendable, Equatable, Sequence {
  private var entries: [(name: String, values: PropertyValues)] = []

  /// None.
  public init() {}

  /// The names in order.
  public var names: [String] { entries.map(\.name) }
  /// How many there are.
  public var count: Int { entries.count }
  /// Whether there are none.
  public var isEmpty: Bool { entries.isEmpty }

  /// The values of a name, exactly as it is written. Setting replaces them in their place or appends them; setting nil removes them.
  public subscript(name: String) -> PropertyValues? {
    get { entries.first { $0.name == name }?.values }
    set {
      switch (entries.firstIndex { $0.name == name }, newValue) {
      case (let k?, let values?): entries[k].values = values
      case (let k?, nil): entries.remove(at: k)
      case (nil, let values?): entries.append((name, values))
      case (nil, nil): break
      }
    }
  }

  /// The names with their values in order.
  public func makeIterator() -> IndexingIterator<[(name: String, values: PropertyValues)]> { entries.makeIterator() }

  /// Without looking for the name, which must be a new one.
  mutating func append(_ name: String, _ values: PropertyValues) { entries.append((name, values)) }

  /// Equal where all names and values are, in order.
  public static func == (a: Properties, b: Properties) -> Bool {
    a.entries.count == b.entries.count && zip(a.entries, b.entries).allSatisfy { $0.name == $1.name && $0.values == $1.values }
  }
}
