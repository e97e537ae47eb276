/// Why a text is not a list of irreps: the place, what was found there, and how to write it.
public struct IrrepsSyntaxError: Error, Equatable, CustomStringConvertible {
  /// The whole text.
  public let text: String
  /// The place of the offending term, in characters from 0.
  public let position: Int
  /// The offending term.
  public let term: String
  /// What was expected instead.
  public let cure: String

  /// Text, place and cure in one sentence.
  public var description: String { "\"\(text)\", character \(position): \"\(term)\" is no term of irreps; write \(cure)" }
}

extension Irreps: ExpressibleByStringInterpolation, CustomStringConvertible {
  /// The list written as terms joined by "+", each an irrep or a multiplicity, "x" and an irrep; spaces around these do not matter, and an
  /// empty text is the empty list.
  public init(parsing text: String) throws(IrrepsSyntaxError) {
    var terms: [Term] = []
    let isBlank = text.allSatisfy(\.isWhitespace)
    for part in isBlank ? [] : text.split(separator: "+", omittingEmptySubsequences: false) {
      let start = part.firstIndex { !$0.isWhitespace } ?? part.endIndex
      let end = part.lastIndex { !$0.isWhitespace }.map { part.index(after: $0) } ?? start
      let term = part[start..<end]
      let factors = term.split(separator: "x", maxSplits: 1, omittingEmptySubsequences: false)
      let multiplicity = factors.count == 2 ? parseCount(trimmed(factors[0])) : 1
      guard let multiplicity, multiplicity <= Int32.max, let irrep = G.Irrep(trimmed(factors[factors.count - 1])) else {
        throw IrrepsSyntaxError(
          text: text, position: text.distance(from: text.startIndex, to: start), term: String(term),
          cure: "an optional multiplicity and x, then \(G.Irrep.syntax)")
      }
      terms.append(Term(multiplicity, irrep))
    }
    self.init(terms)
  }

  /// The list of a literal, such as `"16x0e + 8x1o"` or `"\(n)x0e + \(m)x1o"`; it traps, with the text and the reason, where
  /// ``init(parsing:)`` throws. Text from outside is for ``init(parsing:)``.
  public init(stringLiteral text: String) {
    do {
      try self.init(parsing: text)
    } catch {
      fatalError("expected irreps, received \(error)")
    }
  }

  /// The list as text, such as "16x0e+8x1o+4x2e"; a multiplicity of 1 is written too, as by e3nn.
  public var description: String { terms.map(\.description).joined(separator: "+") }
}

extension Irreps.Term: CustomStringConvertible {
  /// The term as text, such as "8x1o".
  public var description: String { "\(multiplicity)x\(irrep)" }
}

extension Irreps {
  /// The list of a literal with parts that are computed: multiplicities, irreps, terms, lists or names.
  ///
  /// A list that is empty leaves out its term: `"\(hidden) + 1o"` is 1o where nothing is hidden.
  public init(stringInterpolation: StringInterpolation) {
    let terms = stringInterpolation.text.split(separator: "+", omittingEmptySubsequences: false)
    self.init(stringLiteral: terms.filter { trimmed($0) != StringInterpolation.empty }.joined(separator: "+"))
  }

  /// The text of an interpolated literal. What no term can hold, such as an optional or a number with decimals, does not compile.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate static var empty: Substring { "∅" }
    fileprivate var text: String

    /// An empty text.
    public init(literalCapacity: Int, interpolationCount: Int) { text = "" }
    /// Adds what is written out.
    public mutating func appendLiteral(_ literal: String) { text += literal }
    /// Adds a multiplicity or a degree.
    public mutating func appendInterpolation(_ number: some BinaryInteger) { text += "\(number)" }
    /// Adds an irrep.
    public mutating func appendInterpolation(_ irrep: G.Irrep) { text += irrep.description }
    /// Adds an irrep with its multiplicity.
    public mutating func appendInterpolation(_ term: Term) { text += term.description }
    /// Adds all terms of a list.
    public mutating func appendInterpolation(_ irreps: Irreps) { text += irreps.terms.isEmpty ? Self.empty : Substring(irreps.description) }
    /// Adds the name of an irrep, or a part of it.
    public mutating func appendInterpolation(_ name: some StringProtocol) { text += name }
  }
}

private func trimmed(_ text: Substring) -> Substring {
  let rest = text.drop(while: \.isWhitespace)
  return rest.prefix(upTo: rest.lastIndex { !$0.isWhitespace }.map { rest.index(after: $0) } ?? rest.startIndex)
}
