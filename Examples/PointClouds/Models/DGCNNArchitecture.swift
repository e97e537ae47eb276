import Equivariant

/// DGCNN (Wang et al. 2019).
struct DGCNNArchitecture: Architecture {
  var preset = CloudPreset.small

  static let name = "dgcnn"
  static let summary = "convolutions on edges to the nearest neighbours, in the space of features"
  static let settings: [Setting<Self>] = [.preset(\.preset)]

  func network(for task: CloudTask, using generator: inout RandomSource) -> any CloudNetwork {
    DGCNN(.sized(preset, task.output, pooling: .max), using: &generator)
  }
}

extension DGCNN<Float>: CloudNetwork {}

extension DGCNNConfiguration {
  static func sized(_ preset: CloudPreset, _ output: CloudOutput, pooling: Pooling) -> Self {
    preset == .published
      ? .init(output: output, pooling: pooling)
      : .init(neighbors: 10, widths: [[24], [24], [48]], embedding: 128, head: [64, 32], output: output, pooling: pooling)
  }
}
