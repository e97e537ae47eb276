import Equivariant

/// A model that `molecules` trains, with its settings: one file of the folder `Models`, which needs to be named nowhere else.
///
/// The settings are declared once (`Setting`); options, help, checks and the JSON of checkpoints come from there.
protocol Architecture: ModelSettings {
  /// A network with initial weights, whose atoms have as many scalars as there are chemical elements.
  func network(elements: Int, using generator: inout RandomSource) -> any MoleculeNetwork
}

/// What every model of `molecules` is to the program.
protocol MoleculeNetwork: Module<Float> {
  /// A number of each conformation, [conformations] or [conformations, 1], differentiable twice by the positions.
  func energies(_ batch: GeometricBatch<Float>) -> Tensor<Float>
  /// The network scaled to data, where that depends on them.
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
