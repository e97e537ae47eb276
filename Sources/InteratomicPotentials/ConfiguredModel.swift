import DifferentiableTensors
import EquivariantTraining
import FileFormats
import NeuralModules

/// The configuration of a potential.
public protocol PotentialConfiguration: Configurable {
  /// A number of weights that there are at least: a file with fewer numbers is not of this configuration, whatever it says, and no memory is
  /// asked for.
  var leastWeightCount: Double { get }
}

/// A model that is made from a configuration, which ``PotentialFile`` stores with it.
public protocol ConfiguredModel<Scalar>: EnergyModel {
  /// Everything that decides what it computes, but for its weights.
  associatedtype Configuration: PotentialConfiguration
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
    let numbers = file.entries.reduce(0) { $0 + $1.shape.reduce(1) { $0 * Double($1) } }
    if configuration.leastWeightCount > numbers {
      throw SettingError("its network has more weights than the \(Int(min(numbers, 1e18))) numbers of the file")
    }
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

extension PNITAPotential: ConfiguredModel {
  /// "pnita"
  public static var modelName: String { "pnita" }
}

/// The number of weights of matrices between widths.
func weightCount(between widths: [Int]) -> Double { zip(widths, widths.dropFirst()).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
