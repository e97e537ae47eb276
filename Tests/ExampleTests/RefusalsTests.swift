import ArgumentParser
import Equivariant
import Testing

@testable import molecules

/// The helpers that tests of refusals stand on see what is taken although it should not be.
@Suite struct RefusalsTests {
  private struct Words: ParsableArguments {
    @Option var count = 1
    func validate() throws { if count < 1 { throw ValidationError("--count must be at least 1") } }
  }

  @Test func words() throws {
    #expect(try refusal(of: ["--count", "0"], by: Words.self).contains("--count must be at least 1"))
    #expect(try refusal(of: ["--cont", "2"], by: Words.self).contains("--cont"))
    for taken in [[], ["--count", "2"]] { #expect(throws: NotRefused.self) { try refusal(of: taken, by: Words.self) } }
  }

  @Test func configurations() throws {
    let json = try MoleculeConfiguration(modelNamed: "pnita").json
    #expect(try refusal(of: json, replacing: "\"layers\":", by: "\"leyers\":", as: MoleculeConfiguration.self).contains("network.layers"))
    #expect(throws: NotRefused.self) { try refusal(of: json, replacing: "\"model\":", by: " \"model\":", as: MoleculeConfiguration.self) }
    #expect(throws: NotRefused.self) { try refusal(of: json, replacing: "nothing", by: "", as: MoleculeConfiguration.self) }
  }
}
