import DifferentiableTensors
import EquivarianceTesting
import Synchronization
import Testing

@Suite struct ThreadCheckTests {
  /// The sum of 1, 1/2, 1/3, ... in the given number of pieces, added in their order.
  private static func sum(pieces: Int) -> Float {
    let n = 10_007
    let parts = Mutex([Float](repeating: 0, count: pieces))
    Threads.run(pieces: pieces) { k in
      let part = (k * n / pieces..<(k + 1) * n / pieces).reduce(Float(0)) { $0 + 1 / Float($1 + 1) }
      parts.withLock { $0[k] = part }
    }
    return parts.withLock { $0.reduce(0, +) }
  }

  /// A sum in as many pieces as there are threads rounds otherwise on each number of them; in a fixed number it does not.
  @Test func aBrokenSubjectIsCaught() {
    #expect(threadCountsThatMatter { Self.sum(pieces: Threads.count) } == [2, 3, 7])
    #expect(threadCountsThatMatter { Self.sum(pieces: 8) } == [])
  }

  /// The number that a piece sees on a worker's thread is that of the thread whose work it is.
  @Test func piecesSeeTheNumberToo() {
    let counts = threadCountsThatMatter([3, 5], repetitions: 20) {
      let seen = Mutex<Set<Int>>([])
      Threads.run(pieces: 64) { _ in
        let count = Threads.count
        _ = seen.withLock { $0.insert(count) }
      }
      return seen.withLock { $0 }
    }
    #expect(counts == [3, 5])
    for count in [1, 4] {
      Threads.withCount(count) {
        Threads.run(pieces: 64) { _ in #expect(Threads.count == count) }
      }
    }
  }

  /// Checks side by side, as in suites that run in parallel: each has its own number, and that of the process stays.
  @Test func checksSideBySide() async {
    let before = Threads.count
    await withTaskGroup(of: Bool.self) { group in
      for task in 0..<16 {
        group.addTask {
          let count = 1 + task % 5
          return (0..<200).allSatisfy { _ in
            Threads.withCount(count) { Self.sum(pieces: Threads.count) == Self.sum(pieces: count) && Threads.count == count }
          } && threadCountsThatMatter { Self.sum(pieces: Threads.count) } == [2, 3, 7]
        }
      }
      for await isRight in group { #expect(isRight) }
    }
    #expect(Threads.count == before)
  }

  @Test func scopesNest() throws {
    struct Failure: Error {}
    Threads.withCount(3) {
      Threads.withCount(2) { #expect(Threads.count == 2) }
      #expect(throws: Failure.self) { try Threads.withCount(4) { throw Failure() } }
      #expect(Threads.count == 3)
    }
  }

  @Test func numbersOutOfRangeTrap() async {
    await #expect(processExitsWith: .failure) { Threads.withCount(0) {} }
    await #expect(processExitsWith: .failure) { Threads.withCount(Threads.limit + 1) {} }
  }
}
