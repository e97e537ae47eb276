import Requirements

/// A representation written as a list of irreps with multiplicities, such as "16x0e + 8x1o + 4x2e".
///
/// The list is an order of memory: the flat vector holds the terms one after the other, and inside a term the components −l ... l with the
/// multiplicity (the channels) innermost, [2l+1, multiplicity]. Hence `==` compares lists as they are written: "2x1o+3x1o" and "5x1o" are
/// the same representation in two orders of memory. ``isIsomorphic(to:)`` compares representations, and isomorphic ones have equal
/// ``regrouped`` lists.
public struct Irreps<G: GroupWithIrreps>: Hashable, Sendable where G.Irrep: RotationIrrep {
  /// One irrep and how often it occurs.
  public struct Term: Hashable, Sendable {
    /// The irrep.
    public let irrep: G.Irrep
    /// How often it occurs, at least 0.
    public let multiplicity: Int

    /// `multiplicity` copies of an irrep.
    public init(_ multiplicity: Int, _ irrep: G.Irrep) {
      require(multiplicity >= 0, "expected a multiplicity of at least 0, received \(multiplicity)")
      (self.multiplicity, self.irrep) = (multiplicity, irrep)
    }

    /// multiplicity · (2l + 1).
    public var dimension: Int { multiplicity * irrep.dimension }
  }

  /// The terms in the order of memory.
  public let terms: [Term]

  /// The terms, as given.
  public init(_ terms: [Term]) { self.terms = terms }

  /// The terms of the parts, one part after the other, each term as many times over as the part says:
  /// `[(16, "0e"), (8, "1o + 1e")]` is 16x0e+8x1o+8x1e.
  @_disfavoredOverload
  public init(_ parts: [(Int, Irreps)]) {
    self.init(
      parts.flatMap { count, irreps in
        require(count >= 0, "expected a multiplicity of at least 0, received \(count) of \(irreps)")
        return irreps.terms.map { term in
          let (multiplicity, overflow) = count.multipliedReportingOverflow(by: term.multiplicity)
          require(!overflow, "expected a multiplicity that fits an Int, received \(count) times \(term)")
          return Term(multiplicity, term.irrep)
        }
      })
  }

  /// One copy of an irrep.
  public init(_ irrep: G.Irrep) { self.init([Term(1, irrep)]) }

  /// The irreps of the spherical harmonics of degrees 0 ... `degree`: for O(3) 0e + 1o + 2e + ...
  public static func sphericalHarmonics(upTo degree: Int) -> Irreps {
    require(degree >= 0, "expected a degree of at least 0, received \(degree)")
    return Irreps((0...degree).map { Term(1, .sphericalHarmonic(degree: $0)) })
  }

  /// The dimension Σ multiplicity · (2l + 1).
  public var dimension: Int { terms.reduce(0) { $0 + $1.dimension } }

  /// The number of irreps, each counted with its multiplicity.
  public var irrepCount: Int { terms.reduce(0) { $0 + $1.multiplicity } }

  /// The degree of every single irrep, as often as it occurs.
  public var degrees: [Int] { terms.flatMap { Array(repeating: $0.irrep.degree, count: $0.multiplicity) } }

  /// The largest degree that occurs, or nil when none does.
  public var maximumDegree: Int? { terms.filter { $0.multiplicity > 0 }.map(\.irrep.degree).max() }

  /// How often an irrep occurs in all terms together.
  public func multiplicity(of irrep: G.Irrep) -> Int { terms.reduce(0) { $0 + ($1.irrep == irrep ? $1.multiplicity : 0) } }

  /// Whether an irrep occurs.
  public func contains(_ irrep: G.Irrep) -> Bool { multiplicity(of: irrep) > 0 }

  /// Whether the representations are isomorphic: every irrep occurs equally often, however grouped and ordered.
  public func isIsomorphic(to other: Irreps) -> Bool { regrouped == other.regrouped }
}
