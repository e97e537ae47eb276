import ArgumentParser
import Equivariant

/// The options, besides the folder, of every command that trains one of a program's models: whether a run is resumed, the model, and
/// settings.
package struct RunOptions<Configuration: ModelConfiguration>: ParsableArguments {
  @Flag(help: "Continue the run in the output folder.") package var resume = false
  @Option(help: "The model: \(Configuration.models.names). (default: \(Configuration.defaultModel))") package var model: String?
  @OptionGroup package var session: SessionOptions
  @Argument(parsing: .allUnrecognized, help: "Settings of the model, its training and its data, as listed above.")
  package var settings: [String] = []

  package init() {}

  /// A new run, and the names of the settings that the command gives.
  ///
  /// - Parameter base: the settings of a model for which no option is given; by default the model's own.
  package func begun(
    _ base: (_ model: String) throws(SettingError) -> Configuration = { name throws(SettingError) in try Configuration(modelNamed: name) }
  ) throws(SettingError) -> (configuration: Configuration, given: Set<String>) {
    var configuration = try base(model ?? Configuration.defaultModel)
    let given = try configuration.take(settings)
    return (configuration, given)
  }

  /// A resumed run with the changes that the command makes, and the names of the settings that it gives.
  ///
  /// - Parameters:
  ///   - saved: the run as it was started.
  ///   - others: further options that the command gives and that have no effect on a resumed run, without dashes.
  ///   - allowed: the settings that may change.
  package func resumed(
    _ saved: Configuration, others: [String] = [], allowing allowed: Set<String> = ["epochs", "data"]
  ) throws(SettingError) -> (configuration: Configuration, given: Set<String>) {
    var configuration = saved
    let given = try configuration.resume(settings, others: (model == nil ? [] : ["model"]) + others, allowing: allowed)
    return (configuration, given)
  }

  /// The run that the command starts or resumes in a folder.
  package func start(
    in folder: RunFolder, others: [String] = [], allowing allowed: Set<String> = ["epochs", "data"],
    _ base: (_ model: String) throws(SettingError) -> Configuration = { name throws(SettingError) in try Configuration(modelNamed: name) }
  ) throws -> RunStart<Configuration> {
    guard resume else {
      let (configuration, given) = try begun(base)
      return RunStart(configuration: configuration, given: given, saved: nil)
    }
    let checkpoint = try SafetensorsFile(contentsOf: folder.checkpoint)
    let saved = try Configuration(from: checkpoint)
    let (configuration, given) = try resumed(saved, others: others, allowing: allowed)
    return RunStart(configuration: configuration, given: given, saved: (checkpoint, saved))
  }

  /// Throws a `ValidationError` if the command is wrong, before anything is read.
  package func check(
    others: [String] = [], allowing allowed: Set<String> = ["epochs", "data"],
    _ base: (_ model: String) throws(SettingError) -> Configuration = { name throws(SettingError) in try Configuration(modelNamed: name) }
  ) throws {
    do throws(SettingError) {
      if resume {
        _ = try resumed(Configuration(modelNamed: Configuration.defaultModel), others: others, allowing: allowed)
      } else {
        _ = try begun(base)
      }
    } catch {
      throw ValidationError(error.description)
    }
  }
}

/// A run that a command starts or resumes.
package struct RunStart<Configuration: ModelConfiguration> {
  package var configuration: Configuration
  /// The names of the settings that the command gives, without dashes.
  package let given: Set<String>
  /// The checkpoint of a resumed run, and the configuration that it was saved with.
  package let saved: (checkpoint: SafetensorsFile, configuration: Configuration)?
}

extension Configurable {
  /// Sets the options of a command that takes these settings and at most one argument.
  ///
  /// - Parameter refusal: the reason why an option that is not one of the settings has no effect; nil if the option is unknown.
  /// - Returns: the argument, and the names of the options that are set.
  package mutating func take(
    _ words: [String], refusing refusal: (_ name: String) -> String? = { _ in nil }
  ) throws(SettingError) -> (argument: String?, given: Set<String>) {
    var options = OptionList(words)
    try options.apply(to: &self)
    let argument = options.takeArgument()
    try options.refuseRest(because: refusal)
    if let objection = self.refusal { throw SettingError(objection) }
    return (argument, options.taken)
  }
}
