import Equivariant
import ExampleSupport
import Foundation

/// A training run on a molecule with its files.
struct MoleculeTraining {
  let configuration: MoleculeConfiguration
  private let train: MoleculeSamples
  private let valid: MoleculeSamples
  private let test: MoleculeSamples

  init(_ configuration: MoleculeConfiguration, _ molecule: MoleculeDataset) {
    self.configuration = configuration
    train = MoleculeSamples(molecule.train, configuration)
    valid = MoleculeSamples(molecule.valid, configuration)
    test = MoleculeSamples(molecule.test, configuration)
  }

  /// Runs to the end, or until Ctrl-C or the deadline, saving as it goes.
  func run(_ folder: RunFolder, resuming file: SafetensorsFile?, _ plan: SessionPlan) throws {
    let (c, clock) = (configuration.training, Date())
    let units = try units()
    var model = configuration.makeModel(shift: units.shift, scale: units.scale)
    let first = Array(0..<c.batch)
    let graph = MoleculeSamples.graph(1, atoms: train.atoms)
    model.network = model.network.calibrated(
      on: train.batch(first, rotations: first.map { _ in .identity }, graph: .batch(first.map { _ in graph })).input)
    var trainer = Trainer(model, settings: c.trainerSettings(sampleCount: train.count), sampleCount: train.count, seed: c.seed &+ 0x5EED)
    // A run may be given more epochs when it is resumed, on which its schedule depends.
    if let file { try trainer.restore(from: file, allowing: [.schedule]) }
    note(
      "\(configuration.modelName), \(trainer.model.parameterCount) parameters, \(train.count) + \(valid.count) + \(test.count) conformations of "
        + "\(train.atoms) atoms, \(Threads.count) threads, results in \(folder.path)/")
    let session = plan.session(
      configuration, in: folder, epochs: c.epochs, evaluateEvery: c.evaluateEvery,
      continuedBy: "molecules train --resume --output \(shellQuoted(folder.path))")
    let train = train
    let epochSeed = { @Sendable (epoch: Int) in c.seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(epoch) }
    let outcome = try session.run(
      &trainer, resuming: file,
      epoch: { trainer, interrupted in
        trainer.runEpoch(
          // For two threads: in more, products have too few rows for the weights that they read.
          pieces: min(2, c.batch),
          loss: { model, samples, context in
            // Rotations depend on the epoch and the conformation alone, not on how the batch is cut.
            Self.loss(model, train, samples, seed: epochSeed(context.epoch), graph: graph, forceWeight: c.forceWeight)
          },
          interrupted: interrupted)
      }, evaluate: { MoleculeErrors($0, valid, rotations: 1).force })
    guard outcome.end == .completed else { return }
    let potential = try MoleculeConfiguration.load(folder.best).model
    note("test: " + MoleculeErrors(potential, test, rotations: 5).text + String(format: " in %.0f s", Date().timeIntervalSince(clock)))
    note("model: \(folder.best)")
  }

  /// The mean energy of the training set and the root mean square of its forces.
  private func units() throws -> (shift: Double, scale: Double) {
    let forces = train.conformations.forces
    let scale = (forces.reduce(0) { $0 + $1 * $1 } / Double(forces.count)).squareRoot()
    guard Float(scale).isNormal else {
      throw FileFormatError(
        .malformed, path: configuration.data.file ?? "", place: .init(entry: "train_forces"),
        cause: "the root mean square of the forces is \(scale)",
        cure: "give conformations with forces that are not all 0, in kcal/mol/Å")
    }
    return (train.conformations.energies.reduce(0, +) / Double(train.count), scale)
  }

  /// (weight · mean |F − F̂|² + (E − Ê)²) / (weight + 1), in units of the forces' scale.
  private static func loss(
    _ model: MoleculeModel, _ train: MoleculeSamples, _ samples: [Int], seed: UInt64, graph: Graph,
    forceWeight: Double
  ) -> Tensor<Float> {
    let rotations = samples.map { s in
      var source = RandomSource(seed: seed ^ (UInt64(s) &* 0xD134_2543_DE82_EF95))
      return SO3().randomElement(using: &source)
    }
    let joined = samples.count == 1 ? graph : .batch(samples.map { _ in graph })
    let (input, forces) = train.batch(samples, rotations: rotations, graph: joined)
    let prediction = model(input, training: true)
    let scale = 1 / model.scale
    let energyError = meanSquaredError(prediction.energies, train.energies(samples, shift: model.shift) * scale)
    let forceError = meanSquaredError(prediction.forces, forces * scale)
    let weight = Float(forceWeight)
    return (forceError * weight + energyError) * (1 / (weight + 1))
  }
}
