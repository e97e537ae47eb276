/// The options of a command line, from which settings take theirs, so that the remaining ones can be refused by name.
///
/// Options are written `--name value` or `--name=value`, and flags `--name` or `--no-name`.
public struct OptionList: Sendable {
  private var words: [String]
  /// The names of the options that were taken, without dashes.
  public private(set) var taken: Set<String> = []

  /// The words of a command line that nothing else has taken.
  public init(_ words: [String]) { self.words = words }

  /// The names of the options that are left, without dashes, in their order.
  public var remaining: [String] { words.compactMap(Self.name) }

  private static func name(_ word: String) -> String? {
    guard word.hasPrefix("--") else { return nil }
    return String(word.dropFirst(2).prefix { $0 != "=" })
  }

  /// Sets the options that belong to some settings, in their order, and removes them. The last option of a name counts, or each adds to a
  /// list.
  ///
  /// Throws if a value is impossible or missing.
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
      if taken.insert(setting.name).inserted { setting.clear(&root) }
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

  /// Removes and returns the first word that is neither an option nor the value of a remaining one; nil if there is none.
  public mutating func takeArgument() -> String? {
    guard let place = words.firstIndex(where: { Self.name($0) == nil }) else { return nil }
    return words.remove(at: place)
  }

  /// Throws for the first option that would have no effect on a resumed run. Options are named without dashes.
  public func refuseOnResume(also others: [String] = [], except allowed: Set<String>) throws(SettingError) {
    if let other = (others + remaining).first(where: { !allowed.contains($0) }) {
      throw SettingError("--\(other) does not go with --resume: the run goes on with the settings that it was begun with")
    }
  }

  private static func setting<Root>(_ name: String, of root: Root.Type) -> (Setting<Root>, Bool)? {
    if let setting = Root.settings.first(where: { $0.name == name }) { return (setting, false) }
    guard name.hasPrefix("no-"), let flag = Root.settings.first(where: { $0.name == name.dropFirst(3) && $0.isFlag }) else { return nil }
    return (flag, true)
  }

  /// Throws for the first remaining word. `explanation` gives the reason why an option, named without dashes, has no effect, or nil if the
  /// option is unknown.
  public func refuseRest(because explanation: (_ name: String) -> String?) throws(SettingError) {
    guard let word = words.first else { return }
    guard let name = Self.name(word) else { throw SettingError("there is nothing to do with \"\(word)\"") }
    if let reason = explanation(name) { throw SettingError("--\(name) has no effect: \(reason)") }
    throw SettingError("there is no option --\(name)")
  }
}
