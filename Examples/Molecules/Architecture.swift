import Equivariant

/// A model that `molecules` trains, with its settings. It is one file in the folder `Models`, and need not be mentioned anywhere else.
///
/// The settings are declared once (`Setting`). Options, help, checks and the JSON of checkpoints come from there.
protocol Architecture: ModelSettings {
  /// A network with initial weights. Its atoms have as many scalars as there are chemical elements.
  func network(elements: Int, using generator: inout RandomSource) -> any MoleculeNetwork
}

/// The interface of every model of `molecules` to the program.
protocol MoleculeNetwork: Module<Float> {
  /// A number for each conformation, [conformations] or [conformations, 1], which is twice differentiable with respect to the positions.
  func energies(_ batch: GeometricBatch<Float>) -> Tensor<Float>
  /// The network, scaled to data if it depends on their scale.
  func calibrated(on batch: GeometricBatch<Float>) -> Self
}

extension MoleculeNetwork {
  func calibrated(on batch: GeometricBatch<Float>) -> Self { self }
}

/// The models of the program with the settings of all of them.
let models = ModelList(
  architectures,
  sections: [.init("TRAINING", TrainingSettings.self), .init("DATA", DataSettings.self), .init("DIVISION", SplitSettings.self)],
  reserved: ["output", "resume", "model", "save-every", "minutes", "threads", "help"])
