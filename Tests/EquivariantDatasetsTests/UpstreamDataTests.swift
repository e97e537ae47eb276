import EquivariantDatasets
import FileFormats
import Foundation
import Testing

private let upstream = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("shared/data/nbody/upstream/nbody_small_frames30_40.npz").path

/// The simulator against frames 30 and 40 of the reference stream itself, where that file lies beside the checkout.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: upstream), "the reference data are not beside this checkout"))
struct UpstreamDataTests {
  @Test(arguments: ["train", "valid", "test"]) func reproducesThePublishedSplits(_ name: String) throws {
    let archive = try NumericArchive(contentsOf: upstream)
    let set = NBodyDataset.published(threads: 2)
    let split = name == "train" ? set.train : name == "valid" ? set.valid : set.test
    #expect(try archive.doubles("\(name)_charges") == split.charges)
    let n = split.bodies
    var close = 0
    let (x0, x1) = (try archive.doubles("\(name)_x0"), try archive.doubles("\(name)_x1"))
    var (ours, theirs) = (0.0, 0.0)
    for s in 0..<split.count {
      var worst = 0.0
      for i in 0..<n {
        for c in 0..<3 {
          let (here, there) = ((s * n + i) * 3 + c, (s * 3 + c) * n + i)
          worst = max(worst, abs(split.positions0[here] - x0[there]), abs(split.positions1[here] - x1[there]))
          let (a, b) = (split.positions1[here] - split.positions0[here], x1[there] - x0[there])
          ours += a * a
          theirs += b * b
        }
      }
      if worst < 1e-6 { close += 1 }
    }
    // The rest had encounters so close that the last bits of a library's square root decide: equal in distribution.
    #expect(Double(close) > 0.92 * Double(split.count))
    #expect(abs(ours / theirs - 1) < 2e-3)
  }
}
