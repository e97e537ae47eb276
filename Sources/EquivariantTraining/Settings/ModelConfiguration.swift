import FileFormats
import NeuralModules

/// Everything that decides a run of a program that knows its models by their names: sections of settings, and values that no option sets.
///
/// One traversal, ``visit(_:)``, names each of them. The JSON that files of the run carry, its reading, the options of a command line and the
/// comparison of two runs come from it.
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
  /// The model as it is trained.
  associatedtype Model: Module

  /// What is missing from a file without a configuration, such as "a run on molecules".
  static var subject: String { get }
  /// What to do about a file without one.
  static var cure: String { get }
  /// The version of ``json``. Whoever adds a setting, renames one or takes one away counts it up and adds a step to ``upgrade(_:_:)``.
  static var version: Int { get }
  /// The step from a version to the next one, which may look at the object of that version.
  static func upgrade(_ version: Int, _ object: JSONObject) -> SettingsUpgrade
  /// The models of the program.
  static var models: ModelList { get }
  /// The name of the model that is taken where none is given.
  static var defaultModel: String { get }

  /// A run with the defaults of a model. Throws where there is no model of that name.
  init(modelNamed name: String) throws(SettingError)
  /// The name of its model.
  var modelName: String { get }
  /// Calls the visitor with each section of settings and each value that no option sets.
  mutating func visit<Visitor: SettingsVisitor>(_ visitor: inout Visitor) throws(SettingError)
  /// Chooses what depends on settings of other sections, where it is not among the options that were given, named without dashes; also for a
  /// run that goes on. Throws where an option that was given contradicts another one.
  mutating func complete(given names: Set<String>) throws(SettingError)
  /// Why there is no run with these settings together, though each section can be, in the words of the options; nil where there is.
  var objection: String? { get }
  /// The model with initial weights.
  func makeModel() -> Model
}

/// What is called with the parts of a ``ModelConfiguration``.
public protocol SettingsVisitor {
  /// Settings that options set, and that are an object of JSON of this key.
  mutating func section<Settings: Configurable>(_ key: String, _ settings: inout Settings) throws(SettingError)
  /// A value that the program sets.
  mutating func value<Value: SettingValue>(_ key: String, _ value: inout Value) throws(SettingError)
}

extension ModelConfiguration {
  /// For a first version: every key stays where it is.
  public static func upgrade(_ version: Int, _ object: JSONObject) -> SettingsUpgrade {
    SettingsUpgrade(object.keys.map { .init($0, $0) })
  }
  /// Changes nothing.
  public mutating func complete(given names: Set<String>) throws(SettingError) {}
  /// None.
  public var objection: String? { nil }

  /// Whether all settings and values are the same.
  public static func == (a: Self, b: Self) -> Bool { a.object == b.object }

  /// Why there is no such run, in the words of the options: the first section that is refused, or ``objection``.
  public var refusal: String? {
    var (copy, finder) = (self, RefusalFinder())
    try? copy.visit(&finder)
    return finder.refusal ?? objection
  }

  /// Sets what the words of a command line say, and chooses what depends on them.
  ///
  /// - Returns: the names of the settings that the words give, without dashes.
  /// - Throws: for a word that is no setting of this run or has a value that it cannot have, and for settings that do not go together.
  @discardableResult
  public mutating func take(_ words: [String]) throws(SettingError) -> Set<String> {
    var options = OptionList(words)
    try take(&options)
    try finish(options)
    return options.taken
  }

  /// The same with options of which some may be left, and without a look at ``refusal``.
  public mutating func take(_ options: inout OptionList) throws(SettingError) {
    var taker = OptionTaker(options: options)
    try visit(&taker)
    var completer = Completer(names: taker.options.taken)
    try visit(&completer)
    try complete(given: taker.options.taken)
    options = taker.options
  }

  /// Sets what the words of a command line say for a run that goes on.
  ///
  /// - Parameters:
  ///   - words: options that nothing else has taken.
  ///   - others: further options that were given, without dashes.
  ///   - allowed: the names of the options that a run that is continued may be given.
  /// - Returns: the names of the settings that the words give.
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
