import Equivariant
import Testing

@testable import InteratomicPotentials

@Suite struct ZBLRepulsionTests {
  /// Two atoms of oxygen at 0.8 Å, by mpmath: the sum over both atoms of ½ k Z²/r φ(r/a) u(r) with radii of 0.66 Å and p = 6.
  @Test func oxygen() throws {
    let potential = ZBLRepulsion<Double>(elements: [8], power: 6)
    let structure = AtomicStructure(atomicNumbers: [8, 8], positions: [SIMD3(0, 0, 0), SIMD3(0, 0, 0.8)])
    let batch = try StructureBatch<Double>([structure], elements: [8], cutoff: 3)
    let x = 0.8 * 2 * 1.8660659830736148 / (0.4543 * 0.529)  // 8^0.3
    let terms: [(Double, Double)] = [(0.1818, 3.2), (0.5099, 0.9423), (0.2802, 0.4028), (0.02817, 0.2016)]
    let screening = terms.reduce(0.0) { $0 + $1.0 * Tensor<Double>(-$1.1 * x).exp().item }
    let t = 0.8 / 1.32
    let t6 = t * t * t * t * t * t
    let envelope = 1 - 28 * t6 + 48 * t6 * t - 21 * t6 * t * t
    let expected = 14.3996 * 64 / 0.8 * screening * envelope
    #expect(abs(potential(batch).sum().item - expected) < 1e-12 * expected)
    // Beyond the sum of the radii there is nothing.
    let far = AtomicStructure(atomicNumbers: [8, 8], positions: [SIMD3(0, 0, 0), SIMD3(0, 0, 1.321)])
    #expect(potential(try StructureBatch<Double>([far], elements: [8], cutoff: 3)).absolute().max().item == 0)
  }

  /// Covalent radii of Cordero et al. in Å; 2 for an element without one.
  @Test func radii() {
    #expect([1, 6, 14, 55, 96].map { covalentRadius(ofAtomicNumber: $0) } == [0.31, 0.76, 1.11, 2.44, 1.69])
    #expect(covalentRadius(ofAtomicNumber: 118) == 2)
  }
}
