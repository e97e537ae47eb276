import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

struct Rollout: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lets a model predict from its own predictions, step after step, beside the simulator.",
    discussion: """
      Needs a model trained with --velocities: each step takes positions and velocities ten frames (1000 simulator steps) on. Starts at frame \
      --start of test trajectories and prints the mean squared error of each step, for the model, for straight lines and for no motion.
      """)

  @Argument(help: "Folder of a run, or a .safetensors file.") var model = "runs/nbody"
  @Option(help: "Number of test trajectories.") var count = 500
  @Option(help: "Frame to start from.") var start = 8
  @Option(help: "Number of steps of ten frames.") var steps = 4
  @Option(help: "Write predicted and true positions and velocities to this .npz file.") var output: String?
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    try checkCounts([("count", count)], limit: 2000)
    try checkCounts([("steps", steps)], limit: 1000)
    if let objection = countObjection([("start", start, 0...1000)]) { throw ValidationError(objection) }
  }

  func run() throws {
    threads.apply()
    let path = modelFile(model)
    let (network, c, _) = try RunConfiguration.load(path)
    guard c.model.predictsVelocities else {
      throw ValidationError("\(path) predicts positions only: train a model with `nbody train --velocities` to roll it out")
    }
    let physics = c.data.system.system(bodies: c.data.bodies)
    let sampling = physics.publishedSampling
    guard start + 10 * steps < sampling.frameCount else {
      throw ValidationError("--start + 10 --steps must be below \(sampling.frameCount), not \(start) + 10 · \(steps)")
    }
    var generator = MersenneTwister(seed: c.data.seed)
    let drawn = c.data.system == .charged && c.data.bodies == 5 ? 10_000 : c.data.trainCount
    physics.skipStates(drawn + 2000, sampling: sampling, using: &generator)
    let states = (0..<count).map { _ in physics.drawState(sampling: sampling, using: &generator) }
    let frames = (0...steps).map { start + 10 * $0 }
    let truth = physics.simulate(states, sampling: sampling, frames: frames, threads: Threads.count)

    // True positions and velocities at one of the frames, [count * bodies, 3].
    let size = 3 * c.data.bodies
    func frame(_ values: [Double], _ k: Int) -> Tensor<Float> {
      var picked: [Float] = []
      for s in 0..<count {
        let first = (s * frames.count + k) * size
        picked += values[first..<first + size].map { Float($0) }
      }
      return Tensor(picked, shape: [count * c.data.bodies, 3])
    }
    let graph = Graph.complete(graphs: count, nodes: c.data.bodies)
    let (x0, v0) = (frame(truth.positions, 0), frame(truth.velocities, 0))
    let initial = NBodySplit<Float>(
      bodies: c.data.bodies, charges: truth.charges.map { Float($0) }, edges: truth.edges.map { Float($0) }, positions0: x0.elements,
      velocities0: v0.elements, positions1: frame(truth.positions, 1).elements)
    var batch = NBodySamples(initial).batch(Array(0..<count), graph: graph)
    var predicted: [Float] = []
    print("step  frame  model      straight line  no motion")
    for step in 1...steps {
      let prediction = withoutRecording { network.network.prediction(batch) }
      batch.positions = prediction.positions
      batch.velocities = prediction.velocities!
      batch.features = NBodySamples.features(batch.velocities, charges: batch.features.sliced(axis: 1, 1..<2))
      predicted += batch.positions.elements
      let target = frame(truth.positions, step)
      let interval = Float(10 * sampling.interval) * Float(physics.timeStep)
      let line = meanSquaredError(x0 + v0 * (interval * Float(step)), target).item
      print(
        String(
          format: "%4d  %5d  %9.5f  %13.5f  %9.5f", step, frames[step], meanSquaredError(batch.positions, target).item, line,
          meanSquaredError(x0, target).item))
    }
    if let output {
      try NumericArchive.write(
        [
          ("predicted", NumericArray(predicted, shape: [steps, count, c.data.bodies, 3])),
          ("positions", NumericArray(truth.positions, shape: [count, frames.count, c.data.bodies, 3])),
          ("velocities", NumericArray(truth.velocities, shape: [count, frames.count, c.data.bodies, 3])), ("frames", NumericArray(frames)),
        ], to: output)
      note("written to \(output)")
    }
  }
}
