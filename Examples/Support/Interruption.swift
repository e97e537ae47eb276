import Foundation
import Synchronization

/// Whether Ctrl-C (or a polite kill) has asked the program to stop. A second Ctrl-C stops at once.
package enum Interruption {
  private static let count = Atomic<Int>(0)
  package static var requested: Bool { count.load(ordering: .relaxed) > 0 }
  package static func watch() {
    count.store(0, ordering: .relaxed)
    // A parent may have started us with these signals blocked.
    var watched = sigset_t()
    sigemptyset(&watched)
    sigaddset(&watched, SIGINT)
    sigaddset(&watched, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &watched, nil)
    for signalNumber in [SIGINT, SIGTERM] {
      signal(signalNumber) { number in
        if Interruption.count.add(1, ordering: .relaxed).newValue > 1 { _exit(128 + number) }
      }
    }
  }
}
