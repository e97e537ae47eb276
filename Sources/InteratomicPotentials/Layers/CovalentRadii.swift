import AtomicStructures

/// The covalent radius of an element in Å (`ChemicalElement.covalentRadius`); traps for no atomic number.
func covalentRadius(ofAtomicNumber number: Int) -> Double {
  guard let element = ChemicalElement(atomicNumber: number) else {
    fatalError("an atomic number of 1 to 118 is expected, received \(number)")
  }
  return element.covalentRadius
}
