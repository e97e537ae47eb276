import Equivariant

/// PointNet on vectors of neighbourhoods in their own frames, averaged over these frames and over those of the cloud (Puny et al. 2022).
struct FALocalPointNetArchitecture: FramedArchitecture {
  var preset = CloudPreset.small
  var frames = 2
  var rotationsOnly = false

  static let name = "fa-local-pointnet"
  static let summary = "PointNet on neighbourhoods in their own frames, averaged over frames"

  func network(for task: CloudTask, using generator: inout RandomSource) -> any CloudNetwork {
    var network = LocalFramePointNet<Float>(
      .init(
        neighbors: 20, widths: preset == .published ? [63, 126, 126] : [63, 63], network: .sized(preset, task.output, transforms: false),
        reflections: !rotationsOnly, predictsVectors: task == .normals), using: &generator)
    network.trainingElements = frames
    return network
  }
}

extension LocalFramePointNet<Float>: CloudNetwork {}
