import Equivariant

/// Deep sets (Zaheer et al. 2017).
struct DeepSetsArchitecture: Architecture {
  var preset = CloudPreset.small

  static let name = "deepsets"
  static let summary = "linear maps that commute with permutations of the points"
  static let settings: [Setting<Self>] = [.preset(\.preset)]

  func network(for task: CloudTask, using generator: inout RandomSource) -> any CloudNetwork {
    DeepSets(.sized(preset, task.output), using: &generator)
  }
}

extension DeepSets<Float>: CloudNetwork {}

extension DeepSetsConfiguration {
  static func sized(_ preset: CloudPreset, _ output: CloudOutput) -> Self {
    let width = preset == .published ? 256 : 64
    return .init(widths: [width, width, width], head: [width], output: output)
  }
}
