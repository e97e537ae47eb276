import Equivariant

/// Deep sets, averaged over frames (Puny et al. 2022).
struct FADeepSetsArchitecture: AveragedArchitecture {
  var preset = CloudPreset.small
  var frames = 2
  var rotationsOnly = false

  static let name = "fa-deepsets"
  static let summary = "deep sets, averaged over frames"

  func backbone(for task: CloudTask, using generator: inout RandomSource) -> any CloudNetwork {
    DeepSets(.sized(preset, task.output), using: &generator)
  }
}
