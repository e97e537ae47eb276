import Testing

@testable import GroupTheory

@Suite struct CouplingCoefficientsTests {
  @Test func normsAndSparsity() {
    for (l1, l2, l3) in [(0, 0, 0), (1, 1, 2), (3, 2, 4), (5, 5, 5), (8, 3, 9)] {
      let block = CouplingCoefficients.wigner3j(l1, l2, l3)
      #expect(abs(block.entries.reduce(0) { $0 + $1.value * $1.value } - 1) < 1e-15)
      #expect(block.entries.count == block.dense.count { $0 != 0 } && block.entries.allSatisfy { $0.value != 0 })
      let clebschGordan = CouplingCoefficients.clebschGordan(l1, l2, l3)
      #expect(abs(clebschGordan.entries.reduce(0) { $0 + $1.value * $1.value } - Double(2 * l3 + 1)) < 1e-14)
      // At most two components of the third irrep for any pair of the others.
      #expect(block.entries.count <= 2 * (2 * l1 + 1) * (2 * l2 + 1))
    }
    #expect(CouplingCoefficients.wigner3j(1, 1, 3).entries.isEmpty)
    #expect(CouplingCoefficients.wigner3j(1, 1, 3).dense == Array(repeating: 0, count: 63))
  }

  /// Each value is the nearest one in single precision, but for blocks that are identity matrices.
  @Test func singlePrecision() {
    let (exact, rounded) = (CouplingCoefficients.wigner3j(1, 2, 2), CouplingCoefficients.wigner3j(1, 2, 2).roundedToFloat)
    #expect(zip(exact.entries, rounded.entries).allSatisfy { Double(Float($0.value)) == $1.value && $0.m3 == $1.m3 })
    #expect(exact.entries.map(\.value) != rounded.entries.map(\.value))
    #expect(CouplingCoefficients.wigner3j(0, 2, 2).roundedToFloat.entries == CouplingCoefficients.wigner3j(0, 2, 2).entries)
  }

  /// The Clebsch-Gordan blocks of all l₃ together are an orthogonal matrix.
  @Test func clebschGordanBlocksAreOrthogonal() {
    let (l1, l2) = (3, 4)
    var rows: [[Double]] = []
    for l3 in 1...7 {
      let block = CouplingCoefficients.clebschGordan(l1, l2, l3)
      for m3 in -l3...l3 { rows.append((-l1...l1).flatMap { m1 in (-l2...l2).map { block[m1, $0, m3] } }) }
    }
    let change = Matrix<Double>(rows)
    #expect(change.rows == 63 && (change * change.transposed).distance(to: .identity(63)) < 2e-15)
  }

  @Test func entriesAreOrdered() {
    for block in [CouplingCoefficients.wigner3j(3, 4, 5), .gaunt(3, 3, 4), .complexWigner3j(2, 3, 4)] {
      for (a, b) in zip(block.entries, block.entries.dropFirst()) { #expect((a.m1, a.m2, a.m3) < (b.m1, b.m2, b.m3)) }
    }
  }

  @Test func complexBlocks() {
    let block = CouplingCoefficients.complexWigner3j(2, 3, 4)
    #expect(abs(block.entries.reduce(0) { $0 + $1.value * $1.value } - 1) < 1e-15)
    #expect(block[1, -2, 1] == Wigner3j(2, 3, 4, 1, -2, 1).value && block[1, 1, 1] == 0)
  }

  /// A block asked for from several tasks at once is the same.
  @Test func cacheIsShared() async {
    let values = await withTaskGroup(of: [Double].self) { group in
      for _ in 0..<8 { group.addTask { CouplingCoefficients.gaunt(7, 7, 6).dense } }
      return await group.reduce(into: Set<[Double]>()) { $0.insert($1) }
    }
    #expect(values.count == 1)
  }

  @Test func negativeDegreesTrap() async {
    await #expect(processExitsWith: .failure) { _ = CouplingCoefficients.wigner3j(-1, 1, 1) }
  }
}
