import ArgumentParser
import Equivariant
import ExampleSupport

/// The networks that `molecules` trains.
enum MoleculeModelKind: String, Codable, CaseIterable, ExpressibleByArgument {
  /// Positions and orientations.
  case ponita
  /// Positions alone.
  case pnita
}

/// Everything that decides a run.
struct MoleculeConfiguration: StoredConfiguration, Equatable {
  var model = MoleculeModelKind.ponita
  /// The file that it learns from.
  var data: String?
  /// How a trajectory is divided; nil for data that are divided already, or divided as where nothing is asked for.
  var split: SplitConfiguration?
  var atomicNumbers: [Int] = []
  /// `MoleculeDataset.fingerprint` of the data; absent from files of older versions.
  var fingerprint: String?
  var hidden = 64
  var basis = 64
  var layers = 5
  /// The grid of orientations: as many points of the dodecahedron, of random repulsion, ...
  var grid = MoleculeGrid.dodecahedron
  var epochs = 100
  var batch = 5
  var rate = 1e-3
  var warmUpEpochs = 2
  /// Decay of the average of the parameters.
  var average = 0.99
  /// Weight of the squared errors of forces beside those of the energy.
  var forceWeight = 500.0
  var clip = 0.0
  var seed: UInt64 = 1
  var evaluateEvery = 5

  static let subject = "a run on molecules"
  static let cure = "give a file written by `molecules train`"
  init() {}

  var objection: String? {
    let counts = countObjection([
      ("hidden", hidden, 1...16_384), ("basis", basis, 1...16_384), ("layers", layers, 1...1000), ("epochs", epochs, 1...1_000_000),
      ("batch", batch, 1...1_000_000), ("evaluate-every", evaluateEvery, 1...1_000_000),
    ])
    if let objection = split?.objection ?? counts ?? positiveObjection([("rate", rate), ("force-weight", forceWeight)]) {
      return objection
    }
    if !(0...1_000_000).contains(warmUpEpochs) { return "a warm-up of 0 to 1000000 epochs is expected, not \(warmUpEpochs)" }
    if !(0..<1).contains(average) { return "an average with a decay in 0 ..< 1 is expected, not \(average)" }
    return clip >= 0 ? nil : "--clip must be at least 0, not \(clip)"
  }

  /// The chemical elements of the molecule, by atomic number.
  var elements: [Int] { Set(atomicNumbers).sorted() }

  var network: PONITA<Float>.Configuration {
    var c = PONITA<Float>.Configuration()
    (c.scalars, c.vectors, c.scalarOutputs, c.vectorOutputs, c.task) = (elements.count, 0, 1, 0, .sums)
    (c.hidden, c.basis, c.layers) = (hidden, basis, layers)
    // Frames of principal axes would make forces of the derivatives of eigenvectors; the grid stays fixed, and clouds turn in training.
    c.pose = .fixed
    c.space = model == .pnita ? .points : .bundle(grid.rule)
    return c
  }

  var trainerSettings: Trainer<MoleculeModel>.Settings {
    var s = Trainer<MoleculeModel>.Settings()
    s.batchSize = batch
    s.optimizer = .init(rate: rate)
    if average > 0 { s.averageDecay = average }
    if clip > 0 { s.clipping = .adaptive(clip) }
    return s
  }
}

/// Grids of orientations.
enum MoleculeGrid: String, Codable, CaseIterable, ExpressibleByArgument {
  case icosahedron, dodecahedron, repulsion
  var rule: OrientationRule {
    switch self {
    case .icosahedron: .polyhedron(.icosahedron)
    case .dodecahedron: .polyhedron(.dodecahedron)
    case .repulsion: .repulsion(20)
    }
  }
}

extension MoleculeDataset {
  /// What differs where atoms or conformations to learn from or to choose by do.
  var fingerprint: String {
    var fingerprint = Fingerprint()
    fingerprint.mix(atomicNumbers)
    for part in [train, valid] { for values in [part.positions, part.energies, part.forces] { fingerprint.mix(values) } }
    return fingerprint.text
  }
}
