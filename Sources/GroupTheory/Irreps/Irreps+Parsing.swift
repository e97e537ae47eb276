/// Why a text is no list of irreps: where, what was found there, and how to write it.
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

extension Irreps: ExpressibleByStringLiteral, CustomStringConvertible {
  /// The list written as terms joined by "+", each an irrep or a multiplicity, "x" and an irrep; spaces around these do not matter, and an empty text
  /// is the empty list.
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

  /// The list of a literal; traps where ``init(parsing:)`` throws.
  public init(stringLiteral text: String) {
    do {
      try self.init(parsing: text)
    } catch {
      fatalError("expected irreps, received \(error)")
    }
  }

  /// Such as "16x0e+8x1o+4x2e"; a multiplicity of 1 is written too, as e3nn does.
  public var description: String { terms.map(\.description).joined(separator: "+") }
}

extension Irreps.Term: CustomStringConvertible {
  /// Such as "8x1o".
  public var description: String { "\(multiplicity)x\(irrep)" }
}

private func trimmed(_ text: Substring) -> Substring {
  let rest = text.drop(while: \.isWhitespace)
  return rest.prefix(upTo: rest.lastIndex { !$0.isWhitespace }.map { rest.index(after: $0) } ?? rest.startIndex)
}
