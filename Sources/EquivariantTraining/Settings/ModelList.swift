/// The settings of a model that a program knows by a name.
public protocol ModelSettings: Configurable {
  /// What follows `--model`.
  static var name: String { get }
  /// What the model is, in a line of the help.
  static var summary: String { get }
  /// What else the help says of it after the summary; empty for nothing.
  static var remark: String { get }
}

extension ModelSettings {
  /// Nothing.
  public static var remark: String { "" }
}

/// The models of a program beside the settings that all of them share: what the help says, and why an option is refused.
public struct ModelList: Sendable {
  /// Settings that go with every model, under a title.
  public struct Section: Sendable {
    let title: String
    let settings: any Configurable.Type

    /// The settings under their title.
    public init(_ title: String, _ settings: any Configurable.Type) { (self.title, self.settings) = (title, settings) }
  }

  private let models: [any ModelSettings.Type]
  private let sections: [Section]
  private let reserved: Set<String>

  /// - Parameters:
  ///   - models: the settings of each model.
  ///   - sections: the settings of every run.
  ///   - reserved: further options of the command, without dashes.
  public init(_ models: [any ModelSettings.Type], sections: [Section], reserved: Set<String>) {
    (self.models, self.sections, self.reserved) = (models, sections, reserved)
  }

  /// The names of the models, joined by commas.
  public var names: String { models.map { $0.name }.joined(separator: ", ") }

  /// Whether there is a model of that name.
  public func contains(_ name: String) -> Bool { models.contains { $0.name == name } }

  /// The place of a model in the list that this one was made of. Throws where there is no model of that name.
  public func index(of name: String) throws(SettingError) -> Int {
    guard let place = models.firstIndex(where: { $0.name == name }) else {
      throw SettingError("--model is one of \(names), not \"\(name)\"")
    }
    return place
  }

  /// Every model with its settings, then the sections.
  public var help: String {
    let own = models.map { "--model \($0.name): \($0.summary)\($0.remark)\n\($0.help)" }
    return (own + sections.map { "\($0.title)\n\($0.settings.help)" }).joined(separator: "\n\n")
  }

  /// Why an option, named without dashes, has no effect on a model; nil where it is no option of any model.
  public func refusal(of option: String, for model: String) -> String? {
    let others = models.filter { $0.names.contains(option) || (option.hasPrefix("no-") && $0.names.contains(String(option.dropFirst(3)))) }
    if others.isEmpty { return nil }
    return "--model \(model) does not use it; --\(option) needs --model \(others.map { $0.name }.joined(separator: " or "))"
  }

  /// What is wrong with the declarations; empty where nothing is: what ``Configurable/declarationFaults`` finds, a name that two models have,
  /// and an option of a model that is one of every model or of the command.
  public var faults: [String] {
    var faults = sections.flatMap { $0.settings.declarationFaults }
    let shared = sections.flatMap { $0.settings.names }
    faults += Set(shared).filter { name in reserved.contains(name) || shared.count { $0 == name } > 1 }.map { "--\($0) is declared twice" }
    for model in models {
      faults += model.declarationFaults.map { "\(model.name): \($0)" }
      faults += model.names.filter { reserved.contains($0) || shared.contains($0) }
        .map { "\(model.name): --\($0) is an option of every model" }
      if models.count(where: { $0.name == model.name }) > 1 { faults.append("--model \(model.name) is declared twice") }
    }
    return faults
  }
}
