import Requirements

/// The cyclic group C_n of rotations by multiples of 2π/n; the element k in 0..<n is the rotation by 2πk/n.
public struct CyclicGroup: FiniteGroup {
  /// The number of elements.
  public let n: Int

  /// C_n; traps for n < 1 and for n > 2³⁰.
  public init(_ n: Int) {
    Self.check(order: n)
    self.n = n
  }

  /// Traps unless products of two elements, and of an element and a frequency, stay far inside an `Int`.
  static func check(order n: Int) {
    require(n >= 1 && n <= 1 << 30, "expected a cyclic group of 1 to 2^30 elements, received \(n)")
  }

  /// 0.
  public var identity: Int { 0 }

  /// a + b modulo n.
  public func product(_ a: Int, _ b: Int) -> Int {
    check(a)
    check(b)
    return a < n - b ? a + b : a - (n - b)
  }

  /// −a modulo n.
  public func inverse(of a: Int) -> Int {
    check(a)
    return a == 0 ? 0 : n - a
  }

  /// A uniform element.
  public func randomElement(using generator: inout some RandomNumberGenerator) -> Int { Int.random(in: 0..<n, using: &generator) }

  /// n.
  public var order: Int { n }

  /// 0, 1, ..., n − 1.
  public var elements: [Int] { Array(0..<n) }

  /// a itself.
  public func index(of a: Int) -> Int {
    check(a)
    return a
  }

  /// The rotation by 2π/n.
  public var generators: [Int] { n == 1 ? [] : [1] }

  /// The embedding in SO(2): the rotation by 2πa/n; quarter turns are exact.
  public func rotation(of a: Int) -> Rotation2 {
    check(a)
    return cyclicTurn(a, frequency: 1, n: n)
  }

  private func check(_ a: Int) {
    require(a >= 0 && a < n, "expected an element of 0..<\(n), received \(a)")
  }
}
