/// A chemical element, of 1 (hydrogen) to 118 (oganesson).
public struct ChemicalElement: Sendable, Hashable, CustomStringConvertible {
  /// The number of protons.
  public let atomicNumber: Int

  /// The element of an atomic number; nil beyond 1 ... 118.
  public init?(atomicNumber: Int) {
    guard 1...118 ~= atomicNumber else { return nil }
    self.atomicNumber = atomicNumber
  }

  /// The element of a symbol in any case, such as "Si"; D and T are hydrogen. Nil for anything else, labels such as "O1" too.
  public init?(symbol: String) {
    guard let number = Self.numbers[symbol] ?? Self.numbers[symbol.prefix(1).uppercased() + symbol.dropFirst().lowercased()] else {
      return nil
    }
    atomicNumber = number
  }

  /// One or two letters.
  public var symbol: String { Self.table[atomicNumber - 1].symbol }
  /// The English name.
  public var name: String { Self.table[atomicNumber - 1].name }
  /// The standard atomic mass in u (IUPAC 2016; the mass of a long-lived isotope of elements without one).
  public var mass: Double { Self.table[atomicNumber - 1].mass }
  /// The covalent radius in Å (Cordero et al., Dalton Trans. 2008, 2832); 2 where there is none, from berkelium on.
  public var covalentRadius: Double { Self.table[atomicNumber - 1].radius }
  /// The symbol.
  public var description: String { symbol }

  /// The masses of the isotopes of hydrogen that have a symbol, in u.
  static let isotopes = ["D": 2.014101778, "T": 3.016049282]

  /// What one might write in place of an atom that is none.
  static let dummies: Set = ["X", "XX", "Q", "DU", "VA", "VAC", "LP", "EP", "BQ", "GH", "MW", "COM"]

  private static let numbers: [String: Int] = {
    var numbers = ["D": 1, "T": 1]
    for (k, row) in table.enumerated() { numbers[row.symbol] = k + 1 }
    return numbers
  }()

  /// The element of how files name an atom: a symbol, a symbol with a label of its site ("O1", "C_a", "Fe+2", "H(3)"), or a number.
  ///
  /// Only what follows the letters makes a label: "CA" is calcium and "HO" holmium, as ever, but "Hx" is nothing.
  static func reading(_ text: String) -> ChemicalElement? {
    if let element = ChemicalElement(symbol: text) { return element }
    if let number = Int(text) { return ChemicalElement(atomicNumber: number) }
    let letters = text.prefix { $0.isASCII && $0.isLetter }
    guard letters.count < text.count else { return nil }
    return ChemicalElement(symbol: String(letters))
  }
}
