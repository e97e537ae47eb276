import Requirements

/// A partition λ of n: positive integers in decreasing order with sum n. Partitions of n name the conjugacy classes of S_n (cycle lengths)
/// and its irreps (``SymmetricGroupIrrep``).
public struct Partition: Hashable, Sendable, CustomStringConvertible {
  /// λ₁ ≥ λ₂ ≥ ... ≥ 1.
  public let parts: [Int]

  /// The partition with the given parts; traps unless they are positive and in (weakly) decreasing order.
  public init(_ parts: [Int]) {
    require(
      parts.allSatisfy { $0 > 0 } && zip(parts, parts.dropFirst()).allSatisfy { $0 >= $1 },
      "expected positive parts in decreasing order, received \(parts)")
    self.parts = parts
  }

  /// n, the sum of the parts.
  public var size: Int { parts.reduce(0, +) }

  /// All partitions of n in reverse lexicographic order: [n] first, [1, ..., 1] last; for n = 0 the empty one.
  public static func all(of n: Int) -> [Partition] {
    require(n >= 0, "expected a partition of at least 0, received \(n)")
    func extend(_ parts: [Int], _ rest: Int) -> [[Int]] {
      if rest == 0 { return [parts] }
      let largest = min(rest, parts.last ?? rest)
      return stride(from: largest, to: 0, by: -1).flatMap { extend(parts + [$0], rest - $0) }
    }
    return extend([], n).map { Partition($0) }
  }

  /// The conjugate partition λ′: the diagram reflected, λ′ⱼ = #{i : λᵢ ≥ j}.
  public var conjugate: Partition {
    Partition((0..<(parts.first ?? 0)).map { column in parts.count { $0 > column } })
  }

  /// The hook lengths, row by row: boxes to the right, boxes below, and the box itself.
  public var hookLengths: [[Int]] {
    let columns = conjugate.parts
    return parts.enumerated().map { i, length in (0..<length).map { j in length - j + columns[j] - i - 1 } }
  }

  /// The dimension of the irrep of S_n, the number of standard tableaux: n! / Π hook lengths (Frame, Robinson and Thrall 1954).
  public var irrepDimension: Int { factorialQuotient(size, by: hookLengths.flatMap { $0 }) }

  /// The number of permutations of n points with these cycle lengths: n! / Π_i (mᵢ! iᵐⁱ), where mᵢ parts equal i.
  public var conjugacyClassSize: Int {
    let repeats = Dictionary(grouping: parts) { $0 }.values.flatMap { Array(1...$0.count) }
    return factorialQuotient(size, by: parts + repeats)
  }

  /// One permutation with these cycle lengths: (0 1 ... λ₁−1)(λ₁ ...)...
  public var representative: Permutation {
    var images: [Int] = []
    for length in parts {
      let start = images.count
      images += (0..<length).map { start + ($0 + 1) % length }
    }
    return Permutation(unchecked: images)
  }

  /// The character χ^λ(μ) of the irrep λ of S_n on the class μ, exactly, by the Murnaghan-Nakayama rule; traps unless both are partitions
  /// of the same n, and where the value exceeds an `Int`.
  public func character(on cycleType: Partition) -> Int {
    require(size == cycleType.size, "expected a cycle type of \(size), received one of \(cycleType.size)")
    // Removing a rim hook of length k lowers one number of the set {λᵢ + (rows − i)} by k to a free place; the sign is that of the numbers
    // passed over.
    let rows = parts.count
    let start = Set(parts.enumerated().map { $1 + rows - 1 - $0 })
    // Different orders of removal reach the same diagrams: without this memory their number would be exponential in n.
    var known: [Set<Int>: Int] = [:]
    func sum(_ beta: Set<Int>, _ cycles: ArraySlice<Int>) -> Int {
      guard let k = cycles.first else { return 1 }
      if let value = known[beta] { return value }
      var result = 0
      for b in beta where b >= k && !beta.contains(b - k) {
        let passed = beta.count { $0 > b - k && $0 < b }
        let value = sum(beta.subtracting([b]).union([b - k]), cycles.dropFirst())
        let (total, overflow) =
          passed.isMultiple(of: 2) ? result.addingReportingOverflow(value) : result.subtractingReportingOverflow(value)
        require(!overflow, "expected a character that fits an Int, received one of \(self) on \(cycleType)")
        result = total
      }
      known[beta] = result
      return result
    }
    return sum(start, cycleType.parts[...])
  }

  /// "[3, 1]".
  public var description: String { "\(parts)" }
}

extension Permutation {
  /// The conjugacy class: the cycle lengths as a partition.
  public var conjugacyClass: Partition { Partition(cycleType) }
}

/// n! / Π divisors, an integer: common factors are taken out first, so that only a result too large for an `Int` traps.
private func factorialQuotient(_ n: Int, by divisors: [Int]) -> Int {
  func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }
  var factors = Array(1..<(n + 1))
  for divisor in divisors {
    var rest = divisor
    for i in factors.indices where rest > 1 {
      let common = gcd(factors[i], rest)
      factors[i] /= common
      rest /= common
    }
  }
  return factors.reduce(1) { product, factor in
    let (result, overflow) = product.multipliedReportingOverflow(by: factor)
    require(!overflow, "expected a quotient of \(n)! that fits an Int, received one by \(divisors)")
    return result
  }
}
