import Equivariant
import Testing

@Suite struct StoredSettingsTests {
  /// Version 1 had `wide` and an optional `degree` in an object; version 2 renamed it; version 3 has sections.
  private static func upgrade(_ version: Int, _ object: JSONObject) -> SettingsUpgrade {
    let others = ["rate", "seed", "grid", "turns", "name"]
    if version == 1 {
      return SettingsUpgrade(
        [.init("wide", "width"), .init("own.degree", "limit", absent: 4)] + others.map { .init($0, $0, absent: SampleSettings().json[$0]) })
    }
    return SettingsUpgrade((["width", "limit"] + others).map { .init($0, "model.\($0)") })
  }

  private func read(_ text: String) throws -> SampleSettings {
    let stored = try StoredSettings(text, newest: 3, upgrade: Self.upgrade)
    var settings = SampleSettings()
    try stored.read("model", into: &settings)
    return settings
  }

  @Test func bringsOlderVersionsUp() throws {
    #expect(try read("{\"wide\":7,\"old\":1}") == SampleSettings(width: 7, limit: 4))
    #expect(try read("{\"wide\":7,\"own\":{\"degree\":2},\"rate\":null}") == SampleSettings(width: 7, limit: 2))
    #expect(try read("{\"wide\":7,\"seed\":18446744073709551615}") == SampleSettings(width: 7, limit: 4, seed: .max))
    #expect(try read("{\"wide\":7,\"seed\":9223372036854775807}") == SampleSettings(width: 7, limit: 4, seed: 9_223_372_036_854_775_807))
    let second =
      "{\"version\":2,\"width\":8,\"limit\":null,\"rate\":1,\"seed\":\"18446744073709551615\",\"grid\":\"cube\",\"turns\":true,\"name\":\"x\"}"
    #expect(try read(second) == SampleSettings(width: 8, rate: 1, seed: .max, turns: true, name: "x"))
    let third = JSONValue.object(["version": 3, "model": .object(SampleSettings(width: 9).json)])
    #expect(try read(third.description) == SampleSettings(width: 9))
  }

  @Test(arguments: [
    ("{}", "the key \"wide\" is missing"), ("{\"wide\":\"x\"}", "the value of the key \"wide\" is no number"),
    ("{\"wide\":7,\"own\":{\"degree\":1e30}}", "the value of the key \"own.degree\" is none that it can have"),
    ("{\"version\":2}", "the key \"width\" is missing"), ("{\"version\":3}", "the key \"model.width\" is missing"),
    ("{\"version\":3,\"model\":[]}", "the key \"model.width\" is missing"), ("[]", "it is no JSON object"), ("{", "it is no JSON object"),
    ("{\"version\":4}", "its version is 4, and this program knows versions up to 3"),
    ("{\"version\":0}", "the value of the key \"version\" is none"), ("{\"version\":\"2\"}", "the value of the key \"version\" is none"),
  ]) func namesTheKeyOfTheFile(_ text: String, _ message: String) throws {
    let error = #expect(throws: SettingError.self) { try read(text) }
    #expect(try #require(error).description.hasPrefix(message), "\(error?.description ?? "")")
  }
}
