import FileFormats
import NeuralModules

/// Everything that decides a run of a program that has several models with names: sections of settings, and values that no option sets.
///
/// One traversal, ``visit(_:)``, names each of them. From it come the JSON in the files of a run, its reading, the options of a command
/// line and the comparison of two runs.
///
/// ```swift
/// struct MyRun: ModelConfiguration {
///   var model: any MyArchitecture
///   var training = TrainingSettings()
///   var fingerprint: String?
///
///   static let subject = "a run on crystals"
///   static let cure = "give a file written by `crystals train`"
///   static let version = 1
///   static let models = ModelList(architectures, sections: [.init("TRAINING", TrainingSettings.self)], reserved: ["output", "resume"])
///   static let defaultModel = "nequip"
///
///   init(modelNamed name: String) throws(SettingError) { model = try architectures[Self.models.index(of: name)].init() }
///   var modelName: String { type(of: model).name }
///
///   mutating func visit(_ visitor: inout some SettingsVisitor) throws(SettingError) {
///     try visitor.section("network", &model)
///     try visitor.section("training", &training)
///     try visitor.value("fingerprint", &fingerprint)
///   }
///   func makeModel() -> MyModel { ... }
/// }
/// ```
public protocol ModelConfiguration: Sendable, Equatable {
  /// The type of the model that is trained.
  associatedtype Model: Module

  /// What a file without a configuration is not from, such as "a run on molecules"; used in messages.
  static var subject: String { get }
  /// What a user can do about such a file; used in messages.
  static var cure: String { get }
  /// The version of ``json``. To add, rename or remove a setting, increase it and add a step to ``upgrade(_:_:)``.
  static var version: Int { get }
  /// The step from a version to the next one, which may depend on the object of that version.
  static func upgrade(_ version: Int, _ object: JSONObject) -> SettingsUpgrade
  /// The models of the program.
  static var models: ModelList { get }
  /// The name of the default model.
  static var defaultModel: String { get }

  /// A run with the defaults of a model. Throws if there is no model of that name.
  init(modelNamed name: String) throws(SettingError)
  /// The name of the run's model.
  var modelName: String { get }
  /// Calls the visitor with each section of settings and each value that no option sets.
  mutating func visit<Visitor: SettingsVisitor>(_ visitor: inout Visitor) throws(SettingError)
  /// Chooses the values that depend on settings of other sections, except for the options that were given, which are named without dashes.
  /// It is called for a resumed run too. Throws if an option that was given contradicts another one.
  mutating func complete(given names: Set<String>) throws(SettingError)
  /// Why this combination of settings is impossible although each section is possible, in terms of the options; nil if it is possible.
  var objection: String? { get }
  /// The model with initial weights.
  func makeModel() -> Model
}

/// A visitor of the parts of a ``ModelConfiguration``.
public protocol SettingsVisitor {
  /// Visits settings that options set. In JSON they are an object with the given key.
  mutating func section<Settings: Configurable>(_ key: String, _ settings: inout Settings) throws(SettingError)
  /// Visits a value that the program sets.
  mutating func value<Value: SettingValue>(_ key: String, _ value: inout Value) throws(SettingError)
}

extension ModelConfiguration {
  /// The step for a first version: every key stays where it is.
  public static func upgrade(_ version: Int, _ object: JSONObject) -> SettingsUpgrade {
    SettingsUpgrade(object.keys.map { .init($0, $0) })
  }
  /// Changes nothing.
  public mutating func complete(given names: Set<String>) throws(SettingError) {}
  /// Nil.
  public var objection: String? { nil }

  /// Whether all settings and values are the same.
  public static func == (a: Self, b: Self) -> Bool { a.object == b.object }

  /// Why such a run is impossible, in terms of the options: the first section that is refused, or else ``objection``; nil if it is
  /// possible.
  public var refusal: String? {
    var (copy, finder) = (self, RefusalFinder())
    try? copy.visit(&finder)
    return finder.refusal ?? objection
  }

  /// Sets the options of a command line, and chooses what depends on them.
  ///
  /// - Returns: the names of the options that are set, without dashes.
  /// - Throws: if a word is not an option of this run or has an impossible value, or if settings are incompatible.
  @discardableResult
  public mutating func take(_ words: [String]) throws(SettingError) -> Set<String> {
    var options = OptionList(words)
    try take(&options)
    try finish(options)
    return options.taken
  }

  /// Sets those of the options that belong to this run, without checking ``refusal``; other options are left.
  public mutating func take(_ options: inout OptionList) throws(SettingError) {
    var taker = OptionTaker(options: options)
    try visit(&taker)
    var completer = Completer(names: taker.options.taken)
    try visit(&completer)
    try complete(given: taker.options.taken)
    options = taker.options
  }

  /// Sets the options of a command line for a resumed run.
  ///
  /// - Parameters:
  ///   - words: the words that nothing else has taken.
  ///   - others: further options that were given, without dashes.
  ///   - allowed: the names of the options that may be given for a resumed run.
  /// - Returns: the names of the options that are set.
  @discardableResult
  public mutating func resume(
    _ words: [String], others: [String] = [], allowing allowed: Set<String>
  ) throws(SettingError) -> Set<String> {
    var taker = OptionTaker(options: OptionList(words))
    try taker.options.refuseOnResume(also: others, except: allowed)
    // What sections choose by their options was chosen when the run was begun.
    try visit(&taker)
    try complete(given: taker.options.taken)
    try finish(taker.options)
    return taker.options.taken
  }

  /// Throws for options that are left, and for settings that cannot be.
  private func finish(_ options: OptionList) throws(SettingError) {
    let name = modelName
    try options.refuseRest { Self.models.refusal(of: $0, for: name) }
    if let refusal { throw SettingError(refusal) }
  }
}

private struct RefusalFinder: SettingsVisitor {
  var refusal: String?
  mutating func section<Settings: Configurable>(_ key: String, _ settings: inout Settings) { refusal = refusal ?? settings.refusal }
  mutating func value<Value: SettingValue>(_ key: String, _ value: inout Value) {}
}

private struct OptionTaker: SettingsVisitor {
  var options: OptionList
  mutating func section<Settings: Configurable>(_ key: String, _ settings: inout Settings) throws(SettingError) {
    try options.apply(to: &settings)
  }
  mutating func value<Value: SettingValue>(_ key: String, _ value: inout Value) {}
}

private struct Completer: SettingsVisitor {
  let names: Set<String>
  mutating func section<Settings: Configurable>(_ key: String, _ settings: inout Settings) throws(SettingError) {
    try settings.complete(given: names)
  }
  mutating func value<Value: SettingValue>(_ key: String, _ value: inout Value) {}
}
