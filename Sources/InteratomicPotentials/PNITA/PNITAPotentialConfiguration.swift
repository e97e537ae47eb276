import EquivariantTraining

/// Everything that decides what a ``PNITAPotential`` computes, but for its weights.
public struct PNITAPotentialConfiguration: PotentialConfiguration {
  /// The atomic numbers of the elements, in the order of the weights.
  public var elements = [1, 6, 7, 8]
  /// The distance in Å beyond which atoms exchange no messages.
  public var cutoff = 5.0
  /// The number of channels.
  public var channels = 128
  /// The number of functions of the distance in which kernels are linear.
  public var functions = 128
  /// The degree of the polynomials of the distance that these are made from.
  public var degree = 3
  /// The number of blocks.
  public var layers = 5
  /// The factor by which the network in each block widens.
  public var widening = 4
  /// The exponent p of the polynomial envelope.
  public var envelopePower = 6

  /// The usual shape.
  public init() {}

  /// Every setting.
  public static let settings: [Setting<PNITAPotentialConfiguration>] = [
    .init("elements", \.elements, "The atomic numbers of the elements, in the order of the weights."),
    .init("cutoff", \.cutoff, "a positive number", where: { $0 > 0 }, "The distance in Å beyond which atoms exchange no messages."),
    .init("channels", \.channels, in: 1...16_384, "The number of channels."),
    .init("functions", \.functions, in: 1...16_384, "The number of functions of the distance in which kernels are linear."),
    .init("degree", \.degree, in: 1...16, "The degree of the polynomials of the distance."),
    .init("layers", \.layers, in: 1...64, "The number of blocks."),
    .init("widening", \.widening, in: 1...64, "The factor by which the network in each block widens."),
    .init("envelope-power", \.envelopePower, in: 2...64, "The exponent of the polynomial envelope."),
  ]

  /// Why there is no network of these values.
  public var objection: String? { objectionToElements(elements) }

  /// Of the embedding, and of kernels and networks of blocks.
  public var leastWeightCount: Double {
    Double(elements.count) * Double(channels) + Double(layers)
      * (weightCount(between: [functions, channels]) + Double(widening) * weightCount(between: [channels, channels, channels]))
  }
}
