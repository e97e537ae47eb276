import Equivariant

/// The models of the program with the settings of all of them.
let models = modelList(architectures)

/// A list of architectures with the settings that all of them share.
func modelList(_ architectures: [any Architecture.Type]) -> ModelList {
  ModelList(
    architectures, sections: [.init("TRAINING", TrainingSettings.self), .init("DATA", DataSettings.self)],
    reserved: ["output", "preset", "resume", "model", "save-every", "minutes", "threads", "help"])
}

/// The faults of a list of architectures: what `ModelList.faults` finds, and presets that are refused.
func registryFaults(_ architectures: [any Architecture.Type]) -> [String] {
  func refusal<A: Architecture>(_ architecture: A.Type) -> String? {
    [A.quick, A.published].lazy.compactMap { $0 }.compactMap { $0.model.refusal ?? $0.training.refusal }.first
  }
  return modelList(architectures).faults
    + architectures.compactMap { architecture in
      refusal(architecture).map { "\(architecture.name): a preset is refused: \($0)" }
    }
}
