import Testing

@testable import AtomicStructures

@Suite struct AtomicStructureTests {
  @Test func masses() {
    var water = AtomicStructure(atomicNumbers: [8, 1, 1], positions: [.zero, SIMD3(1, 0, 0), SIMD3(0, 1, 0)])
    #expect(water.masses == [15.999, 1.008, 1.008])
    water.labels = ["O", "D", "T"]
    #expect(water.masses == [15.999, 2.014101778, 3.016049282])
    water.atomProperties["masses"] = PropertyValues(.reals([1, 2, 3]), shape: [3])
    #expect(water.masses == [1, 2, 3])
  }

  @Test func propertiesKeepTheirOrder() {
    var properties = Properties()
    for name in ["b", "a", "c"] { properties[name] = PropertyValues(name) }
    properties["a"] = PropertyValues(1)
    #expect(properties.names == ["b", "a", "c"] && properties["a"]?.integers == [1] && properties["d"] == nil)
    properties["b"] = nil
    #expect(properties.map(\.name) == ["a", "c"] && properties.count == 2)
    #expect(PropertyValues([SIMD3(1, 2, 3)]).vectors == [SIMD3(1, 2, 3)] && PropertyValues("a").reals == nil)
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = AtomicStructure(atomicNumbers: [1], positions: []) }
    await #expect(processExitsWith: .failure) { _ = PropertyValues(.reals([1]), shape: [2]) }
  }
}
