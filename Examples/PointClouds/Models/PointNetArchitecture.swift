import Equivariant

/// PointNet (Qi et al. 2017).
struct PointNetArchitecture: Architecture {
  var preset = CloudPreset.small

  static let name = "pointnet"
  static let summary = "layers of each point and a maximum over all, with spatial transforms as published"
  static let settings: [Setting<Self>] = [.preset(\.preset)]

  func network(for task: CloudTask, using generator: inout RandomSource) -> any CloudNetwork {
    PointNet(.sized(preset, task.output, transforms: true), using: &generator)
  }
}

extension PointNet<Float>: CloudNetwork {}

extension PointNetConfiguration {
  /// The spatial transforms belong to the network that is published without averaging.
  static func sized(_ preset: CloudPreset, _ output: CloudOutput, transforms: Bool) -> Self {
    preset == .published
      ? .init(output: output, transforms: transforms)
      : .init(
        widths: [32, 64, 64, 128, 256], head: [64, 64, 32], output: output, transforms: transforms, transformWidths: [16, 32, 128],
        transformHead: [64, 32])
  }
}
