import Requirements

/// A symmetry of the indices of a tensor, written as a formula: "ij=ji" (symmetric), "ij=-ji" (antisymmetric), "ijkl=jikl=ijlk=klij"
/// (an elasticity tensor).
public struct IndexSymmetry: Sendable, ExpressibleByStringLiteral {
  /// The names of the indices, in order.
  public let indices: [Character]
  /// All permutations that follow from the formula with their signs: T[i₀ i₁ ...] = sign · T[i_{images[0]} i_{images[1]} ...].
  public let permutations: [(images: [Int], sign: Int)]

  /// The symmetry of a formula; traps unless all its sides have the same, distinct letters.
  public init(_ formula: String) {
    let sides = formula.split(separator: "=").map { side -> (sign: Int, letters: [Character]) in
      let letters = side.filter { $0 != " " }
      return letters.first == "-" ? (-1, Array(letters.dropFirst())) : (1, Array(letters))
    }
    let indices = sides.first?.letters ?? []
    require(
      !indices.isEmpty && Set(indices).count == indices.count && sides[0].sign == 1
        && sides.allSatisfy { $0.letters.count == indices.count && Set($0.letters) == Set(indices) },
      "expected a formula such as \"ijk=-jik\", received \"\(formula)\"")
    let generators = sides.dropFirst().map { side in (side.letters.map { indices.firstIndex(of: $0)! }, side.sign) }
    var found = [(images: Array(indices.indices), sign: 1)]
    var next = 0
    while next < found.count {
      let (images, sign) = found[next]
      next += 1
      for (generator, other) in generators {
        let product = (images: generator.map { images[$0] }, sign: sign * other)
        if !found.contains(where: { $0 == product }) { found.append(product) }
      }
    }
    (self.indices, permutations) = (indices, found)
  }

  /// The symmetry of a formula.
  public init(stringLiteral formula: String) { self.init(formula) }

  /// Whether two indices are exchanged by some permutation, so that they must have the same irreps.
  func relates(_ a: Int, _ b: Int) -> Bool { permutations.contains { $0.images[a] == b } }
}
