import Equivariant

/// PNITA, the baseline of PONITA, which has features at positions alone.
struct PNITAArchitecture: Architecture {
  var hidden = 64
  var basis = 64
  var layers = 5

  static let name = "pnita"
  static let summary = "positions alone"
  static let settings: [Setting<Self>] = [
    .init("hidden", \.hidden, in: 1...16_384, "Channels."),
    .init("basis", \.basis, in: 1...16_384, "Functions that kernels are linear in."),
    .init("layers", \.layers, in: 1...1000, "Number of layers."),
  ]

  func network(elements: Int, using generator: inout RandomSource) -> any MoleculeNetwork {
    var c = PONITA<Float>.Configuration.energy(elements: elements)
    (c.hidden, c.basis, c.layers, c.space) = (hidden, basis, layers, .points)
    return PONITA(c, using: &generator)
  }
}
