import Equivariant
import Foundation

/// A trajectory of many small frames, written and read frame by frame: frames and bytes a second, and the most memory that the process has
/// had.
struct StreamBenchmarks {
  let bench: Bench
  let frames: Int

  func run() throws {
    guard bench.wants("molecules/stream") else { return }
    let path = FileManager.default.temporaryDirectory.appending(path: "stream-\(UUID().uuidString).xyz").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var water = AtomicStructure(
      atomicNumbers: [8, 1, 1], positions: [.zero, SIMD3(0.9572, 0, 0), SIMD3(-0.23998721, 0.92662721, 0)],
      cell: PeriodicCell(SIMD3(12.4, 0, 0), SIMD3(0, 12.4, 0), SIMD3(0, 0, 12.4)))
    let clock = ContinuousClock()
    let writing = try clock.measure {
      let writer = try ExtendedXYZWriter(path)
      for frame in 0..<frames {
        for atom in 0..<3 { water.positions[atom] += SIMD3(1, -2, 0.5) * (1e-3 * Double(frame % 7 - 3)) }
        water.properties["energy"] = PropertyValues(-14.22 + 1e-6 * Double(frame))
        water.properties["config_type"] = PropertyValues("water")
        water.atomProperties["forces"] = PropertyValues(water.positions.map { -0.1 * $0 })
        try writer.write(water)
      }
      try writer.close()
    }
    let reader = try ExtendedXYZReader(contentsOf: path)
    var (atoms, energy) = (0, 0.0)
    let reading = try clock.measure {
      while let structure = try reader.read() {
        atoms += structure.count
        energy += structure.properties["energy"]?.reals?[0] ?? .nan
      }
    }
    guard reader.frameCount == frames, atoms == 3 * frames, energy.isFinite else { fatalError("\(reader.frameCount) frames were read") }
    for (name, time) in [("write", writing / .seconds(1)), ("read", reading / .seconds(1))] {
      Bench.line(
        "molecules/stream/\(name)", ["frames": frames],
        [
          "seconds": time, "frames_per_second": Double(frames) / time, "megabytes_per_second": 1e-6 * Double(reader.bytesRead) / time,
          "peak_megabytes": Bench.peakMemory,
        ])
    }
  }
}
