/// Stops the program where a programming error has broken a condition, and prints what was expected and received, in release builds too.
///
/// The standard library's `precondition` drops its text in a release build. The text here is made only where the condition fails, in code
/// that the optimizer lays apart, so that a condition which holds costs what a `precondition` costs: the comparison.
///
/// Errors of the outside world (files, arguments, checkpoints) are no programming errors: they throw.
///
/// - Parameters:
///   - condition: what must hold.
///   - message: what was expected and what was received.
@inlinable @inline(__always)
package func require(
  _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) {
  if !condition { requirementFailed(message(), file: file, line: line) }
}

/// Not inlined: the place of a call is as small as it can be, and the optimizer takes it for one that is not reached.
@usableFromInline @inline(never)
package func requirementFailed(_ message: String, file: StaticString, line: UInt) -> Never {
  fatalError(message, file: file, line: line)
}
