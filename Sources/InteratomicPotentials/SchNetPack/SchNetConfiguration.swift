import EquivariantTraining

/// Everything that decides what a ``SchNet`` computes, but for its weights.
public struct SchNetConfiguration: PotentialConfiguration {
  /// The atomic numbers of the elements, in the order of the weights.
  public var elements = [1, 6, 7, 8]
  /// The distance in Å beyond which atoms exchange no messages.
  public var cutoff = 5.0
  /// The number of channels.
  public var channels = 128
  /// The number of filters of messages.
  public var filters = 128
  /// The number of layers.
  public var layers = 3
  /// The number of Gaussians of the length.
  public var radialFunctions = 20
  /// The number of hidden units of the read-out.
  public var readoutWidth = 64

  /// The usual shape.
  public init() {}

  /// Every setting.
  public static let settings: [Setting<SchNetConfiguration>] = [
    .init("elements", \.elements, "The atomic numbers of the elements, in the order of the weights."),
    .init("cutoff", \.cutoff, "a positive number", where: { $0 > 0 }, "The distance in Å beyond which atoms exchange no messages."),
    .init("channels", \.channels, in: 1...16_384, "The number of channels."),
    .init("filters", \.filters, in: 1...16_384, "The number of filters of messages."),
    .init("layers", \.layers, in: 1...64, "The number of layers."),
    .init("radial-functions", \.radialFunctions, in: 2...1024, "The number of Gaussians of the length."),
    .init("readout-width", \.readoutWidth, in: 1...16_384, "The number of hidden units of the read-out."),
  ]

  /// Why there is no network of these values.
  public var objection: String? { objectionToElements(elements) }

  /// Of the embedding, two of the networks of each layer, and the read-out.
  public var leastWeightCount: Double {
    Double(elements.count) * Double(channels) + Double(layers) * weightCount(between: [channels, filters, channels, channels])
      + weightCount(between: [channels, readoutWidth])
  }
}
