import Synchronization

/// Values made once for each key and kept: tables that derivatives ask for again and again.
package final class Memo<Key: Hashable & Sendable>: Sendable {
  private let made = Mutex<[Key: any Sendable]>([:])
  package init() {}

  /// The value of a key; all callers must ask for the same type at one key. It is made outside the lock, so that two threads may make the
  /// same one.
  package func value<Value: Sendable>(_ key: Key, _ make: () -> Value) -> Value {
    if let value = made.withLock({ $0[key] }) { return value as! Value }
    let value = make()
    made.withLock { $0[key] = value }
    return value
  }
}
