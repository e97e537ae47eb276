import Foundation

/// How far some work is, on the standard error: one line that changes in place on a terminal, and a line every 15 seconds where that is a
/// file. It ends with an estimate of the time that is left, from the mean time of what was done since the display was made.
public struct ProgressDisplay {
  /// How much there is to do.
  public let total: Int
  private let live = isatty(STDERR_FILENO) == 1
  private let start = Date()
  private var first: Int
  private var shown = Date.distantPast

  /// A display of work of which `first` of `total` parts are done.
  public init(total: Int, from first: Int) {
    self.total = total
    self.first = first
  }

  /// Shows an epoch of training.
  ///
  /// - Parameters:
  ///   - epoch: epochs done.
  ///   - train: the mean of the losses of the epoch.
  ///   - figure: the last figure of validation, with its name; nil where there is none.
  ///   - best: the best one, with the epoch after which it was found.
  ///   - rate: the learning rate.
  public mutating func show(
    epoch: Int, train: Double, figure: (name: String, value: Double)?, best: (epoch: Int, value: Double)?, rate: Double
  ) {
    guard isDue(epoch) else { return }
    var details = "  train " + Self.number(train)
    if let figure { details += "  \(figure.name) " + Self.number(figure.value) }
    if let best { details += " (best " + Self.number(best.value) + " @ \(best.epoch))" }
    details += String(format: "  rate %.1e  %.2f s/epoch", rate, secondsEach(epoch))
    write("epoch", epoch, details)
  }

  /// Shows work that has no other figures than how far it is.
  public mutating func show(_ name: String, _ done: Int) {
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

  /// Leaves the line as it is; what is printed next begins another.
  public func finish() { if live { write("\n") } }

  /// Removes the line, for a result in its place.
  public func clear() { if live { write("\r\u{1B}[K") } }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
  static func number(_ x: Double) -> String { String(format: "%.5f", x) }
  /// Seconds as h:mm:ss, or m:ss where there are no hours.
  public static func duration(_ seconds: Double) -> String {
    let s = Int(min(max(0, seconds), 1e9).rounded())
    return s >= 3600 ? String(format: "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60) : String(format: "%d:%02d", s / 60, s % 60)
  }
}
