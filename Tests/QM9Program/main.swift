import Equivariant

/// Everything that decides a run.
struct Settings: StoredConfiguration {
  var scalars = 32
  var vectors = 16
  var layers = 2
  var cutoff = 4.0
  var rate = 0.005
  var epochs = 40
  var seed: UInt64 = 1
}

/// A tensor field network of energies and dipole moments of molecules, each a sum over the atoms.
struct Network: Module {
  static let elements = [1, 6, 7, 8, 9]
  let embedding: EdgeEmbedding
  var species: Embedding<Float>
  var layers: [EquivariantConvolution<Float>] = []
  var readout: EquivariantConvolution<Float>

  init(_ s: Settings, neighbors: Double, using generator: inout RandomSource) {
    embedding = EdgeEmbedding(degrees: 0...2, radius: s.cutoff)
    species = Embedding(Self.elements.count, s.scalars, using: &generator)
    var irreps: Irreps<O3> = "\(s.scalars)x0e"
    for _ in 0..<s.layers {
      let hidden: Irreps<O3> = "\(s.scalars)x0e + \(s.vectors)x1o + \(s.vectors)x2e"
      layers.append(EquivariantConvolution(from: irreps, to: hidden, edges: embedding, neighbors: neighbors, using: &generator))
      irreps = hidden
    }
    readout = EquivariantConvolution(
      from: irreps, to: "0e + 1o", edges: embedding, neighbors: neighbors, isGated: false, using: &generator)
  }

  /// Energies [molecules] and dipole moments [molecules, 3].
  func callAsFunction(_ batch: AtomBatch<Float>) -> (energies: Tensor<Float>, dipoles: Tensor<Float>) {
    let edges = embedding(batch.graph.vectors(batch.positions))
    var x = IrrepsTensor(species(batch.species(of: Self.elements)!), irreps: layers[0].input)
    for layer in layers { x = layer(x, over: batch.graph, edges: edges) }
    let sums = batch.sums(readout(x, over: batch.graph, edges: edges).tensor)
    return (sums[0..., 0], sums[0..., 1...])
  }

  mutating func visit(_ visitor: inout ParameterVisitor<Float>) {
    visitor("species", &species)
    visitor("layers", &layers)
    visitor("readout", &readout)
  }
}

var settings = Settings()
let arguments = CommandLine.arguments.dropFirst()
let folder = RunFolder(arguments.first ?? "runs/qm9")
if let epochs = arguments.dropFirst().first.flatMap({ Int($0) }) { settings.epochs = epochs }
let (data, cutoff) = (try QM9Dataset(contentsOf: "Data/qm9/qm9_600.npz"), Float(settings.cutoff))

// What the numbers of atoms of each element explain of the energies is left to a fit; the rest is learnt, and the dipole moments.
let energies = try data.atomizationEnergies()
let atoms = (0..<data.count).map { data.atomicNumbers(of: $0) }
let fit = CompositionFit(energies: data.train.map { energies[$0] }, atomicNumbers: data.train.map { atoms[$0] })
let residuals = Tensor((0..<data.count).map { Float(energies[$0] - fit.energy(of: atoms[$0])) })
let dipoles = Tensor(data.chargeDipoles, shape: [data.count, 3])

/// Mean absolute errors on molecules: of energies in eV, of dipole moments in e Å.
let errors = { (model: Network, molecules: [Int]) -> (energy: Double, dipole: Double) in
  let rows = RowIndex(molecules, rowCount: data.count)
  let y = withoutRecording { model(data.batch(molecules, cutoff: cutoff)) }
  let energy = meanAbsoluteError(y.energies, residuals.gathered(rows))
  return (Double(energy.item), Double((y.dipoles - dipoles.gathered(rows)).norm().mean().item))
}

var generator = RandomSource(seed: settings.seed)
let sample: AtomBatch<Float> = data.batch(data.train.prefix(100), cutoff: cutoff)
let model = Network(settings, neighbors: Double(sample.graph.edgeCount) / Double(sample.atomCount), using: &generator)

var choices = Trainer<Network>.Settings()
choices.batchSize = 20
choices.optimizer = .adam(.init(rate: settings.rate))
choices.schedule = .cosine(warmUp: 20, total: settings.epochs * data.train.count / choices.batchSize)
choices.averageDecay = 0.98
var trainer = Trainer(model, settings: choices, sampleCount: data.train.count, seed: settings.seed)
let outcome = try trainer.fit(
  in: folder, configuration: settings, data: Fingerprint(residuals, dipoles), epochs: settings.epochs,
  loss: { model, samples, _ in
    let molecules = samples.map { data.train[$0] }
    let rows = RowIndex(molecules, rowCount: data.count)
    let y = model(data.batch(molecules, cutoff: cutoff))
    return meanSquaredError(y.energies, residuals.gathered(rows)) + meanSquaredError(y.dipoles, dipoles.gathered(rows))
  },
  validate: { model in
    let error = errors(model, data.valid)
    return ["energy": error.energy, "dipole": error.dipole]
  }, monitor: "energy", saveEvery: 0)

if outcome.end != .interrupted {
  var best = model
  try best.load(from: SafetensorsFile(contentsOf: folder.best))
  let test = errors(best, data.test)
  print("test: energy \(Float(test.energy)) eV, dipole moment \(Float(test.dipole)) e Å")
  let results: KeyValuePairs = ["energy": (value: test.energy, unit: "eV"), "dipole moment": (value: test.dipole, unit: "e Å")]
  try TrainingReport("Molecules of QM9", results: results).write(for: folder)
}
