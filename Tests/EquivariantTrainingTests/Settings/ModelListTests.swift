import Equivariant
import Testing

@Suite struct ModelListTests {
  private struct Shared: Configurable {
    var rate = 1.0
    static let settings: [Setting<Self>] = [.init("rate", \.rate, "a positive number", where: { $0 > 0 }, "Learning rate.")]
  }
  private struct Wide: ModelSettings {
    var width = 3
    var turns = false
    static let name = "wide"
    static let summary = "a wide one"
    static let remark = "; slow"
    static let settings: [Setting<Self>] = [.init("width", \.width, in: 1...9, "Width."), .init("turns", \.turns, "Turn.")]
  }
  private struct Deep: ModelSettings {
    var depth = 3
    static let name = "deep"
    static let summary = "a deep one"
    static let settings: [Setting<Self>] = [.init("depth", \.depth, in: 1...9, "Depth.")]
  }
  /// Its name is that of another one, and so are two of its options those of others.
  private struct Broken: ModelSettings {
    var rate = 3
    var output = 1
    static let name = "deep"
    static let summary = "a broken one"
    static let settings: [Setting<Self>] = [.init("rate", \.rate, "Rate."), .init("output", \.output, "Folder.")]
  }

  private func list(_ models: [any ModelSettings.Type], _ sections: [ModelList.Section] = [.init("TRAINING", Shared.self)]) -> ModelList {
    ModelList(models, sections: sections, reserved: ["output"])
  }

  @Test func findsFaults() {
    #expect(list([Wide.self, Deep.self]).faults == [])
    let faults = list([Wide.self, Deep.self, Broken.self]).faults
    #expect(
      Set(faults) == [
        "deep: --rate is an option of every model", "deep: --output is an option of every model", "--model deep is declared twice",
      ])
    #expect(list([], [.init("A", Shared.self), .init("B", Shared.self)]).faults == ["--rate is declared twice"])
  }

  @Test func saysWhyAnOptionHasNoEffect() {
    let models = list([Wide.self, Deep.self])
    #expect(models.names == "wide, deep")
    #expect(models.refusal(of: "width", for: "deep") == "--model deep does not use it; --width needs --model wide")
    #expect(models.refusal(of: "no-turns", for: "deep") == "--model deep does not use it; --no-turns needs --model wide")
    #expect(models.refusal(of: "none", for: "deep") == nil)
  }

  @Test func help() {
    let help = """
      --model wide: a wide one; slow
        --width <width>
            Width. (1 to 9; default: 3)
        --turns
            Turn.

      --model deep: a deep one
        --depth <depth>
            Depth. (1 to 9; default: 3)

      TRAINING
        --rate <rate>
            Learning rate. (a positive number; default: 1)
      """
    #expect(list([Wide.self, Deep.self]).help == help)
  }
}
