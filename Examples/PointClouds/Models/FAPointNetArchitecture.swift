import Equivariant

/// PointNet without spatial transforms, averaged over frames (Puny et al. 2022).
struct FAPointNetArchitecture: AveragedArchitecture {
  var preset = CloudPreset.small
  var frames = 2
  var rotationsOnly = false

  static let name = "fa-pointnet"
  static let summary = "PointNet without spatial transforms, averaged over frames"

  func backbone(for task: CloudTask, using generator: inout RandomSource) -> any CloudNetwork {
    PointNet(.sized(preset, task.output, transforms: false), using: &generator)
  }
}
