import DifferentiableTensors
import EquivariantTraining
import FileFormats
import NeuralModules

/// A model that is made from a configuration, which ``PotentialFile`` stores with it.
public protocol ConfiguredModel<Scalar>: EnergyModel {
  /// Everything that decides what it computes, but for its weights.
  associatedtype Configuration: Configurable
  /// What files call it.
  static var modelName: String { get }
  /// What it is made of.
  var configuration: Configuration { get }
  /// A model of random weights; traps where the configuration is refused.
  init(_ configuration: Configuration, using generator: inout some RandomNumberGenerator)
}

extension ConfiguredModel {
  /// The configuration as files have it.
  var storedConfiguration: JSONObject {
    ["version": .integer(PotentialFile.version), "model": .string(Self.modelName), "network": .object(configuration.json)]
  }

  /// The model of a file.
  init(stored: StoredSettings, from file: SafetensorsFile) throws {
    var configuration = Configuration()
    try stored.read("network", into: &configuration)
    if let refusal = configuration.refusal { throw SettingError(refusal) }
    var source = RandomSource(seed: 0)
    self.init(configuration, using: &source)
    try load(from: file)
  }
}

extension NequIP: ConfiguredModel {
  /// "nequip"
  public static var modelName: String { "nequip" }
}

extension MACE: ConfiguredModel {
  /// "mace"
  public static var modelName: String { "mace" }
}

extension PaiNN: ConfiguredModel {
  /// "painn"
  public static var modelName: String { "painn" }
}

extension SchNet: ConfiguredModel {
  /// "schnet"
  public static var modelName: String { "schnet" }
}
