import DifferentiableTensors
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Resident memory of this process now, in MB; nil where the system does not tell.
private func residentMemory() -> Double? {
  guard let file = fopen("/proc/self/statm", "r") else { return nil }
  defer { fclose(file) }
  var buffer = [CChar](repeating: 0, count: 256)
  guard fgets(&buffer, 256, file) != nil else { return nil }
  let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  let fields = text.split(separator: " ")
  guard fields.count > 1, let pages = Double(fields[1]) else { return nil }
  return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576
}

/// These run in processes of their own, where nothing else changes the memory.
@Suite struct GraphMemoryTests {
  @Test func millionNodes() async {
    await #expect(processExitsWith: .success) {
      func chain() -> Double {
        let leaf = Tensor<Float>(repeating: 1, shape: [4]).asVariable()
        var x = leaf
        for _ in 0..<1_000_000 { x = x * 1.0 }
        let g = gradient(of: x, withRespectTo: leaf)
        precondition(g.elements == [1, 1, 1, 1])
        return residentMemory() ?? 0
      }
      _ = chain()
      let first = residentMemory() ?? 0
      // A chain that is dropped without a gradient is released too, without overflowing the stack.
      var x = Tensor<Float>(repeating: 1, shape: [4]).asVariable()
      for _ in 0..<1_000_000 { x = x * 1.0 }
      x = x.detached
      for _ in 0..<3 { _ = chain() }
      let last = residentMemory() ?? 0
      precondition(last < first * 1.1 + 10, "memory grew from \(first) MB to \(last) MB")
    }
  }

  @Test func savedValuesGoAsTheSweepGoes() async {
    await #expect(processExitsWith: .success) {
      // 40 products of 1 MB each: their inputs are saved. The sweep must not hold gradients and saved values all at once.
      let n = 1 << 18
      let x = Tensor<Float>(repeating: 1, shape: [n]).asVariable()
      var y = x
      for _ in 0..<40 { y = (y * y).affine(1, 0) }
      let before = residentMemory() ?? 0
      let g = gradient(of: y.sum(), withRespectTo: x)
      let after = residentMemory() ?? 0
      precondition(g.count == n)
      precondition(after < before + 20, "the sweep took \(after - before) MB")
    }
  }

  @Test(arguments: [false, true]) func steadyTraining(varying: Bool) async {
    await #expect(processExitsWith: .success) { [varying] in
      var generator = RandomSource(seed: 5)
      var w = Tensor<Float>.normal([64, 64], using: &generator)
      func step(_ rows: Int) {
        let variable = w.asVariable()
        let x = Tensor<Float>.normal([rows, 64], using: &generator)
        var h = x
        for _ in 0..<8 { h = Tensor.matmul(h, variable).silu() }
        let g = gradient(of: h.squared().mean(), withRespectTo: variable)
        w = w - g * 0.01
      }
      for k in 0..<30 { step(varying ? 500 + 700 * (k * 7 % 5) : 2000) }
      let first = residentMemory() ?? 0
      for k in 0..<200 { step(varying ? 500 + 700 * (k * 7 % 5) : 2000) }
      let last = residentMemory() ?? 0
      precondition(last < first + 16, "memory grew from \(first) MB to \(last) MB")
    }
  }

  /// Batches of graphs ask for other sizes every time: freed blocks of other sizes serve them, in parts and joined.
  @Test func blocksOfAnySizeAreUsedAgain() async {
    await #expect(processExitsWith: .success) {
      let megabyte = 1 << 18
      func fill(_ sizes: [Int]) { for size in sizes { _ = Tensor<Float>(repeating: 1, shape: [size * megabyte]) } }
      fill([120])
      let before = residentMemory() ?? 0
      var alive = (10..<20).map { Tensor<Float>(repeating: Float($0), shape: [$0 / 2 * megabyte]) }
      alive = alive.filter { $0.count % (2 * megabyte) == 0 }
      fill([40, 35, 7])
      alive = []
      fill([119])
      let after = residentMemory() ?? 0
      precondition(after < before + 45, "memory grew from \(before) MB to \(after) MB")
    }
  }

  /// Blocks of megabytes are kept when freed and given out again: never to two tensors at once, on any number of threads.
  @Test func largeBlocksAreTheirOwners() async {
    await withTaskGroup(of: Bool.self) { group in
      for task in 0..<4 {
        group.addTask {
          var alive: [Tensor<Float>] = []
          for round in 0..<12 {
            let count = (1 << 20) + (task &+ round) % 5 * 300_000
            alive.append(Tensor(repeating: Float(task * 100 + round), shape: [count]))
            if alive.count > 3 { alive.removeFirst() }
            for (age, tensor) in alive.reversed().enumerated() {
              let expected = Float(task * 100 + round - age)
              let same = tensor.withElements { $0.first == expected && $0.last == expected && $0[$0.count / 2] == expected }
              if !same { return false }
            }
          }
          return true
        }
      }
      for await intact in group { #expect(intact) }
    }
  }
}
