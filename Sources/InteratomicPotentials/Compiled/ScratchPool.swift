import DifferentiableTensors
import Synchronization

/// Memory that blocks of atoms use while they are worked on and give back, so that the same few pages serve all of them.
final class ScratchPool<Scalar>: Sendable {
  private struct Blocks: @unchecked Sendable {
    var free: [NumberBlock<Scalar>] = []
  }
  private let blocks = Mutex(Blocks())

  /// Runs `body` with memory for `count` numbers, of any value.
  func with<R>(_ count: Int, _ body: (UnsafeMutablePointer<Scalar>) throws -> R) rethrows -> R {
    let block = take(count)
    defer { blocks.withLock { $0.free.append(block) } }
    return try body(block.pointer)
  }

  private func take(_ count: Int) -> NumberBlock<Scalar> {
    let found = blocks.withLock { blocks -> NumberBlock<Scalar>? in
      // The smallest that is large enough.
      let fitting = blocks.free.indices.filter { blocks.free[$0].count >= count }
      return fitting.min { blocks.free[$0].count < blocks.free[$1].count }.map { blocks.free.remove(at: $0) }
    }
    return found ?? NumberBlock(count: count)
  }
}

/// The results for all values, of which several are worked on at once.
func eachConcurrently<Value: Sendable, Result: Sendable>(_ values: [Value], _ body: @Sendable (Value) -> Result) -> [Result] {
  let results = Mutex([Int: Result]())
  Threads.run(pieces: values.count) { i in
    let result = body(values[i])
    results.withLock { $0[i] = result }
  }
  return results.withLock { results in values.indices.map { results[$0]! } }
}
