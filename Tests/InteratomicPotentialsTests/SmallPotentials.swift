import Equivariant

/// Small networks of random weights, one of each kind of model and of each of its options.
enum SmallPotentials {
  static let names = [
    "nequip", "nequip of SO(3)", "nequip with norm", "nequip without own features", "mace", "mace by gaunt products", "mace with density",
    "painn", "schnet", "pnita",
  ]

  static func potential(_ name: String) -> any EnergyModel<Double> {
    var source = RandomSource(seed: 17)
    var nequip = NequIPConfiguration()
    (nequip.elements, nequip.cutoff, nequip.embedding, nequip.radialFunctions, nequip.radialWidths) = ([1, 8, 14], 3.2, 4, 4, [6])
    (nequip.layers, nequip.neighbors) = (["3x0e+2x1o+1x2e", "2x0e+2x1o+1x1e", "4x0e+1x0o"], [4, 5, 6])
    var mace = MACEConfiguration()
    (mace.elements, mace.cutoff, mace.degree, mace.radialFunctions, mace.radialWidths, mace.readoutWidth) = ([1, 8, 14], 3.2, 2, 4, [6], 3)
    (mace.layers, mace.neighbors) = (["3x0e+3x1o", "3x0e"], [4, 4])
    switch name {
    case "nequip": return NequIP<Double>(nequip, using: &source)
    case "nequip of SO(3)":
      (nequip.hasParity, nequip.layers, nequip.selfConnection) = (false, ["3x0e+2x1e+1x2e", "3x0e+2x1e", "4x0e"], .linear)
      nequip.hasRepulsion = true
      return NequIP<Double>(nequip, using: &source)
    case "nequip with norm":
      (nequip.hasNorm, nequip.activations, nequip.degree) = (true, .e3nnJAX, 3)
      (nequip.layers, nequip.neighbors) = (["3x0e+2x1o+1x2e+1x3o", "4x0e"], [4, 5])
      return NequIP<Double>(nequip, using: &source)
    case "nequip without own features":
      (nequip.selfConnection, nequip.envelopePower) = (.none, 9)
      return NequIP<Double>(nequip, using: &source)
    case "mace": return MACE<Double>(mace, using: &source)
    case "mace by gaunt products":
      mace.contraction = .gaunt
      return MACE<Double>(mace, using: &source)
    case "mace with density":
      (mace.interactions, mace.hasRepulsion, mace.transform) = ([.density, .densityResidual], true, .agnesi)
      (mace.envelopeOnWeights, mace.radialFamily) = (true, .gaussian)
      return MACE<Double>(mace, using: &source)
    case "painn":
      var c = PaiNNConfiguration()
      (c.elements, c.cutoff, c.channels, c.layers, c.radialFunctions, c.readoutWidth) = ([1, 8, 14], 3.2, 6, 2, 5, 4)
      return PaiNN<Double>(c, using: &source)
    case "pnita":
      var c = PNITAPotentialConfiguration()
      (c.elements, c.cutoff, c.channels, c.functions, c.layers, c.widening) = ([1, 8, 14], 3.2, 6, 5, 2, 2)
      return PNITAPotential<Double>(c, using: &source)
    default:
      var c = SchNetConfiguration()
      (c.elements, c.cutoff, c.channels, c.filters, c.layers, c.radialFunctions, c.readoutWidth) = ([1, 8, 14], 3.2, 6, 7, 2, 5, 4)
      return SchNet<Double>(c, using: &source)
    }
  }

  /// Demands that a model of this kind does not meet: features that are all even do not tell reflections apart, and the second derivative of the
  /// cosine jumps at the cut-off.
  static func faults(_ name: String) -> [PotentialExamination.Demand] {
    switch name {
    case "nequip of SO(3)": [.reflections]
    case "painn", "schnet": [.continuousCurvature]
    default: []
    }
  }
}
