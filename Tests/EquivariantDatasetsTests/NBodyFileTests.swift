import EquivariantDatasets
import FileFormats
import Foundation
import Testing

@Suite struct NBodyFileTests {
  private typealias Arrays = [(name: String, array: NumericArray)]

  private func withFile(_ arrays: Arrays, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "nbody-\(UUID().uuidString).npz").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try NumericArchive.write(arrays, to: path)
    try body(path)
  }

  /// 20 trajectories of springs as `nbody simulate` writes them, at the given frames.
  private func trajectories(_ frames: [Int], edges: Bool = true) -> (Arrays, NBodyTrajectories) {
    let system = NBodySystem.springs(bodies: 3)
    var generator = MersenneTwister(seed: 1)
    let sampling = system.publishedSampling
    let states = (0..<20).map { _ in system.drawState(sampling: sampling, using: &generator) }
    let t = system.simulate(states, sampling: sampling, frames: frames)
    let shape = [20, frames.count, 3, 3]
    let arrays: Arrays = [
      ("positions", NumericArray(t.positions, shape: shape)), ("velocities", NumericArray(t.velocities, shape: shape)),
      ("charges", NumericArray(t.charges, shape: [20, 3])), ("frames", NumericArray(frames)),
    ]
    return (arrays + (edges ? [("edges", NumericArray(t.edges, shape: [20, 3, 3]))] : []), t)
  }

  @Test(arguments: [[30, 40], [0, 30, 35, 40, 48]]) func trajectoriesAreSamples(frames: [Int]) throws {
    let (arrays, t) = trajectories(frames)
    try withFile(arrays) { path in
      let file = try NBodyFile(contentsOf: path)
      let all = try file.samples(nil, frames: .published, requiresEdges: true)
      #expect(file.holdsTrajectories && all.count == 20 && all.bodies == 3)
      for s in [0, 7, 19] {
        let (x, y) = (
          t.state(trajectory: s, frameIndex: frames.firstIndex(of: 30)!), t.state(trajectory: s, frameIndex: frames.firstIndex(of: 40)!)
        )
        let bodies = 9 * s..<9 * s + 9
        #expect(
          Array(all.positions0[bodies]) == x.positions.map { Float($0) } && Array(all.velocities0[bodies]) == x.velocities.map { Float($0) }
        )
        #expect(
          Array(all.positions1[bodies]) == y.positions.map { Float($0) } && Array(all.velocities1[bodies]) == y.velocities.map { Float($0) }
        )
        #expect(Array(all.edges[bodies]) == x.edges.map { Float($0) })
      }
      // The first eight tenths, the next and the last.
      let set = try NBodyDataset(file, frames: .published, requiresEdges: true)
      #expect((set.train.count, set.valid.count, set.test.count) == (16, 2, 2))
      #expect(set.train.positions1 + set.valid.positions1 + set.test.positions1 == all.positions1)
      #expect(set.train.edges + set.valid.edges + set.test.edges == all.edges)
      #expect(
        try NBodyDataset(file, trainCount: 5, frames: .published, requiresEdges: true).train.positions0 == Array(all.positions0[..<45]))
    }
  }

  /// The published layout has the bodies innermost.
  @Test func splitsAreSamples() throws {
    let values = (0..<12).map(Double.init)
    var arrays: Arrays = [("train_charges", NumericArray([1, -1, 1, 1], shape: [2, 2, 1]))]
    for name in ["x0", "v0", "x1"] { arrays.append(("train_" + name, NumericArray(values, shape: [2, 3, 2]))) }
    try withFile(arrays) { path in
      let file = try NBodyFile(contentsOf: path)
      let split = try file.samples("train", frames: .published, requiresEdges: false)
      #expect(!file.holdsTrajectories && file.contains("train") && !file.contains("test"))
      #expect(split.positions0 == [0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11] && split.edges == [1, -1, -1, 1, 1, 1, 1, 1])
      #expect(throws: FileFormatError.self) { try file.samples("train", frames: .published, requiresEdges: true) }
      let missing = #expect(throws: FileFormatError.self) { try file.samples(nil, frames: .published, requiresEdges: false) }
      #expect(missing?.place.entry == "test_x0")
    }
  }

  @Test func whatFilesLack() throws {
    func message(_ arrays: Arrays, _ split: String? = nil) throws -> String {
      var text = ""
      try withFile(arrays) { path in
        let error = #expect(throws: FileFormatError.self) {
          try NBodyFile(contentsOf: path).samples(split, frames: .published, requiresEdges: true)
        }
        text = "\(try #require(error))"
      }
      return text
    }
    let frames = try message(trajectories([0, 40]).0)
    #expect(frames.contains("frame 30 is expected, there are 0, 40") && frames.contains("--frames 30,40"))
    #expect(try message(trajectories([30, 40], edges: false).0).contains("which bodies springs join"))
    #expect(try message([("x", NumericArray([1.0]))]).contains("neither positions nor <split>_x0"))
    for (value, shown) in [(1e30, "1e+30"), (Double.nan, "nan"), (1e300, "1e+300")] {
      var arrays = trajectories([30, 40]).0
      var positions = try arrays[0].array.doubles()
      positions[18 + 9 + 4] = value
      arrays[0].array = NumericArray(positions, shape: [20, 2, 3, 3])
      let text = try message(arrays)
      #expect(text.contains("positions") && text.contains("number [1, 1, 1, 1] is \(shown)"), "\(text)")
    }
    var few = trajectories([30, 40]).0
    few[0].array = NumericArray([Double](repeating: 0, count: 18), shape: [1, 2, 3, 3])
    #expect(try message(few, "train").contains("leave none for train"))
  }
}
