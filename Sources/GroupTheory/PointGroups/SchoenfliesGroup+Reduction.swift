import Requirements

extension SchoenfliesGroup {
  /// The irreps in any representation of the group, such as a product of irreps; throws if it is no representation.
  public func reduction(of representation: some Representation<Int>) throws(DecompositionError) -> IrrepSum {
    IrrepSum(try multiplicities(in: representation))
  }

  /// How an irrep of a larger point group splits under this one: descent in symmetry.
  ///
  /// Both groups have the axes that their ``orthogonalElement(of:)`` gives; `turn` is the rotation R that brings this one into the larger
  /// group G: R h R⁻¹ is in G for every h. D₃ lies in Oₕ with its axis along (1, 1, 1), for example. Returns nil where G does not contain
  /// them all.
  public func restriction(of irrep: MullikenIrrep, turn: Rotation3 = .identity) -> IrrepSum? {
    guard let images = inclusion(in: irrep.group, turn: turn) else { return nil }
    let restricted = irrep.restricted { (h: Int) in images[h] }
    do {
      return try reduction(of: restricted)
    } catch {
      fatalError("expected the restriction of \(irrep) to \(self) to be a representation: \(error)")
    }
  }

  /// The element R h R⁻¹ of a larger group for each h, or nil where one is missing.
  private func inclusion(in group: SchoenfliesGroup, turn: Rotation3) -> [Int]? {
    let (there, back) = (OrthogonalElement(turn), OrthogonalElement(turn.inverse))
    var images: [Int] = []
    for h in elements {
      let turned = there * orthogonalElement(of: h) * back
      guard let image = group.elements.first(where: { group.orthogonalElement(of: $0).distance(to: turned) < 1e-6 }) else { return nil }
      images.append(image)
    }
    return images
  }
}

extension SchoenfliesGroup.IrrepSum {
  /// The dimension Σ multiplicity · dim σ.
  public var dimension: Int { terms.reduce(0) { $0 + $1.multiplicity * $1.irrep.dimension } }

  /// Whether an irrep occurs.
  public func contains(_ irrep: MullikenIrrep) -> Bool { multiplicity(of: irrep) > 0 }

  /// The terms whose irreps satisfy a condition.
  public func filter(_ isIncluded: (MullikenIrrep) throws -> Bool) rethrows -> Self {
    Self(try terms.filter { try isIncluded($0.irrep) })
  }

  /// The direct sum of two representations of one group.
  public static func + (a: Self, b: Self) -> Self { combined(a, b) { $0 + $1 } }

  /// What is left of a representation when another, which it must contain, is taken away.
  public static func - (a: Self, b: Self) -> Self {
    combined(a, b) { count, less in
      require(count >= less, "expected a part of \(a), received \(b)")
      return count - less
    }
  }

  private static func combined(_ a: Self, _ b: Self, _ multiplicity: (Int, Int) -> Int) -> Self {
    let groups = Set((a.terms + b.terms).map(\.irrep.group.symbol))
    require(groups.count <= 1, "expected irreps of one group, received \(a) and \(b) of \(groups.map(\.description).sorted())")
    guard let group = (a.terms + b.terms).first?.irrep.group else { return a }
    return Self(
      group.irreps.compactMap { irrep in
        let count = multiplicity(a.multiplicity(of: irrep), b.multiplicity(of: irrep))
        return count == 0 ? nil : (irrep, count)
      })
  }
}
