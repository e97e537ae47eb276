import Foundation

/// One line that changes in place on a terminal; a line now and then where the output is a file.
package struct ProgressDisplay {
  package let total: Int
  private let live = isatty(STDERR_FILENO) == 1
  private let start = Date()
  private var first: Int
  private var shown = Date.distantPast

  package init(total: Int, from first: Int) {
    self.total = total
    self.first = first
  }

  package mutating func show(epoch: Int, train: Double, valid: Double?, best: (epoch: Int, mse: Double)?, rate: Double) {
    guard isDue(epoch) else { return }
    var details = "  train " + Self.number(train)
    if let valid { details += "  valid " + Self.number(valid) }
    if let best { details += " (best " + Self.number(best.mse) + " @ \(best.epoch))" }
    details += String(format: "  rate %.1e  %.2f s/epoch", rate, secondsEach(epoch))
    write("epoch", epoch, details)
  }

  /// Work that has no other figures than how far it is.
  package mutating func show(_ name: String, _ done: Int) {
    if isDue(done) { write(name, done, "") }
  }

  private mutating func isDue(_ done: Int) -> Bool {
    let now = Date()
    guard done >= total || now.timeIntervalSince(shown) > (live ? 0.1 : 15) else { return false }
    shown = now
    return true
  }

  private func secondsEach(_ done: Int) -> Double { Date().timeIntervalSince(start) / Double(max(1, done - first)) }

  private func write(_ name: String, _ done: Int, _ details: String) {
    let width = 24
    let filled = min(width, width * done / max(1, total))
    let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: width - filled)
    let line = "\(name) \(done)/\(total) [\(bar)]\(details)  ETA " + Self.duration(secondsEach(done) * Double(total - done))
    write(live ? "\r\u{1B}[K" + line : line + "\n")
  }

  package func finish() { if live { write("\n") } }

  /// The line goes, for a result in its place.
  package func clear() { if live { write("\r\u{1B}[K") } }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
  package static func number(_ x: Double) -> String { String(format: "%.5f", x) }
  package static func duration(_ seconds: Double) -> String {
    let s = Int(min(max(0, seconds), 1e9).rounded())
    return s >= 3600 ? String(format: "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60) : String(format: "%d:%02d", s / 60, s % 60)
  }
}
