import DifferentiableTensors
import Synchronization
import Testing

@testable import InteratomicPotentials

@Suite struct ScratchPoolTests {
  /// Memory that is given back is taken again, the smallest that suffices, and nested calls have memory of their own.
  @Test func memoryIsReused() {
    let pool = ScratchPool<Float>()
    let (small, large) = pool.with(10) { a in pool.with(1000) { b in (a, b) } }
    #expect(small != large)
    #expect(pool.with(7) { $0 } == small)
    #expect(pool.with(500) { $0 } == large)
    #expect(pool.with(7) { a in pool.with(7) { b in a == small && b == large } })
    let other = pool.with(1001) { $0 }
    #expect(other != small && other != large)
    #expect(pool.with(0) { $0 } == small)
  }

  /// It is given back where the body throws.
  @Test func memoryOfBodiesThatThrow() {
    struct Stop: Error {}
    let pool = ScratchPool<Double>()
    var place: UnsafeMutablePointer<Double>?
    #expect(throws: Stop.self) {
      try pool.with(5) { p in
        place = p
        throw Stop()
      }
    }
    #expect(pool.with(5) { $0 } == place)
  }

  /// Threads never share memory.
  @Test func threads() {
    let pool = ScratchPool<Double>()
    let clashes = Atomic<Int>(0)
    Threads.run(pieces: 200) { piece in
      pool.with(100 + piece % 7) { p in
        for i in 0..<100 { p[i] = Double(piece) }
        pool.with(50) { q in for i in 0..<50 { q[i] = -1 } }
        for i in 0..<100 where p[i] != Double(piece) { clashes.add(1, ordering: .relaxed) }
      }
    }
    #expect(clashes.load(ordering: .relaxed) == 0)
  }
}
