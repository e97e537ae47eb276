import Testing

@testable import GroupTheory

@Suite struct IrrepsLayoutTests {
  @Test func slices() {
    #expect(("2x0e+3x1o+0x2e+2e" as Irreps<O3>).slices == [0..<2, 2..<11, 11..<11, 11..<16])
  }

  /// e3nn holds 2x1o as (x₀ y₀ z₀ x₁ y₁ z₁), we as (x₀ x₁ y₀ y₁ z₀ z₁).
  @Test func channelsInnermost() {
    let irreps: Irreps<O3> = "2x0e+2x1o"
    #expect(irreps.fromE3nn(["a", "b", "x0", "y0", "z0", "x1", "y1", "z1"]) == ["a", "b", "x0", "x1", "y0", "y1", "z0", "z1"])
    let larger: Irreps<O3> = "3x0e+4x1o+5x2e+1o"
    let vector = Array(0..<larger.dimension)
    #expect(larger.toE3nn(larger.fromE3nn(vector)) == vector && larger.fromE3nn(larger.toE3nn(vector)) == vector)
    #expect(larger.fromE3nn(vector) != vector)
  }

  /// In e3nn's order, grouping does not move components; in ours it does.
  @Test func groupingAndMemory() {
    let (a, b): (Irreps<O3>, Irreps<O3>) = ("2x1o+3x1o", "5x1o")
    let vector = Array(0..<15)
    #expect(a.toE3nn(a.fromE3nn(vector)) == b.toE3nn(b.fromE3nn(vector)) && a.fromE3nn(vector) != b.fromE3nn(vector))
  }

  @Test func wrongLengthsTrap() async {
    await #expect(processExitsWith: .failure) { _ = ("2x1o" as Irreps<O3>).fromE3nn([1, 2, 3]) }
  }
}
