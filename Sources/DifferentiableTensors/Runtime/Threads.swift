import CKernels
import COpenBLAS
import Dispatch
import Requirements
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The threads that tensor operations share.
///
/// How an operation is cut into pieces depends on its shape alone wherever the cut could change a rounding, so that the results are the
/// same bits for every ``count``.
public enum Threads {
  private static let chosen = Atomic<Int>(0)

  /// The largest value of ``count``, more than the processors of today's machines. Workers are made for ``count`` when the first operation
  /// is shared, not for the limit.
  public static let limit = 1024

  /// The number of threads that work on one operation, including the caller's, up to ``limit``. Initially it is the value of the
  /// environment variable `EQUIVARIANT_THREADS`, or else the number of processors (at most 16); within ``withCount(_:_:)`` it is the number
  /// given there.
  public static var count: Int {
    get {
      let scoped = ck_thread().pointee.threads
      if scoped > 0 { return Int(scoped) }
      let n = chosen.load(ordering: .relaxed)
      if n > 0 { return n }
      let asked = getenv("EQUIVARIANT_THREADS").flatMap { Int(String(cString: $0)) }
      let initial = max(1, min(asked ?? processorCount, limit))
      chosen.store(initial, ordering: .relaxed)
      return initial
    }
    set {
      require((1...limit).contains(newValue), "1 to \(limit) threads are expected, received \(newValue)")
      chosen.store(newValue, ordering: .relaxed)
    }
  }

  /// Runs `body` with ``count`` equal to `count` for the calling thread, and for the pieces of its operations on other threads. What runs
  /// beside it, such as other tests, keeps its own number.
  public static func withCount<R>(_ count: Int, _ body: () throws -> R) rethrows -> R {
    require((1...limit).contains(count), "1 to \(limit) threads are expected, received \(count)")
    let thread = ck_thread()!
    let before = thread.pointee.threads
    thread.pointee.threads = Int32(count)
    defer { thread.pointee.threads = before }
    return try body()
  }

  /// The number of processors that this process may use, at most 16.
  public static var processorCount: Int { min(16, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// Runs `body` for 0 ..< pieces, on the caller's thread and on idle workers; serially where another operation holds the workers.
  @inline(__always) package static func run(pieces: Int, _ body: @Sendable (Int) -> Void) {
    if pieces > 1 && count > 1 && WorkerPool.shared.run(pieces: pieces, body) { return }
    for i in 0..<pieces { body(i) }
  }

  /// Cuts 0 ..< n into ranges of at least `grain` elements, for loops whose elements do not depend on the cut.
  @inline(__always) package static func split(_ n: Int, grain: Int, _ body: @Sendable (_ start: Int, _ count: Int) -> Void) {
    if n < 2 &* grain || count == 1 { return body(0, n) }
    let pieces = min(4 &* count, n / grain)
    cut(n, size: ((n + pieces - 1) / pieces + 15) / 16 * 16, body)
  }

  /// Cuts 0 ..< n into ranges of `size` > 8, with the rest in the last one. A rest of at most 8 joins the range before it, so that kernels
  /// of narrow matrix products, which add in another order, are used for the whole or not at all.
  @inline(__always) package static func cut(_ n: Int, size: Int, _ body: @Sendable (_ start: Int, _ count: Int) -> Void) {
    let pieces = max(1, (n &+ size &- 1 &- 8) / size)
    run(pieces: pieces) { i in body(i &* size, i == pieces &- 1 ? n &- i &* size : size) }
  }
}

/// Properties of the machine on which the numbers of a benchmark depend.
public enum Machine {
  /// The kernels that OpenBLAS chose for this processor.
  public static var blasCore: String { String(cString: openblas_get_corename()) }
  /// Tells the C library's allocator, for the whole process, to keep memory of up to 32 MiB that is freed. It is off by default, since it
  /// concerns everything that the process allocates. A program that trains calls it once at its start and saves page faults.
  public static func keepFreedMemory() { ck_keep_freed_memory() }
  /// Keeps every BLAS call on its caller's thread, since products are cut into pieces here (``Threads``).
  static let singleThreadedBLAS: Void = openblas_set_num_threads(1)
}

/// Workers that spin briefly, then sleep. The caller works too and never waits for a worker that has not started, so a busy core costs
/// next to nothing.
///
/// `state` holds the job's number (32 bits) and the range of pieces left, its end (16) and its start (16): one compare-and-swap claims a
/// piece of exactly this job. The caller takes pieces from the front and workers take them from the back, so that the same part of every
/// tensor tends to stay in the caches of the same core from one operation to the next.
private final class WorkerPool: @unchecked Sendable {
  static let shared = WorkerPool(workers: max(Threads.processorCount, Threads.count) - 1)

  private let state = Atomic<UInt64>(0)
  private let finished = Atomic<Int>(0)
  private let busy = Atomic<Bool>(false)
  private let sleepers: [Sleeper]
  private var job: (@Sendable (Int) -> Void)?  // written only while no piece can be claimed
  private var scopedCount: Int32 = 0  // of the thread whose job it is (`Threads.withCount`); written with the job
  /// Some hundred microseconds: a pause takes 20 to 50 ns.
  private static let spins = 10_000

  private final class Sleeper: Sendable {
    let asleep = Atomic<Bool>(false)
    let wake = DispatchSemaphore(value: 0)
  }
  private final class Start {
    let pool: WorkerPool
    let index: Int
    init(_ pool: WorkerPool, _ index: Int) {
      self.pool = pool
      self.index = index
    }
  }

  init(workers: Int) {
    sleepers = (0..<workers).map { _ in Sleeper() }
    for index in 0..<workers {
      #if canImport(Darwin)
        var thread: pthread_t?
      #else
        var thread = pthread_t()
      #endif
      let start = Unmanaged.passRetained(Start(self, index)).toOpaque()
      pthread_create(
        &thread, nil,
        { raw in
          #if canImport(Darwin)
            let start = Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
          #else
            let start = Unmanaged<Start>.fromOpaque(raw!).takeRetainedValue()
          #endif
          start.pool.work(start.index)
          return nil
        }, start)
    }
  }

  @inline(__always) private func claimOne(fromBack: Bool) -> Bool {
    var s = state.load(ordering: .acquiring)
    while true {
      let (start, end) = (s & 0xffff, (s >> 16) & 0xffff)
      if start >= end { return false }
      let left = fromBack ? s &- 0x10000 : s &+ 1
      let exchange = state.weakCompareExchange(expected: s, desired: left, ordering: .acquiringAndReleasing)
      if exchange.exchanged {
        if fromBack { ck_thread().pointee.threads = scopedCount }
        job!(Int(fromBack ? end &- 1 : start))
        finished.add(1, ordering: .releasing)
        return true
      }
      s = exchange.original
    }
  }

  private func work(_ index: Int) {
    let me = sleepers[index]
    var idle = 0
    while true {
      if claimOne(fromBack: true) {
        idle = 0
        continue
      }
      idle &+= 1
      if idle < WorkerPool.spins {
        ck_pause()
        continue
      }
      idle = 0
      me.asleep.store(true, ordering: .sequentiallyConsistent)
      let s = state.load(ordering: .sequentiallyConsistent)
      let workLeft = s & 0xffff < (s >> 16) & 0xffff
      if workLeft, me.asleep.exchange(false, ordering: .sequentiallyConsistent) { continue }
      me.wake.wait()
    }
  }

  func run(pieces: Int, _ body: @Sendable (Int) -> Void) -> Bool {
    require(pieces < 1 << 16, "fewer than 65536 pieces are expected, received \(pieces)")
    if busy.exchange(true, ordering: .acquiring) { return false }
    withoutActuallyEscaping(body) { body in
      job = body
      scopedCount = ck_thread().pointee.threads
      finished.store(0, ordering: .relaxed)
      let number = (state.load(ordering: .relaxed) >> 32) &+ 1
      state.store(number << 32 | UInt64(pieces) << 16, ordering: .sequentiallyConsistent)
      var toWake = min(Threads.count, pieces) - 1
      for sleeper in sleepers where toWake > 0 {
        toWake -= 1
        if sleeper.asleep.load(ordering: .sequentiallyConsistent), sleeper.asleep.exchange(false, ordering: .sequentiallyConsistent) {
          sleeper.wake.signal()
        }
      }
      while claimOne(fromBack: false) {}
      while finished.load(ordering: .acquiring) != pieces { ck_pause() }
      job = nil
    }
    busy.store(false, ordering: .releasing)
    return true
  }
}
