import RealModule
import Testing

@testable import GroupTheory

@Suite struct PartitionTests {
  /// Character tables from Frobenius' formula (coefficients of Vandermonde determinant times power sums), computed with sympy: rows
  /// irreps, columns classes, both in reverse lexicographic order.
  private let tables: [Int: [[Int]]] = [
    4: [[1, 1, 1, 1, 1], [-1, 0, -1, 1, 3], [0, -1, 2, 0, 2], [1, 0, -1, -1, 3], [-1, 1, 1, -1, 1]],
    5: [
      [1, 1, 1, 1, 1, 1, 1], [-1, 0, -1, 1, 0, 2, 4], [0, -1, 1, -1, 1, 1, 5], [1, 0, 0, 0, -2, 0, 6], [0, 1, -1, -1, 1, -1, 5],
      [-1, 0, 1, 1, 0, -2, 4], [1, -1, -1, 1, 1, -1, 1],
    ],
    6: [
      [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [-1, 0, -1, 1, -1, 0, 2, -1, 1, 3, 5], [0, -1, 1, -1, 0, 0, 0, 3, 1, 3, 9],
      [1, 0, 0, 0, 1, -1, 1, -2, -2, 2, 10], [0, 0, -1, -1, 2, 1, -1, -3, 1, 1, 5], [0, 1, 0, 0, -2, 0, -2, 0, 0, 0, 16],
      [-1, 0, 0, 0, 1, 1, 1, 2, -2, -2, 10], [0, 0, -1, 1, 2, -1, -1, 3, 1, -1, 5], [0, -1, 1, 1, 0, 0, 0, -3, 1, -3, 9],
      [1, 0, -1, -1, -1, 0, 2, 1, 1, -3, 5], [-1, 1, 1, -1, 1, -1, 1, -1, 1, -1, 1],
    ],
  ]

  @Test func characterTables() {
    for (n, table) in tables {
      let partitions = Partition.all(of: n)
      #expect(partitions.map { lambda in partitions.map { lambda.character(on: $0) } } == table)
    }
  }

  /// Σ_μ |μ| χ^λ χ^κ = n! δ, Σ_λ χ^λ(μ) χ^λ(ν) = δ n!/|μ|, Σ d² = n!, Σ |μ| = n!, exactly.
  @Test(arguments: 0...9) func orthogonality(n: Int) {
    let partitions = Partition.all(of: n)
    let sizes = partitions.map(\.conjugacyClassSize)
    let order = SymmetricGroup(n).order
    let table = partitions.map { lambda in partitions.map { lambda.character(on: $0) } }
    for (i, row) in table.enumerated() {
      for (j, other) in table.enumerated() {
        #expect(row.indices.reduce(0) { $0 + sizes[$1] * row[$1] * other[$1] } == (i == j ? order : 0))
        #expect(table.reduce(0) { $0 + $1[i] * $1[j] } == (i == j ? order / sizes[i] : 0))
      }
    }
    #expect(partitions.reduce(0) { $0 + $1.irrepDimension * $1.irrepDimension } == order)
    #expect(sizes.reduce(0, +) == order)
  }

  /// Numbers of partitions: OEIS A000041.
  @Test func numbers() {
    #expect([0, 1, 2, 5, 10, 20].map { Partition.all(of: $0).count } == [1, 1, 2, 7, 42, 627])
    let partition = Partition([5, 4, 1])
    #expect(partition.conjugate == Partition([3, 2, 2, 2, 1]) && partition.conjugate.conjugate == partition)
    #expect(partition.hookLengths == [[7, 5, 4, 3, 1], [5, 3, 2, 1], [1]])
    #expect(partition.irrepDimension == 288 && partition.size == 10)
    // 24! exceeds an Int, the quotient by the hooks does not: C(24, 2) − C(24, 1).
    #expect(Partition([22, 2]).irrepDimension == 252)
    #expect(Partition([2, 2, 1]).conjugacyClassSize == 15)
    #expect("\(Partition([3, 1]))" == "[3, 1]")
  }

  /// The trace of Young's matrices is the character of the Murnaghan-Nakayama rule, for every irrep and class.
  @Test(arguments: 1...6) func youngTraces(n: Int) {
    let partitions = Partition.all(of: n)
    for lambda in partitions {
      let irrep = SymmetricGroupIrrep(lambda)
      #expect(irrep.dimension == lambda.irrepDimension)
      for mu in partitions {
        #expect(mu.representative.conjugacyClass == mu)
        let trace = irrep(mu.representative).trace
        #expect(abs(trace - Double(lambda.character(on: mu))) < 1e-13)
      }
    }
  }

  /// In S_3: s = (0 1) is diagonal and (1 2) mixes with −1/2 and √3/2 (James and Kerber 1981, section 3.4).
  @Test func youngsFormOfTheSmallestExample() throws {
    let irrep = SymmetricGroupIrrep(Partition([2, 1]))
    let (first, second) = (try Permutation([1, 0, 2]), try Permutation([0, 2, 1]))
    let half = Double.sqrt(3) / 2
    #expect(irrep(first).distance(to: Matrix([[1, 0], [0, -1]])) < 1e-15)
    #expect(irrep(second).distance(to: Matrix([[-0.5, half], [half, 0.5]])) < 1e-15)
    #expect(YoungTableau.standard(of: Partition([2, 1])).map(\.rows) == [[0, 0, 1], [0, 1, 0]])
  }

  /// A larger irrep: dimension 35 of S_7, a homomorphism to rounding.
  @Test func largerIrrep() {
    var generator = SplitMix64(seed: 51)
    let irrep = SymmetricGroupIrrep(Partition([4, 2, 1]))
    #expect(irrep.dimension == 35)
    let (a, b) = (SymmetricGroup(7).randomElement(using: &generator), SymmetricGroup(7).randomElement(using: &generator))
    #expect((irrep(a) * irrep(b)).distance(to: irrep(a * b)) < 1e-14)
    // The transpose of one factor is no longer one.
    #expect((irrep(a) * irrep(b).transposed).distance(to: irrep(a * b)) > 0.1)
  }

  @Test func whatIsNoPartitionTraps() async {
    await #expect(processExitsWith: .failure) { _ = Partition([1, 2]) }
    await #expect(processExitsWith: .failure) { _ = Partition([2]).character(on: Partition([1])) }
  }

  @Test func lexicographicElements() {
    let group = SymmetricGroup(4)
    let elements = group.elements
    #expect(elements.count == 24 && elements.map { group.index(of: $0) } == Array(0..<24))
    #expect(elements[1].images == [0, 1, 3, 2] && elements[23].images == [3, 2, 1, 0])
    #expect(group.conjugacyClasses.map(\.count).sorted() == [1, 3, 6, 6, 8])
  }

  /// χ of the identity is the number of tableaux; there are 10¹⁰ ways of removing the boxes of [10, 10, 10] one by one.
  @Test func charactersOfManyCycles() {
    let shape = Partition([10, 10, 10])
    let (identity, involution) = (Partition(Array(repeating: 1, count: 30)), Partition(Array(repeating: 2, count: 15)))
    #expect(shape.character(on: identity) == shape.irrepDimension)
    #expect(identity.character(on: involution) == -1)
  }
}
