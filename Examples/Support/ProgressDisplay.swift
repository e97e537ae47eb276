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
    let now = Date()
    let last = epoch >= total
    guard last || now.timeIntervalSince(shown) > (live ? 0.1 : 15) else { return }
    shown = now
    let each = now.timeIntervalSince(start) / Double(max(1, epoch - first))
    let left = each * Double(total - epoch)
    let width = 24
    let filled = min(width, width * epoch / max(1, total))
    var line = "epoch \(epoch)/\(total) [" + String(repeating: "=", count: filled) + String(repeating: " ", count: width - filled) + "]"
    line += "  train " + Self.number(train)
    if let valid { line += "  valid " + Self.number(valid) }
    if let best { line += " (best " + Self.number(best.mse) + " @ \(best.epoch))" }
    line += String(format: "  rate %.1e  %.2f s/epoch  ETA ", rate, each) + Self.duration(left)
    write(live ? "\r\u{1B}[K" + line : line + "\n")
  }
  package func finish() { if live { write("\n") } }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
  package static func number(_ x: Double) -> String { String(format: "%.5f", x) }
  package static func duration(_ seconds: Double) -> String {
    let s = Int(seconds.rounded())
    return s >= 3600 ? String(format: "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60) : String(format: "%d:%02d", s / 60, s % 60)
  }
}
