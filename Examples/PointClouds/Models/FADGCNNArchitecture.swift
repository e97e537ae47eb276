import Equivariant

/// DGCNN that pools by the mean, as published, averaged over frames (Puny et al. 2022).
struct FADGCNNArchitecture: AveragedArchitecture {
  var preset = CloudPreset.small
  var frames = 2
  var rotationsOnly = false

  static let name = "fa-dgcnn"
  static let summary = "DGCNN that pools by the mean, as published, averaged over frames"

  func backbone(for task: CloudTask, using generator: inout RandomSource) -> any CloudNetwork {
    DGCNN(.sized(preset, task.output, pooling: .mean), using: &generator)
  }
}
