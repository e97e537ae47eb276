import Equivariant
import Testing

@testable import InteratomicPotentials

@Suite struct ForeignWeightsTests {
  private static func error(_ body: () throws(FileFormatError) -> Void) -> FileFormatError? {
    do {
      try body()
      return nil
    } catch let error { return error }
  }

  @Test func arraysAreTakenOnceAndNoneIsLeft() throws {
    var file = ForeignWeights(
      path: "model.npz",
      [
        ("a", NumericArray([1.0, 2], shape: [2, 1])), ("b", NumericArray([Float.nan])), ("c", NumericArray([1.0])),
        ("d", NumericArray([Double]())),
      ])
    #expect(try file.tensor("a", [1, 2]).elements == [1, 2])
    #expect(Self.error { () throws(FileFormatError) in _ = try file.tensor("a", [3]) }?.place.entry == "a")
    #expect(Self.error { () throws(FileFormatError) in _ = try file.values("b", count: 1) }?.description.contains("nan") == true)
    #expect(Self.error { () throws(FileFormatError) in _ = try file.number("e") }?.kind == .notFound)
    #expect(Self.error { () throws(FileFormatError) in try file.finish() }?.place.entry == "c")
    file.ignore { $0 == "c" }
    #expect(Self.error { () throws(FileFormatError) in try file.finish() } == nil)
  }

  @Test func settingsAreSeenOnceAndNoneIsLeft() throws {
    var settings = ForeignSettings(["n": 3, "x": 1.5, "name": "silu", "flag": true, "rest": 1], path: "config.json")
    #expect(try settings.int("n") == 3 && settings.double("x") == 1.5 && settings.string("name") == "silu" && settings.bool("flag"))
    #expect(Self.error { () throws(FileFormatError) in _ = try settings.int("name") }?.place.entry == "name")
    #expect(Self.error { () throws(FileFormatError) in try settings.require("name", "tanh") }?.kind == .unsupported)
    #expect(Self.error { () throws(FileFormatError) in try settings.require("absent", "tanh") } == nil)
    #expect(Self.error { () throws(FileFormatError) in try settings.finish() }?.place.entry == "rest")
  }
}
