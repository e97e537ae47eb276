import Equivariant
import Testing

/// A model with a setting of each kind, and one that another one chooses.
struct SampleSettings: Configurable {
  enum Grid: String, CaseIterable, SettingValue { case cube, icosahedron }
  var width = 64
  var limit: Int?
  var rate = 1e-3
  var seed: UInt64 = 1
  var grid = Grid.cube
  var turns = false
  var name: String?

  static let settings: [Setting<Self>] = [
    .init("width", \.width, in: 1...100, "Width."),
    .init("limit", \.limit, in: 1...6, "Degree; the grid is an icosahedron then."),
    .init("rate", \.rate, "a positive number", where: { $0 > 0 }, "Learning rate."),
    .init("seed", \.seed, "Seed."),
    .init("grid", \.grid, "Grid."),
    .init("turns", \.turns, "Turn."),
    .init("name", \.name, "Name."),
  ]

  mutating func complete(given names: Set<String>) throws(SettingError) {
    if limit != nil, !names.contains("grid") { grid = .icosahedron }
    if turns, names.contains("name") { throw SettingError("--name has no effect: it turns") }
  }
  var objection: String? { limit == 6 && width < 10 ? "--width must be at least 10 for --limit 6" : nil }
}

@Suite struct ConfigurableTests {
  /// A setting declared twice, a key path named twice, and what else a declaration can have wrong.
  private struct Broken: Configurable {
    var width = 0
    var rate = 1.0
    var depth = 1
    static let settings: [Setting<Self>] = [
      .init("width", \.width, in: 1...3, "Width."), .init("width", \.depth, "Depth."), .init("rate", \.rate, ""),
      .init("no-rate", \.rate, "No rate."),
    ]
  }

  @Test func checksDeclarations() {
    #expect(SampleSettings.declarationFaults == [])
    let faults = Broken.declarationFaults
    for fault in [
      "--width is declared twice", "--no-rate sets what another option sets", "--rate has no help", "\"no-rate\" is no name of an option",
      "the defaults are refused: --width must be at least 1 and at most 3, not 0",
    ] { #expect(faults.contains(fault), "\(faults)") }
    #expect(faults.count == 5)
  }

  private func parsed(_ words: [String]) throws -> SampleSettings {
    var (settings, list) = (SampleSettings(), OptionList(words))
    try list.apply(to: &settings)
    try settings.complete(given: list.taken)
    try list.refuseRest { _ in nil }
    if let refusal = settings.refusal { throw SettingError(refusal) }
    return settings
  }

  @Test(arguments: [
    [], ["--width", "3"], ["--limit", "2"], ["--limit", "2", "--grid", "cube"], ["--rate", "1e-30", "--turns"],
    ["--seed", "18446744073709551615"], ["--name", "a b"], ["--name=-x"], ["--name", "none"], ["--name", ""],
    ["--grid", "icosahedron", "--no-turns"],
  ]) func printsBackWhatItReads(_ words: [String]) throws {
    let settings = try parsed(words)
    #expect(try parsed(settings.options(beside: SampleSettings())) == settings)
    var read = SampleSettings()
    let json = try JSONValue(parsing: JSONValue.object(settings.json).description)
    try read.read(try #require(json.object))
    #expect(read == settings)
  }

  @Test func valuesOfOptions() throws {
    // The last one of a name counts.
    let settings = try parsed(["--width=5", "--no-turns", "--width=3", "--limit", "2", "--rate", "0.5", "--turns", "--seed", "7"])
    #expect(try parsed(["--name", "none", "--limit", "none"]) == SampleSettings(name: "none"))
    #expect(settings == SampleSettings(width: 3, limit: 2, rate: 0.5, seed: 7, grid: .icosahedron, turns: true))
    // A setting that another one chooses is printed too where that is needed to get it back.
    #expect(SampleSettings(limit: 2, grid: .icosahedron).options(beside: SampleSettings()) == ["--limit", "2", "--grid", "icosahedron"])
    #expect(SampleSettings(limit: 2, grid: .cube).options(beside: SampleSettings()) == ["--limit", "2", "--grid", "cube"])
    #expect(SampleSettings(turns: false).options(beside: SampleSettings(turns: true)) == ["--no-turns"])
  }

  @Test(arguments: [
    (["--width", "0"], "--width must be at least 1 and at most 100, not 0"), (["--width", "x"], "--width is 1 to 100, not \"x\""),
    (["--width"], "--width needs a value: 1 to 100"), (["--turns=true"], "--turns takes no value"),
    (["--no-width", "3"], "there is no option --no-width"), (["--rate", "nan"], "--rate is a positive number, not \"nan\""),
    (["--rate", "inf"], "--rate must be a positive number, not inf"), (["--rate=-1"], "--rate must be a positive number, not -1"),
    (["--grid", "ball"], "--grid is cube or icosahedron, not \"ball\""), (["--limit", "6", "--width", "9"], "--width must be at least 10"),
    (["--turns", "--name", "x"], "--name has no effect: it turns"), (["word"], "there is nothing to do with \"word\""),
  ]) func refusesOptions(_ words: [String], _ message: String) throws {
    let error = #expect(throws: SettingError.self) { try parsed(words) }
    #expect(try #require(error).description.hasPrefix(message), "\(error?.description ?? "")")
  }

  @Test func namesTheKey() throws {
    func message(_ change: (inout JSONObject) -> Void) -> String? {
      var (object, settings) = (SampleSettings().json, SampleSettings())
      change(&object)
      do {
        try settings.read(object) { "model." + $0 }
        return nil
      } catch { return error.description }
    }
    #expect(message { _ in } == nil)
    #expect(message { $0["width"] = nil } == "the key \"model.width\" is missing")
    #expect(message { $0["width"] = "x" } == "the value of the key \"model.width\" is no number")
    #expect(message { $0["width"] = 2.5 } == "the value of the key \"model.width\" is none that it can have (1 to 100)")
    #expect(message { $0["turns"] = 1 } == "the value of the key \"model.turns\" is no truth value")
    #expect(message { $0["grid"] = "ball" } == "the value of the key \"model.grid\" is none that it can have (cube or icosahedron)")
    #expect(message { $0["depth"] = 1 } == "there is no setting \"model.depth\"")
  }
}
