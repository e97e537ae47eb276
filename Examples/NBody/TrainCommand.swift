import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a model to predict where charged particles will be.",
    discussion: """
      The task is that of the EGNN paper: from the positions and velocities of five charged particles, predict their positions 1000 \
      simulator steps later. Data are simulated at the start (a second or two), nothing is downloaded; or read with --data, as `nbody evaluate` \
      describes it: of trajectories the first eight tenths are learnt from, the next tenth validates and the last tests.

      The run's folder gets checkpoint.safetensors (everything needed to resume), best.safetensors (the model with the lowest validation \
      error) and metrics.jsonl. Ctrl-C saves and stops; --resume goes on from there, with the same bits as if it had never stopped.
      """)

  @Option(help: "Folder for the results.") var output = "runs/nbody"
  @Option(
    help: ArgumentHelp("Hyperparameters to start from: \(Preset.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "preset"))
  var preset = Preset.quick
  @Flag(help: "Continue the run in the output folder.") var resume = false
  @Option(
    help: """
      egnn (equivariant), gnn (its twin that is not), fa-gnn (the twin, averaged over frames), ponita (positions and orientations) or flow \
      (learned steps of phase space).
      """)
  var model = ModelKind.egnn
  @Option(help: "Width of the hidden features.") var hidden: Int?
  @Option(help: "Number of layers.") var layers: Int?
  @Flag(help: "Predict velocities too, which `nbody rollout` needs.") var velocities = false
  @Option(help: "Elements of each frame that a training step of fa-gnn draws; 0 for all.") var sampledFrames: Int?
  @Option(help: "Functions that the kernels of ponita are linear in.") var basis: Int?
  @Option(help: "Orientations of ponita.") var orientations: Int?
  @Option(help: "Grid of ponita: repulsion (as published), antipodal, sign-symmetric, polyhedron or design.") var grid: OrientationGridKind?
  @Option(help: "How ponita's grid lies: fixed (as published) or principalAxes (exactly equivariant).")
  var pose: PONITA<Float>.Configuration.Pose?
  @Option(help: "Degree of ponita's functions of the orientation, for a band limit; the grid is a design then, fast if fixed.")
  var bandLimit: Int?
  @Flag(help: "Turn the grid of ponita at random for each sample in training.") var turns = false
  @Option(help: "Linear layers of the network of a pair, in flow.") var depth: Int?
  @Option(help: "Features of a body, in flow.") var nodeFeatures: Int?
  @Flag(help: "Give all steps of flow the same weights.") var sharedWeights = false
  @Option(help: "Passes over the training samples.") var epochs: Int?
  @Option(help: "Samples in a batch.") var batch: Int?
  @Option(help: "Learning rate of Adam.") var rate: Double?
  @Option(help: "Clip gradients at this many times their running mean norm; 0 for never.") var clip: Double?
  @Option(help: "Clip gradients at this norm; 0 for never.") var clipNorm: Double?
  @Option(help: "Decay of a running average of the weights, used for predictions; 0 for none.") var average: Double?
  @Option(help: "Training samples, up to 10000; of --data, those that it has.") var trainCount: Int?
  @Option(help: "An .npz file to read the data from.") var data: String?
  @Option(help: "Seed of weights and batches.") var seed: UInt64?
  @Option(help: "Seed of the simulated data; 43 gives the published set.") var dataSeed: UInt32?
  @Option(help: "charged, gravity or springs.") var system: SystemKind?
  @Option(help: "Number of bodies.") var bodies: Int?
  @Option(help: "Validate after this many epochs.") var evaluateEvery: Int?
  @OptionGroup var session: SessionOptions

  func validate() throws {
    if resume { try refuseOnResume(except: ["--epochs"]) }
    if preset == .paper, model == .flow { throw ValidationError("flow has no published settings; leave --preset out") }
    if data != nil { try refuseOptions(["--data-seed", "--bodies"], because: "the data come from --data") }
    try refuseOptions(model.ignoredOptions, because: "--model \(model.rawValue) does not use it")
    if let objection = asked.objection { throw ValidationError(objection) }
  }

  /// A new run.
  var asked: RunConfiguration {
    var c = RunConfiguration.preset(preset, model)
    if let hidden { c.hidden = hidden }
    if let layers { c.layers = layers }
    if velocities { c.predictsVelocities = true }
    if let sampledFrames { c.sampledFrames = sampledFrames }
    if let basis { c.ponita?.basis = basis }
    if let orientations { c.ponita?.orientations = orientations }
    if let grid { c.ponita?.grid = grid }
    if let pose { c.ponita?.pose = pose }
    if let bandLimit { c.ponita?.limit(to: bandLimit, basis: basis, grid: grid, orientations: orientations) }
    if turns { c.ponita?.turns = true }
    if let depth { c.flow?.depth = depth }
    if let nodeFeatures { c.flow?.nodeFeatures = nodeFeatures }
    if sharedWeights { c.flow?.sharesWeights = true }
    if let epochs { c.epochs = epochs }
    if let batch { c.batch = batch }
    if let rate { c.rate = rate }
    if let clip { c.clip = clip }
    if let clipNorm { c.clipNorm = clipNorm }
    if let average { c.average = average }
    if let trainCount { c.trainCount = trainCount }
    if let seed { c.seed = seed }
    if let dataSeed { c.dataSeed = dataSeed }
    if let system { c.system = system }
    if let bodies { c.bodies = bodies }
    c.data = data
    if let evaluateEvery { c.evaluateEvery = evaluateEvery }
    return c
  }

  func run() throws {
    session.threads.apply()
    let deadline = session.deadline
    var configuration = asked
    let folder = RunFolder(output)
    var saved: SafetensorsFile?
    if resume {
      let file = try SafetensorsFile(contentsOf: folder.checkpoint)
      configuration = try RunConfiguration(from: file)
      if let epochs { configuration.epochs = epochs }
      if let data {
        guard configuration.data != nil else { throw ValidationError("--data has no effect: the data of \(output) are simulated") }
        configuration.data = data
      }
      saved = file
    } else {
      if let data {
        // What a file holds decides how many samples and bodies there are.
        if trainCount == nil { configuration.trainCount = .max }
        let set = try readDataset(data, configuration)
        (configuration.trainCount, configuration.bodies, configuration.fingerprint) = (set.train.count, set.train.bodies, set.fingerprint)
        if let objection = configuration.objection { throw ValidationError(objection) }
      }
      try folder.begin()
    }
    Interruption.watch()
    try TrainingRun(
      configuration: configuration, folder: folder, resuming: saved, saveEvery: session.saveEvery, deadline: deadline
    ).run()
  }
}
