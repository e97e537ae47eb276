import Equivariant
import Testing

/// A configuration with two models, a section that depends on another one, and values.
private struct SampleRun: ModelConfiguration {
  struct Wide: ModelSettings {
    var width = 3
    static let name = "wide"
    static let summary = "a wide one"
    static let settings: [Setting<Self>] = [.init("width", \.width, in: 1...9, "Width.")]
  }
  struct Deep: ModelSettings {
    var depth = 2
    var scale: Int?
    static let name = "deep"
    static let summary = "a deep one"
    static let settings: [Setting<Self>] = [.init("depth", \.depth, in: 1...9, "Depth."), .init("scale", \.scale, "Scale.")]
    mutating func complete(given names: Set<String>) { if !names.contains("scale") { scale = 10 * depth } }
  }
  struct Training: Configurable {
    var epochs = 5
    var files: [String] = ["x"]
    static let settings: [Setting<Self>] = [.init("epochs", \.epochs, in: 1...100, "Epochs."), .init("data", each: \.files, "Files.")]
  }

  var model: any ModelSettings
  var training = Training()
  var sizes: [Int] = []
  var mark: String?

  static let subject = "a sample"
  static let cure = "give a sample"
  static let version = 2
  static let models = ModelList([Wide.self, Deep.self], sections: [.init("TRAINING", Training.self)], reserved: ["output"])
  static let defaultModel = "wide"
  init(modelNamed name: String) throws(SettingError) {
    let all: [any ModelSettings] = [Wide(), Deep()]
    model = try all[Self.models.index(of: name)]
  }
  var modelName: String { type(of: model).name }
  mutating func visit(_ visitor: inout some SettingsVisitor) throws(SettingError) {
    try visitor.section("network", &model)
    try visitor.section("training", &training)
    try visitor.value("sizes", &sizes)
    try visitor.value("mark", &mark)
  }
  mutating func complete(given names: Set<String>) throws(SettingError) {
    if names.contains("width"), names.contains("epochs") { throw SettingError("--width does not go with --epochs") }
    mark = mark ?? "\(modelName) \(training.epochs)"
  }
  var objection: String? { training.epochs > 50 && sizes.isEmpty ? "--epochs is too large without sizes" : nil }
  func makeModel() -> Linear<Float> {
    var generator = RandomSource(seed: 1)
    return Linear(1, 1, using: &generator)
  }
  static func upgrade(_ version: Int, _ object: JSONObject) -> SettingsUpgrade {
    SettingsUpgrade([
      .init("model", "model"), .init("width", "network.width"), .init("n", "training.epochs"), .constant(["y"], "training.data"),
      .init("sizes", "sizes", absent: []), .init("mark", "mark", absent: .null),
    ])
  }
}

@Suite struct ModelConfigurationTests {
  @Test func takesOptions() throws {
    #expect(SampleRun.models.faults == [])
    var run = try SampleRun(modelNamed: "deep")
    #expect(try run.take(["--depth", "4", "--data", "a", "--data=b"]) == ["depth", "data"])
    #expect((run.model as? SampleRun.Deep)?.scale == 40 && run.training.files == ["a", "b"] && run.mark == "deep 5")
    #expect(
      run.json
        == #"{"version":2,"model":"deep","network":{"depth":4,"scale":40},"training":{"epochs":5,"data":["a","b"]},"sizes":[],"mark":"deep 5"}"#
    )
    #expect(try SampleRun(json: run.json) == run)
    var other = run
    other.sizes = [1]
    let wide = try SampleRun(modelNamed: "wide")
    #expect(other != run && wide != run)
  }

  /// What was chosen when the run was begun stays, and so do files that are not given again.
  @Test func goesOn() throws {
    var run = try SampleRun(modelNamed: "deep")
    try run.take(["--depth", "4", "--scale", "7"])
    var resumed = run
    #expect(try resumed.resume(["--epochs", "8"], allowing: ["epochs"]) == ["epochs"])
    run.training.epochs = 8
    #expect(resumed == run && resumed.training.files == ["x"])
    for (words, others, message) in [
      (["--depth", "3"], [], "--depth does not go with --resume"), ([], ["model"], "--model does not go with --resume"),
      (["--epochs", "0"], [], "--epochs must be at least 1"), (["word"], [], "there is nothing to do with \"word\""),
    ] {
      let error = #expect(throws: SettingError.self) { try resumed.resume(words, others: others, allowing: ["epochs"]) }
      #expect(error?.description.contains(message) == true, "\(words)")
    }
  }

  @Test(arguments: [
    (["--depth", "3"], "--depth has no effect: --model wide does not use it; --depth needs --model deep"),
    (["--width", "10"], "--width must be at least 1"), (["--width", "1", "--epochs", "2"], "--width does not go with --epochs"),
    (["--epochs", "60"], "--epochs is too large without sizes"), (["--other"], "there is no option --other"),
    (["--data"], "--data needs a value"),
  ]) func refuses(_ words: [String], _ message: String) throws {
    var run = try SampleRun(modelNamed: "wide")
    let error = #expect(throws: SettingError.self) { try run.take(words) }
    #expect(error?.description.contains(message) == true)
  }

  @Test func readsFiles() throws {
    func error(_ metadata: [String: String]) throws -> FileFormatError {
      try #require(throws: FileFormatError.self) { try SampleRun(from: SafetensorsFile(metadata: metadata)) }
    }
    let old = try SampleRun(json: #"{"model":"wide","width":4,"n":6}"#)
    #expect(old.training.epochs == 6 && old.training.files == ["y"] && (old.model as? SampleRun.Wide)?.width == 4 && old.mark == nil)
    #expect(try error([:]).cause == "there is no configuration of a sample in this file")
    for (text, message) in [
      ("[]", "it is no JSON object"), (#"{"model":"wide","width":4}"#, "the key \"n\" is missing"),
      (#"{"model":"wide","width":"4","n":6}"#, "the value of the key \"width\" is no number"),
      (#"{"model":"thin","width":4,"n":6}"#, "the value of the key \"model\" is none that it can have (wide, deep)"),
      (#"{"model":"wide","width":40,"n":6}"#, "the configuration is not that of a run: --width must be at least 1"),
      (#"{"model":"wide","width":4,"n":60}"#, "the configuration is not that of a run: --epochs is too large without sizes"),
      (#"{"model":"wide","width":4,"n":6,"sizes":[1.5]}"#, "the value of the key \"sizes\" is none that it can have"),
      (#"{"version":3,"model":"wide"}"#, "its version is 3"),
    ] {
      let error = try error(["configuration": text])
      #expect(error.cause.contains(message) && error.cure == "give a sample", "\(error)")
    }
    #expect(throws: SettingError("--model is one of wide, deep, not \"thin\"")) { try SampleRun(modelNamed: "thin") }
  }
}
