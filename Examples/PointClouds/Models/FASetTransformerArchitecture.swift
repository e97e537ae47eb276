import Equivariant

/// The set transformer, averaged over frames (Puny et al. 2022).
struct FASetTransformerArchitecture: AveragedArchitecture {
  var preset = CloudPreset.small
  var frames = 2
  var rotationsOnly = false

  static let name = "fa-set-transformer"
  static let summary = "the set transformer, averaged over frames"

  func backbone(for task: CloudTask, using generator: inout RandomSource) -> any CloudNetwork {
    SetTransformer(.sized(preset, task.output), using: &generator)
  }
}
