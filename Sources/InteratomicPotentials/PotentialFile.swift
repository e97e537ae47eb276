import DifferentiableTensors
import EquivariantTraining
import FileFormats
import NeuralModules

/// Files of trained potentials: safetensors with the weights under their own names, and with the complete configuration as versioned JSON in the
/// metadata.
///
/// ```swift
/// let model = try PotentialFile.load("sevennet-0.safetensors")        // any EnergyModel<Double>
/// let water = try model.predict(structure)
/// ```
/// What `Scripts/convert_potential.py` writes of models of other programs is read too, and is brought into the conventions of this library then;
/// ``save(_:to:metadata:)`` keeps it so.
public enum PotentialFile {
  /// The newest version of the configuration.
  static let version = 1
  static let format = "swift-equivariant potential 1"
  static let foreignFormat = "swift-equivariant foreign potential 1"

  /// The model of a file, in double precision.
  ///
  /// - Throws: `FileFormatError` for a file that cannot be read or is no potential, for options that are missing, unknown or refused, and for
  ///   arrays that are missing, are of another shape, or belong to nothing.
  public static func load(_ path: String) throws -> any EnergyModel<Double> { try load(path, as: Double.self) }

  /// The model of a file, in an element type.
  public static func load<Scalar: TensorScalar>(_ path: String, as type: Scalar.Type) throws -> any EnergyModel<Scalar> {
    if path.hasSuffix(".nqx") { return try NequIP<Double>.nequix(path).converted(to: type) }
    let file = try SafetensorsFile(contentsOf: path)
    switch file.metadata["format"] {
    case format: return try model(of: file)
    case foreignFormat: return try foreignModel(of: file).converted(to: type)
    default:
      throw FileFormatError(
        .unsupported, path: path, place: .init(entry: "__metadata__"), cause: "there is no configuration of a potential in this file",
        cure: "give a file of a potential, or convert the model by Scripts/convert_potential.py")
    }
  }

  /// Writes a model, whole or not at all, in its own precision.
  ///
  /// - Parameters:
  ///   - model: one of the models of this library.
  ///   - path: the file.
  ///   - metadata: further texts for the header, such as `licence` and `source`.
  public static func save<Scalar: TensorScalar>(
    _ model: any EnergyModel<Scalar>, to path: String, metadata: [String: String] = [:]
  ) throws {
    guard let configured = model as? any ConfiguredModel<Scalar> else {
      throw FileFormatError(
        .unsupported, path: path, cause: "a model of the type \(Swift.type(of: model)) has no configuration", cure: "save one that has")
    }
    var file = SafetensorsFile(metadata: metadata)
    file.metadata["format"] = format
    file.metadata["configuration"] = JSONValue.object(configured.storedConfiguration).description
    configured.store(in: &file)
    try file.write(to: path)
  }

  private static func model<Scalar: TensorScalar>(of file: SafetensorsFile) throws(FileFormatError) -> any EnergyModel<Scalar> {
    func fault(_ cause: String) -> FileFormatError {
      FileFormatError(
        .malformed, path: file.path, place: .init(entry: "__metadata__"), cause: cause,
        cure: "give a file that this program wrote, or a newer program")
    }
    do {
      let stored = try StoredSettings(file.metadata["configuration"] ?? "", newest: version) { _, object in
        SettingsUpgrade(object.keys.map { .init($0, $0) })
      }
      for key in stored.object.keys where !["version", "model", "network"].contains(key) {
        throw SettingError("there is no setting \"\(key)\"")
      }
      let name: String = try stored.value("model")
      let models: [any ConfiguredModel<Scalar>.Type] = [
        NequIP<Scalar>.self, MACE<Scalar>.self, PaiNN<Scalar>.self, SchNet<Scalar>.self, PNITAPotential<Scalar>.self,
      ]
      guard let type = models.first(where: { $0.modelName == name }) else {
        throw SettingError("there is no model \"\(name)\" (\(models.map { $0.modelName }.joined(separator: ", ")))")
      }
      return try type.init(stored: stored, from: file)
    } catch let error as FileFormatError {
      throw error
    } catch {
      throw fault("the configuration is none of a potential: \(error)")
    }
  }

  private static func foreignModel(of file: SafetensorsFile) throws -> any EnergyModel<Double> {
    func fault(_ cause: String) -> FileFormatError {
      FileFormatError(
        .malformed, path: file.path, place: .init(entry: "__metadata__"), cause: cause, cure: "convert the model again")
    }
    guard let object = try JSONValue(parsing: file.metadata["options"] ?? "", path: file.path).object else {
      throw fault("the options are no JSON object")
    }
    guard let unit = Double(file.metadata["unit"] ?? "1"), unit.isFinite, unit > 0 else { throw fault("the unit is no positive number") }
    // The coefficient that tells the sign tables apart; models without it may need none.
    var signs: E3NNSigns?
    if let text = file.metadata["coefficient_1_2_2"] {
      signs = Double(text).flatMap { E3NNSigns(coefficient122: $0) }
      if signs == nil { throw fault("\(text) is the 3j coefficient (1, 2, 2) of no sign table") }
    }
    switch file.metadata["source"] {
    case "mace":
      var model = try MACE<Double>.mace(ForeignWeights(file), ForeignSettings(object, path: file.path))
      model.scales = model.scales * unit
      model.shifts = model.shifts * unit
      return model
    case "sevenn":
      var model = try NequIP<Double>.sevenNet(ForeignWeights(file), ForeignSettings(object, path: file.path), signs: signs)
      model.scales = model.scales * unit
      model.shifts = model.shifts * unit
      return model
    case "nequip":
      var options = object
      let rounds = options["single_coefficients"]?.bool ?? false
      options["single_coefficients"] = nil
      return try NequIP<Double>.nequip(
        ForeignWeights(file), ForeignSettings(options, path: file.path), signs: signs, roundsCoefficients: rounds, unit: unit)
    case let other: throw fault("the source \(other ?? "none") is not known here")
    }
  }
}
