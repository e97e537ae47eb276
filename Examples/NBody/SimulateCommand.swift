import ArgumentParser
import Equivariant
import ExampleSupport
import Foundation

struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Simulates trajectories and writes them as NumPy arrays (.npz).",
    discussion: """
      Arrays (float64): positions and velocities [trajectory][frame][body][3], charges (or masses) [trajectory][body], edges \
      [trajectory][body][body], frames [frame]. With seed 43 and the charged system of five bodies, trajectories 0..9999 are the published \
      training set, 10000..11999 its validation and 12000..13999 its test set. `nbody train --data` and `nbody evaluate --data` read the file; they \
      take frames \(RunConfiguration.frames.input) and \(RunConfiguration.frames.target).
      """)

  @Option(help: "File to write.") var output = "nbody.npz"
  @Option(help: "charged, gravity or springs.") var system = SystemKind.charged
  @Option(help: "Number of bodies.") var bodies = 5
  @Option(help: "Number of trajectories.") var count = 100
  @Option(help: "Trajectories of the stream to skip first.") var skip = 0
  @Option(help: "Seed of NumPy's legacy generator.") var seed: UInt32 = 43
  @Option(help: "Frames to keep, separated by commas; all where not given.") var frames = ""
  @OptionGroup var threads: ThreadOptions
  @Flag(help: "Compress the archive.") var compress = false

  func validate() throws {
    let objection = countObjection([("bodies", bodies, 2...1000), ("count", count, 1...1_000_000), ("skip", skip, 0...1_000_000_000)])
    if let objection { throw ValidationError(objection) }
  }

  func run() throws {
    threads.apply()
    let physics = system.system(bodies: bodies)
    let sampling = physics.publishedSampling
    var kept = Array(0..<sampling.frameCount)
    if !frames.isEmpty {
      kept = try frames.split(separator: ",").map { text in
        guard let frame = Int(text), (0..<sampling.frameCount).contains(frame) else {
          throw ValidationError("--frames takes numbers in 0 ..< \(sampling.frameCount), not \(text)")
        }
        return frame
      }
      guard zip(kept, kept.dropFirst()).allSatisfy({ $0 < $1 }) else { throw ValidationError("--frames must increase") }
    }
    let start = Date()
    var generator = MersenneTwister(seed: seed)
    physics.skipStates(skip, sampling: sampling, using: &generator)
    let states = (0..<count).map { _ in physics.drawState(sampling: sampling, using: &generator) }
    let t = physics.simulate(states, sampling: sampling, frames: kept, threads: Threads.count)
    let shape = [count, kept.count, bodies, 3]
    try NumericArchive.write(
      [
        ("positions", NumericArray(t.positions, shape: shape)), ("velocities", NumericArray(t.velocities, shape: shape)),
        ("charges", NumericArray(t.charges, shape: [count, bodies])), ("edges", NumericArray(t.edges, shape: [count, bodies, bodies])),
        ("frames", NumericArray(kept)),
      ], to: output, compression: compress ? .deflated : .stored)
    note(
      "\(count) trajectories of \(bodies) \(system.rawValue) bodies, \(kept.count) frames"
        + String(format: " in %.2f s: ", Date().timeIntervalSince(start)) + output)
  }
}
