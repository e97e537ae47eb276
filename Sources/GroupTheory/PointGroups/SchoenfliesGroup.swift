import RealModule
import Requirements

/// A point group of molecules with its irreps by their Mulliken symbols, its character table, and the restriction of irreps of O(3) to it.
///
/// ```swift
/// let group = SchoenfliesGroup.d4h
/// print(group.characterTable)
/// print(group.restriction(of: O3.Irrep("2e")!))      // A1g + B1g + B2g + Eg: how a d shell splits in a square field
/// ```
///
/// An element is its place in ``elements``; ``orthogonalElement(of:)`` is the map of space that it stands for, with the principal axis
/// along z. There are two conventions where the literature leaves a choice: of the two classes of two-fold axes or planes beside the
/// principal axis, the first (C₂′, σᵥ) is that through x; in D₂ and D₂ₕ, B₁, B₂ and B₃ are even under the half turn about z, y and x.
public struct SchoenfliesGroup: FiniteGroup {
  /// The symbol.
  public let symbol: SchoenfliesSymbol
  let storage: Storage

  /// The group of a symbol; traps where there is no such group, such as C₃ with mirrors d.
  public init(_ symbol: SchoenfliesSymbol) {
    self.symbol = symbol
    storage = Storage(symbol)
  }

  /// The group that a text names, such as "D4h"; nil where there is none.
  public init?(_ text: some StringProtocol) {
    guard let symbol = SchoenfliesSymbol(text) else { return nil }
    self.init(symbol)
  }

  /// |G|.
  public var order: Int { storage.elements.count }
  /// 0.
  public var identity: Int { 0 }
  /// 0 ..< order: the rotations first.
  public var elements: [Int] { Array(0..<order) }
  /// Elements that generate the group.
  public var generators: [Int] { storage.table.generators }
  /// The product ab, b first.
  public func product(_ a: Int, _ b: Int) -> Int { storage.table.product(a, b) }
  /// The inverse.
  public func inverse(of a: Int) -> Int { storage.table.inverse(of: a) }
  /// a itself.
  public func index(of a: Int) -> Int { storage.table.index(of: a) }
  /// A uniform element.
  public func randomElement(using generator: inout some RandomNumberGenerator) -> Int { Int.random(in: 0..<order, using: &generator) }

  /// The orthogonal map of space that an element stands for.
  public func orthogonalElement(of a: Int) -> OrthogonalElement { storage.elements[storage.table.index(of: a)] }

  /// The elements, their products and the names of classes and irreps.
  final class Storage: Sendable {
    let elements: [OrthogonalElement]
    let table: TableGroup
    /// Classes in the order of character tables, with their names, and the irreps in the order of ``names``.
    let classes: [(name: String, elements: [Int])]
    let irreps: [(name: String, number: Int)]

    init(_ symbol: SchoenfliesSymbol) {
      let generators = symbol.generators
      var found = [OrthogonalElement.identity]
      func place(_ g: OrthogonalElement) -> Int? { found.firstIndex { $0.distance(to: g) < 1e-6 } }
      var next = 0
      while next < found.count {
        for g in generators {
          let image = found[next] * g
          if place(image) == nil { found.append(image) }
        }
        next += 1
      }
      found = found.filter { !$0.isImproper } + found.filter(\.isImproper)
      elements = found
      let rows = found.map { a in found.map { b in place(a * b)! } }
      do {
        table = try TableGroup(rows)
      } catch {
        fatalError("expected the elements of \(symbol) to be a group: \(error)")
      }
      let naming = PointGroupNaming(symbol, elements: found, table: table)
      (classes, irreps) = (naming.classes, naming.irreps)
    }
  }
}

extension SchoenfliesGroup: CustomStringConvertible {
  /// The Schoenflies symbol.
  public var description: String { symbol.description }
}

/// An irrep of a ``SchoenfliesGroup`` by its Mulliken symbol; complex pairs, such as E of C₃, are one real irrep.
public struct MullikenIrrep: IrreducibleRepresentation {
  /// The group.
  public let group: SchoenfliesGroup
  /// The place in ``SchoenfliesGroup/irreps``.
  public let number: Int

  private var plain: FiniteGroupIrrep { FiniteGroupIrrep(group: group.storage.table, number: group.storage.irreps[number].number) }

  /// The dimension that the letter stands for: A and B 1, E 2, T 3, G 4, H 5.
  public var dimension: Int { plain.dimension }
  /// The matrix ρ(g).
  public func callAsFunction(_ g: Int) -> Matrix<Double> { plain(g) }
  /// tr ρ(g).
  public func character(of g: Int) -> Double { plain.character(of: g) }
  /// The matrix 1, and J for complex pairs.
  public var endomorphisms: [Matrix<Double>] { plain.endomorphisms }
  /// The Mulliken symbol, such as "B2u" or "E1''".
  public var description: String { group.storage.irreps[number].name }

  /// Whether both are the same irrep of the same group.
  public static func == (a: MullikenIrrep, b: MullikenIrrep) -> Bool { a.number == b.number && a.group.symbol == b.group.symbol }
  /// Hashes the group's symbol and the number.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(group.symbol)
    hasher.combine(number)
  }
}

extension SchoenfliesGroup: GroupWithIrreps {
  /// All irreps in the order of character tables, whatever the degree.
  public func irreps(upTo degree: Int) -> [MullikenIrrep] { storage.irreps.indices.map { MullikenIrrep(group: self, number: $0) } }

  /// The irrep of a Mulliken symbol, such as "T2g"; nil where the group has none of that name.
  public func irrep(_ name: String) -> MullikenIrrep? {
    storage.irreps.firstIndex { $0.name == name }.map { MullikenIrrep(group: self, number: $0) }
  }

  /// How an irrep of O(3) splits under the group: subduction, by characters.
  public func restriction(of irrep: O3.Irrep) -> IrrepSum { restriction(of: Irreps<O3>(irrep)) }

  /// How a representation of O(3) splits under the group.
  public func restriction(of irreps: Irreps<O3>) -> IrrepSum {
    let characters = elements.map { g in
      irreps.terms.reduce(0) { $0 + Double($1.multiplicity) * $1.irrep.character(of: orthogonalElement(of: g)) }
    }
    return IrrepSum(
      self.irreps.compactMap { irrep in
        let product = elements.reduce(0) { $0 + characters[$1] * irrep.character(of: $1) } / Double(order)
        let count = product / Double(irrep.frobeniusSchurType.endomorphismDimension)
        require(abs(count - count.rounded()) < 1e-6, "expected a whole number of \(irrep) in \(irreps), received \(count)")
        return count.rounded() == 0 ? nil : (irrep, Int(count.rounded()))
      })
  }

  /// Irreps with multiplicities, written as chemists do: "A1g + 2Eu".
  public struct IrrepSum: Equatable, Sendable, CustomStringConvertible {
    /// The irreps that occur and how often, in the order of the character table.
    public let terms: [(irrep: MullikenIrrep, multiplicity: Int)]

    init(_ terms: [(irrep: MullikenIrrep, multiplicity: Int)]) { self.terms = terms }

    /// How often an irrep occurs.
    public func multiplicity(of irrep: MullikenIrrep) -> Int { terms.first { $0.irrep == irrep }?.multiplicity ?? 0 }

    /// Whether the same irreps occur equally often.
    public static func == (a: IrrepSum, b: IrrepSum) -> Bool {
      a.terms.count == b.terms.count && zip(a.terms, b.terms).allSatisfy { $0.irrep == $1.irrep && $0.multiplicity == $1.multiplicity }
    }

    /// "A1g + 2Eu"; "0" for nothing.
    public var description: String {
      terms.isEmpty ? "0" : terms.map { ($0.multiplicity == 1 ? "" : "\($0.multiplicity)") + $0.irrep.description }.joined(separator: " + ")
    }
  }
}

extension SchoenfliesGroup {
  /// C₁, Cₛ and Cᵢ.
  public static let (c1, cs, ci) = (SchoenfliesGroup(.c(1)), SchoenfliesGroup(.c(1, .h)), SchoenfliesGroup(.ci))
  /// C₂, C₃, C₄ and C₆.
  public static let (c2, c3, c4, c6) = (
    SchoenfliesGroup(.c(2)), SchoenfliesGroup(.c(3)), SchoenfliesGroup(.c(4)), SchoenfliesGroup(.c(6))
  )
  /// C₂ᵥ, C₃ᵥ, C₄ᵥ and C₆ᵥ.
  public static let (c2v, c3v, c4v, c6v) = (
    SchoenfliesGroup(.c(2, .v)), SchoenfliesGroup(.c(3, .v)), SchoenfliesGroup(.c(4, .v)), SchoenfliesGroup(.c(6, .v))
  )
  /// C₂ₕ and C₃ₕ.
  public static let (c2h, c3h) = (SchoenfliesGroup(.c(2, .h)), SchoenfliesGroup(.c(3, .h)))
  /// S₄ and S₆.
  public static let (s4, s6) = (SchoenfliesGroup(.s(4)), SchoenfliesGroup(.s(6)))
  /// D₂, D₃, D₄ and D₆.
  public static let (d2, d3, d4, d6) = (
    SchoenfliesGroup(.d(2)), SchoenfliesGroup(.d(3)), SchoenfliesGroup(.d(4)), SchoenfliesGroup(.d(6))
  )
  /// D₂ₕ, D₃ₕ, D₄ₕ, D₅ₕ and D₆ₕ.
  public static let (d2h, d3h, d4h, d5h, d6h) = (
    SchoenfliesGroup(.d(2, .h)), SchoenfliesGroup(.d(3, .h)), SchoenfliesGroup(.d(4, .h)), SchoenfliesGroup(.d(5, .h)),
    SchoenfliesGroup(.d(6, .h))
  )
  /// D₂_d, D₃_d and D₅_d.
  public static let (d2d, d3d, d5d) = (SchoenfliesGroup(.d(2, .d)), SchoenfliesGroup(.d(3, .d)), SchoenfliesGroup(.d(5, .d)))
  /// T, T_d and Tₕ.
  public static let (t, td, th) = (
    SchoenfliesGroup(.polyhedral(.t)), SchoenfliesGroup(.polyhedral(.td)), SchoenfliesGroup(.polyhedral(.th))
  )
  /// O and Oₕ.
  public static let (o, oh) = (SchoenfliesGroup(.polyhedral(.o)), SchoenfliesGroup(.polyhedral(.oh)))
  /// I and Iₕ.
  public static let (i, ih) = (SchoenfliesGroup(.polyhedral(.i)), SchoenfliesGroup(.polyhedral(.ih)))
}
