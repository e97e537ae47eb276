import Testing

@testable import AtomicStructures

@Suite struct ChemicalElementTests {
  @Test func table() {
    #expect(ChemicalElement.table.count == 118 && Set(ChemicalElement.table.map(\.symbol)).count == 118)
    for z in 1...118 {
      let element = ChemicalElement(atomicNumber: z)!
      #expect(ChemicalElement(symbol: element.symbol)?.atomicNumber == z && !element.name.isEmpty && element.mass > 0.9 * Double(z))
    }
    #expect(
      ChemicalElement(atomicNumber: 0) == nil && ChemicalElement(atomicNumber: 119) == nil && ChemicalElement(atomicNumber: .min) == nil)
  }

  /// IUPAC's masses and Cordero's radii.
  @Test(arguments: [
    ("H", 1, 1.008, 0.31), ("C", 6, 12.011, 0.76), ("O", 8, 15.999, 0.66), ("Fe", 26, 55.845, 1.32), ("Au", 79, 196.966569, 1.36),
    ("U", 92, 238.02891, 1.96),
  ]) func values(symbol: String, number: Int, mass: Double, radius: Double) {
    let element = ChemicalElement(symbol: symbol)
    #expect(element?.atomicNumber == number && element?.mass == mass && element?.covalentRadius == radius)
  }

  @Test func symbolsAsPeopleWriteThem() {
    #expect(
      ChemicalElement(symbol: "SI")?.symbol == "Si" && ChemicalElement(symbol: "D")?.symbol == "H"
        && ChemicalElement(symbol: "T")?.name == "hydrogen")
    for none in ["", "X", "O1", "Ho2", " H", "Å", "1"] { #expect(ChemicalElement(symbol: none) == nil, "\(none)") }
  }

  @Test func formulas() {
    func formula(_ z: [Int]) -> String { AtomicStructure(atomicNumbers: z, positions: z.map { SIMD3(Double($0), 0, 0) }).formula }
    #expect(formula([8, 6, 1, 1, 6, 1, 1, 1, 1]) == "C2H6O" && formula([8, 1, 1]) == "H2O" && formula([]) == "" && formula([0]) == "X")
  }
}
