import DifferentiableTensors

/// The numbers of threads, of those given, on which a computation has another result than on one thread: none, where it keeps to fixed
/// pieces. Other work of the process, such as tests beside this one, neither sees nor changes these numbers (`Threads.withCount(_:_:)`).
/// ```swift
/// #expect(threadCountsThatMatter { gradient(of: model(x).squared().sum(), withRespectTo: x) } == [])
/// ```
/// Where the workers are busy with other work, the pieces of the computation run one after the other, cut as for its number of threads: a
/// result that depends on the cut is found in any case, one that depends on the order in which threads finish needs `repetitions`.
///
/// - Parameters:
///   - counts: numbers of threads, up to `Threads.limit`.
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
