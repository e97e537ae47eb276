import Equivariant

/// The set transformer (Lee et al. 2019).
struct SetTransformerArchitecture: Architecture {
  var preset = CloudPreset.small

  static let name = "set-transformer"
  static let summary = "attention through inducing points"
  static let settings: [Setting<Self>] = [.preset(\.preset)]

  func network(for task: CloudTask, using generator: inout RandomSource) -> any CloudNetwork {
    SetTransformer(.sized(preset, task.output), using: &generator)
  }
}

extension SetTransformer<Float>: CloudNetwork {}

extension SetTransformerConfiguration {
  static func sized(_ preset: CloudPreset, _ output: CloudOutput) -> Self {
    preset == .published ? .init(output: output) : .init(width: 64, heads: 4, inducing: 16, output: output)
  }
}
