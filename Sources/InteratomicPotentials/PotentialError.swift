/// Why a potential says nothing of a structure: which structure and atom, what is wrong, and what to do.
public struct PotentialError: Error, Equatable, CustomStringConvertible, Sendable {
  /// The class of failure.
  public enum Kind: String, Sendable, CaseIterable {
    /// There is an element that the potential does not know.
    case unknownElement
    /// There is no atom.
    case noAtoms
    /// An energy or a force is infinite or no number, as where two atoms are closer than anything that the potential knows.
    case notFinite
  }

  /// The class of failure.
  public var kind: Kind
  /// The number of the structure in the list that was given, from 0; nil for a single one.
  public var structure: Int?
  /// The number of the atom in it, from 0.
  public var atom: Int?
  /// What was found.
  public var cause: String
  /// What the user can do.
  public var cure: String

  /// An error made of its parts.
  public init(_ kind: Kind, structure: Int? = nil, atom: Int? = nil, cause: String, cure: String) {
    (self.kind, self.structure, self.atom, self.cause, self.cure) = (kind, structure, atom, cause, cure)
  }

  /// `structure 3, atom 5: cause; cure`, with numbers from 0.
  public var description: String {
    let place = [structure.map { "structure \($0)" }, atom.map { "atom \($0)" }].compactMap(\.self).joined(separator: ", ")
    return (place.isEmpty ? "" : "\(place): ") + "\(cause); \(cure)"
  }
}
