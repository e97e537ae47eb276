/// The settings of a model that a program offers under a name.
public protocol ModelSettings: Configurable {
  /// The name of the model, which follows `--model`.
  static var name: String { get }
  /// A description of the model in one line of the help.
  static var summary: String { get }
  /// A remark that follows the summary in the help; may be empty.
  static var remark: String { get }
}

extension ModelSettings {
  /// Empty.
  public static var remark: String { "" }
}

/// The models of a program with the settings that all of them share. It makes the help text, and explains why an option is refused.
public struct ModelList: Sendable {
  /// A group of settings that every model has, under a title.
  public struct Section: Sendable {
    let title: String
    let settings: any Configurable.Type

    /// A group of settings under a title.
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

  /// The index of a model in the list that this one was made of. Throws if there is no model of that name.
  public func index(of name: String) throws(SettingError) -> Int {
    guard let place = models.firstIndex(where: { $0.name == name }) else {
      throw SettingError("--model is one of \(names), not \"\(name)\"")
    }
    return place
  }

  /// The help text: every model with its settings, then the sections.
  public var help: String {
    let own = models.map { "--model \($0.name): \($0.summary)\($0.remark)\n\($0.help)" }
    return (own + sections.map { "\($0.title)\n\($0.settings.help)" }).joined(separator: "\n\n")
  }

  /// Why an option, named without dashes, has no effect on a model; nil if no model has such an option.
  public func refusal(of option: String, for model: String) -> String? {
    let others = models.filter { $0.names.contains(option) || (option.hasPrefix("no-") && $0.names.contains(String(option.dropFirst(3)))) }
    if others.isEmpty { return nil }
    return "--model \(model) does not use it; --\(option) needs --model \(others.map { $0.name }.joined(separator: " or "))"
  }

  /// The faults of the declarations: what ``Configurable/declarationFaults`` finds, a name that two models have, and an option of a model
  /// that all models or the command have too.
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
