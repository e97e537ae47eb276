import Synchronization

/// FFTW's planner is not thread-safe, and there is one for the process: all plans are made under this one lock. Executing them needs none.
package enum FFTWPlanner {
  private static let lock = Mutex<Void>(())

  /// Makes plans while no other thread does.
  package static func plan<Plans>(_ make: () -> Plans) -> Plans where Plans: Sendable { lock.withLock { _ in make() } }
}
