/// Options of a command line that settings take theirs from, so that what nobody has taken can be refused by name.
///
/// `--name value`, `--name=value`, and `--name` or `--no-name` for a flag.
public struct OptionList: Sendable {
  private var words: [String]
  /// The names of the options that were taken, without dashes.
  public private(set) var taken: Set<String> = []

  /// The words of a command line that nothing else has taken.
  public init(_ words: [String]) { self.words = words }

  /// The names of all options that are left or were taken, without dashes.
  public var names: Set<String> { taken.union(words.compactMap(Self.name)) }

  private static func name(_ word: String) -> String? {
    guard word.hasPrefix("--") else { return nil }
    return String(word.dropFirst(2).prefix { $0 != "=" })
  }

  /// Sets what options say, each once and in their order, and takes these options away.
  ///
  /// Throws for a value that the setting cannot have, a missing one, or an option that is given twice.
  public mutating func apply<Root: Configurable>(to root: inout Root) throws(SettingError) {
    var rest: [String] = []
    var place = 0
    while place < words.count {
      let word = words[place]
      place += 1
      guard let name = Self.name(word), let (setting, isNegated) = Self.setting(name, of: Root.self) else {
        rest.append(word)
        continue
      }
      guard taken.insert(setting.name).inserted else { throw SettingError("--\(setting.name) is given twice") }
      let value = word.firstIndex(of: "=").map { String(word[word.index(after: $0)...]) }
      if setting.isFlag {
        guard value == nil else { throw SettingError("--\(name) takes no value") }
        try setting.take(isNegated ? "false" : "true", into: &root)
      } else if let value {
        try setting.take(value, into: &root)
      } else {
        guard place < words.count else { throw SettingError("--\(name) needs a value: \(setting.values)") }
        try setting.take(words[place], into: &root)
        place += 1
      }
    }
    words = rest
  }

  private static func setting<Root>(_ name: String, of root: Root.Type) -> (Setting<Root>, Bool)? {
    if let setting = Root.settings.first(where: { $0.name == name }) { return (setting, false) }
    guard name.hasPrefix("no-"), let flag = Root.settings.first(where: { $0.name == name.dropFirst(3) && $0.isFlag }) else { return nil }
    return (flag, true)
  }

  /// Throws for the first word that nothing has taken. `explanation` says of an option, without dashes, why it has no effect; nil where it is
  /// not known at all.
  public func refuseRest(because explanation: (_ name: String) -> String?) throws(SettingError) {
    guard let word = words.first else { return }
    guard let name = Self.name(word) else { throw SettingError("there is nothing to do with \"\(word)\"") }
    if let reason = explanation(name) { throw SettingError("--\(name) has no effect: \(reason)") }
    throw SettingError("there is no option --\(name)")
  }
}
