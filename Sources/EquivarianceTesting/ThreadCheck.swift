import DifferentiableTensors

/// The numbers of threads, out of those given, for which a computation has another result than on one thread. There are none if it divides
/// its work independently of that number. Other work of the process, such as concurrent tests, neither sees nor changes these numbers
/// (`Threads.withCount(_:_:)`).
/// ```swift
/// #expect(threadCountsThatMatter { gradient(of: model(x).squared().sum(), withRespectTo: x) } == [])
/// ```
/// While the workers are busy with other work, the pieces of the computation run one after the other, but are cut as for its number of
/// threads. Therefore a result that depends on the cut is always found, while one that depends on the order in which threads finish may
/// need `repetitions`.
///
/// - Parameters:
///   - counts: the numbers of threads, up to `Threads.limit`.
///   - repetitions: how often each is tried.
///   - body: the computation.
public func threadCountsThatMatter<Result: Equatable>(
  _ counts: [Int] = [2, 3, 7], repetitions: Int = 1, of body: () throws -> Result
) rethrows -> [Int] {
  let alone = try Threads.withCount(1, body)
  return try counts.filter { count in
    try (0..<repetitions).contains { _ in try Threads.withCount(count, body) != alone }
  }
}
