import Equivariant

/// PONITA, with features at positions and orientations (Bekkers et al. 2024).
struct PONITAArchitecture: Architecture {
  var hidden = 64
  var basis = 64
  var layers = 5
  var grid = MoleculeGrid.dodecahedron

  static let name = "ponita"
  static let summary = "positions and orientations"
  static let settings: [Setting<Self>] = [
    .init("hidden", \.hidden, in: 1...16_384, "Channels."),
    .init("basis", \.basis, in: 1...16_384, "Functions that kernels are linear in."),
    .init("layers", \.layers, in: 1...1000, "Number of layers."),
    .init("grid", \.grid, "Grid of orientations: 12 of an icosahedron, 20 of a dodecahedron, or 20 by repulsion, as published."),
  ]

  func network(elements: Int, using generator: inout RandomSource) -> any MoleculeNetwork {
    var c = PONITA<Float>.Configuration.energy(elements: elements)
    (c.hidden, c.basis, c.layers, c.space) = (hidden, basis, layers, .bundle(grid.rule))
    return PONITA(c, using: &generator)
  }
}

/// Grids of orientations.
enum MoleculeGrid: String, CaseIterable, SettingValue {
  case icosahedron, dodecahedron, repulsion
  var rule: OrientationRule {
    switch self {
    case .icosahedron: .polyhedron(.icosahedron)
    case .dodecahedron: .polyhedron(.dodecahedron)
    case .repulsion: .repulsion(20)
    }
  }
}

extension PONITAConfiguration {
  /// A network with one number for a molecule, from the chemical elements of its atoms.
  static func energy(elements: Int) -> Self {
    var c = Self()
    (c.scalars, c.vectors, c.scalarOutputs, c.vectorOutputs, c.task) = (elements, 0, 1, 0, .sums)
    // Frames of principal axes would make forces of the derivatives of eigenvectors; the grid stays fixed, and clouds turn in training.
    c.pose = .fixed
    return c
  }
}

extension PONITA<Float>: MoleculeNetwork {
  func energies(_ batch: GeometricBatch<Float>) -> Tensor<Float> { self(batch).scalars }
}
