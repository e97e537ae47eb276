import Foundation
import Synchronization

/// Whether the program has been asked to stop by Ctrl-C (SIGINT) or SIGTERM. A second signal ends the program at once, with the exit status
/// of the signal.
public enum Interruption {
  private static let count = Atomic<Int>(0)
  /// What signals did before they were watched; empty while they are not.
  private static let previous = Mutex<[(signal: Int32, handler: sigaction)]>([])

  /// Whether the program has been asked to stop since signals are watched.
  public static var requested: Bool { count.load(ordering: .relaxed) > 0 }

  /// Begins to watch signals. If they are watched already, the signals seen so far are forgotten.
  public static func watch() {
    count.store(0, ordering: .relaxed)
    // A parent may have started us with these signals blocked.
    var watched = sigset_t()
    sigemptyset(&watched)
    sigaddset(&watched, SIGINT)
    sigaddset(&watched, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &watched, nil)
    previous.withLock { previous in
      let isFirst = previous.isEmpty
      for number in [SIGINT, SIGTERM] {
        var old = sigaction()
        sigaction(number, nil, &old)
        signal(number) { number in
          if Interruption.count.add(1, ordering: .relaxed).newValue > 1 { _exit(128 + number) }
        }
        if isFirst { previous.append((number, old)) }
      }
    }
  }

  /// Whether signals are watched.
  static var isWatching: Bool { previous.withLock { !$0.isEmpty } }

  /// Restores what signals did before ``watch()``. ``requested`` keeps its value.
  public static func stopWatching() {
    previous.withLock { previous in
      for (number, var handler) in previous { sigaction(number, &handler, nil) }
      previous = []
    }
  }
}
