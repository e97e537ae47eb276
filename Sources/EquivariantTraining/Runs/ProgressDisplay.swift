import Foundation

/// A display of progress on the standard error: one line that changes in place on a terminal, or a line every 15 seconds if that is a file.
/// Each line ends with an estimate of the time left, from the mean time of the work done since the display was made.
public struct ProgressDisplay {
  /// The total amount of work.
  public let total: Int
  private let live = isatty(STDERR_FILENO) == 1
  private let start = Date()
  private var first: Int
  private var shown = Date.distantPast

  /// A display for work of which `first` of `total` parts are already done.
  public init(total: Int, from first: Int) {
    self.total = total
    self.first = first
  }

  /// Shows an epoch of training.
  ///
  /// - Parameters:
  ///   - epoch: the number of epochs done.
  ///   - train: the mean of the losses of the epoch.
  ///   - figure: the latest validation figure with its name; nil if there is none.
  ///   - best: the best figure, with the epoch after which it was found.
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

  /// Shows work that has no figures but its progress.
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

  /// Ends the line, so that what is printed next begins a new one.
  public func finish() { if live { write("\n") } }

  /// Removes the line, so that a result can take its place.
  public func clear() { if live { write("\r\u{1B}[K") } }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
  static func number(_ x: Double) -> String { String(format: "%.5f", x) }
  /// A duration as h:mm:ss, or as m:ss if it is below an hour.
  public static func duration(_ seconds: Double) -> String {
    let s = Int(min(max(0, seconds), 1e9).rounded())
    return s >= 3600 ? String(format: "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60) : String(format: "%d:%02d", s / 60, s % 60)
  }
}
