import Testing

@testable import GroupTheory

@Suite struct IrrepsAlgebraTests {
  let hidden: Irreps<O3> = "16x0e + 8x1o + 4x2e"

  @Test func counts() {
    #expect(hidden.dimension == 16 + 24 + 20 && hidden.irrepCount == 28 && hidden.maximumDegree == 2)
    #expect("\(hidden)" == "16x0e+8x1o+4x2e")
    let mixed: Irreps<O3> = "2x1o+0e+0x5e"
    #expect(mixed.degrees == [1, 1, 0] && mixed.maximumDegree == 1)
    #expect(hidden.multiplicity(of: .init(degree: 1, parity: .odd)) == 8 && !hidden.contains(.init(degree: 1, parity: .even)))
    #expect(Irreps<O3>([]).dimension == 0 && Irreps<O3>([]).maximumDegree == nil)
  }

  @Test func algebra() {
    let a: Irreps<O3> = "2x1o+0e"
    #expect(a + "3x1o" == "2x1o+0e+3x1o" && 2 * a == "2x1o+0e+2x1o+0e" && a * 0 == "")
    #expect((2 * a)[1...2] == "0e+2x1o" && a[0..<0] == "")
    #expect(a.filter(degrees: 1...) == "2x1o" && a.filter(parity: .even) == "0e" && a.filter { $0.degree == 7 } == "")
    #expect(Irreps<O3>.sphericalHarmonics(upTo: 3) == "0e+1o+2e+3o")
    #expect(Irreps<SO3>.sphericalHarmonics(upTo: 2) == "0+1+2")
  }

  /// 0e < 0o < 1o < 1e < 2e < 2o, and the permutation says where each term came from.
  @Test func sorting() {
    let (sorted, permutation) = ("2o+1e+0o+2e+0e+1o" as Irreps<O3>).sorted()
    #expect(sorted == "0e+0o+1o+1e+2e+2o" && permutation == [4, 2, 5, 1, 3, 0])
    let repeated = ("3x1o+0e+2x1o" as Irreps<O3>).sorted()
    #expect(repeated.irreps == "0e+3x1o+2x1o" && repeated.permutation == [1, 0, 2])
  }

  /// What e3nn answers differently for "2x1o+3x1o" and "5x1o" is the same here once regrouped.
  @Test func groupingDoesNotMatter() {
    let (a, b): (Irreps<O3>, Irreps<O3>) = ("2x1o+3x1o", "5x1o")
    #expect(a != b && a.isIsomorphic(to: b) && a.regrouped == b.regrouped)
    #expect(("0e+0x1o+0e+1o" as Irreps<O3>).simplified == "2x0e+1o" && ("1o+0e+1o" as Irreps<O3>).simplified == "1o+0e+1o")
    #expect(("1o+0e+1o" as Irreps<O3>).regrouped == "0e+2x1o")
    #expect(!a.isIsomorphic(to: "5x1e") && !a.isIsomorphic(to: "4x1o"))
    let other: Irreps<O3> = "0e+2x2e+1o"
    #expect(a.tensorProduct(other) == b.tensorProduct(other) && other.tensorProduct(a) == a.tensorProduct(other))
  }

  @Test func wrongCountsTrap() async {
    await #expect(processExitsWith: .failure) { _ = Irreps<O3>.Term(-1, .init(degree: 1, parity: .odd)) }
  }

  @Test func fromParts() async {
    func words(_ result: ExitTest.Result?) -> String { String(decoding: result?.standardErrorContent ?? [], as: UTF8.self) }
    let n = 4
    let vectors: Irreps<O3> = "1o + 1e"
    #expect(Irreps<O3>([(16, "0e"), (2 * n, "1o")]) == "16x0e + 8x1o")
    #expect(Irreps<O3>([(3, vectors), (2, "5x2e"), (0, "0o")]) == "3x1o + 3x1e + 10x2e + 0x0o")
    #expect(Irreps<SO3>((0...2).map { (n, Irreps(.init(degree: $0))) }) == "4x0 + 4x1 + 4x2")
    #expect(Irreps<O3>([]).terms.isEmpty && Irreps<O3>([(2, Irreps([]))]) == Irreps([]))
    let negative = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Irreps<O3>([(-1, "1o")]) }
    #expect(words(negative).contains("at least 0, received -1 of 1x1o"))
    let huge = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Irreps<O3>([(.max, "2x1o")]) }
    #expect(words(huge).contains("fits an Int"))
  }
}
