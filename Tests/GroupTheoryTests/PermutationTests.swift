import Testing

@testable import GroupTheory

@Suite struct PermutationTests {
  @Test func compositionAndAction() throws {
    let a = try Permutation([1, 2, 0, 3])
    let b = try Permutation([0, 1, 3, 2])
    #expect((a * b).images == [1, 2, 3, 0])
    #expect((b * a).images == [1, 3, 0, 2])
    #expect(a.apply(to: ["p", "q", "r", "s"]) == ["r", "p", "q", "s"])
    // Acting with ab is acting with b, then a.
    let values = [10, 11, 12, 13]
    #expect((a * b).apply(to: values) == a.apply(to: b.apply(to: values)))
    #expect((a * a.inverse) == .identity(4))
    // The matrix does the same to a column.
    #expect(PermutationRepresentation(4)(a) * [10, 11, 12, 13] == a.apply(to: [10.0, 11, 12, 13]))
  }

  @Test func cyclesAndSign() throws {
    let a = try Permutation(cycles: [[0, 3, 1], [2, 5]], count: 6)
    #expect(a.images == [3, 0, 5, 1, 4, 2])
    #expect(a.cycles == [[0, 3, 1], [2, 5], [4]])
    #expect(a.cycleType == [3, 2, 1])
    #expect(a.sign == -1)
    #expect("\(a)" == "(0 3 1)(2 5)" && "\(Permutation.identity(3))" == "()")
    #expect(SymmetricGroup(6).power(a, 6) == .identity(6))
    var generator = SplitMix64(seed: 19)
    for p in SymmetricGroup(7).randomElements(20, using: &generator) {
      #expect(Double(p.sign) == PermutationRepresentation(7)(p).determinant)
      #expect(try Permutation(cycles: p.cycles, count: 7) == p)
    }
  }

  @Test func rejectsWhatIsNotAPermutation() {
    #expect(throws: GroupElementError.notAPermutation(reason: "entry 1 is 2, outside 0..<2")) { try Permutation([0, 2]) }
    #expect(throws: GroupElementError.notAPermutation(reason: "entry 2 repeats 1")) { try Permutation([1, 0, 1]) }
    #expect(throws: GroupElementError.notAPermutation(reason: "the cycles name 1 twice")) {
      try Permutation(cycles: [[0, 1], [1, 2]], count: 3)
    }
    #expect(throws: GroupElementError.notAPermutation(reason: "a cycle names 3, outside 0..<3")) {
      try Permutation(cycles: [[3]], count: 3)
    }
    #expect("\(GroupElementError.notAPermutation(reason: "entry 2 repeats 1"))".contains("0..<n"))
  }

  @Test func differentCountsTrap() async {
    await #expect(processExitsWith: .failure) { _ = Permutation.identity(3) * Permutation.identity(4) }
  }
}
