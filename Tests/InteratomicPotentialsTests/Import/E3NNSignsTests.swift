import Equivariant
import Testing

@testable import InteratomicPotentials

@Suite struct E3NNSignsTests {
  /// The library has the later table: its coefficient (1, 2, 2) at (0, 0, 1) is −1/√30, as e3nn 0.5 and later say, and +1/√30 before.
  @Test func coefficient() throws {
    let own = CouplingCoefficients.wigner3j(1, 2, 2)[-1, -2, -1]
    #expect(abs(own + 0.18257418583505536) < 1e-15)
    #expect(E3NNSigns(coefficient122: own) == .new && E3NNSigns(coefficient122: -own) == .old)
    #expect(E3NNSigns(coefficient122: Double(Float(0.18257418583505536))) == .old)
    #expect(E3NNSigns(coefficient122: 0.2) == nil && E3NNSigns(coefficient122: .nan) == nil)
  }

  @Test func versions() {
    #expect(E3NNSigns(version: "0.4.4") == .old && E3NNSigns(version: "0.5.0") == .new && E3NNSigns(version: "1.0") == .new)
    #expect(E3NNSigns(version: "new") == nil)
  }

  /// The rule of the old table: with l₁ ≤ l₂ ≤ l₃, the coefficient of all components 0, or else the first one in order of components that is
  /// not 0, is positive; it explains every sign up to degree 6.
  @Test func oldSigns() {
    for l1 in 0...6 {
      for l2 in l1...6 {
        for l3 in l2...min(6, l1 + l2) where l3 >= l2 {
          let block = CouplingCoefficients.wigner3j(l1, l2, l3)
          let middle = block[0, 0, 0]
          let leading = middle != 0 ? middle : block.dense.first { $0 != 0 }!
          #expect(E3NNSigns.old.sign(l1, l2, l3) == (leading > 0 ? 1 : -1), "\(l1) \(l2) \(l3)")
          #expect(E3NNSigns.old.sign(l3, l1, l2) == E3NNSigns.old.sign(l1, l2, l3) && E3NNSigns.new.sign(l1, l2, l3) == 1)
        }
      }
    }
    #expect(E3NNSigns.old.sign(7, 7, 1) == nil)
  }
}
