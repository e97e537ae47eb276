import Equivariant
import Foundation

/// Prints one JSON line per measurement: {"name","params","seconds","min","runs","threads","cpu"}; seconds is the median, and cpu is the
/// median of the processor time of all threads, which does not include waiting for other programs.
struct Bench {
  /// The seconds of timed runs for one measurement.
  var budget = 1.0
  /// The numbers of threads of the training steps.
  var threadCounts = [1, min(2, Threads.processorCount)]
  /// The measurements to make: those whose names contain one of these, or all if it is empty.
  var only: [String] = []

  func wants(_ name: String) -> Bool { only.isEmpty || only.contains { name.contains($0) } }

  /// Times `body`, which does the work `inner` times.
  @discardableResult
  func time(_ name: String, _ params: [String: Any] = [:], inner: Int = 1, _ body: () -> Void) -> Double? {
    guard wants(name) else { return nil }
    body()
    let clock = ContinuousClock()
    var times: [Double] = []
    var processor: [Double] = []
    var total = 0.0
    while times.count < 200 && (total < budget || times.count < 5) {
      let started = Bench.processorTime
      let t = clock.measure { body() }
      processor.append((Bench.processorTime - started) / Double(inner))
      let seconds = t / .seconds(1)
      total += seconds
      times.append(seconds / Double(inner))
    }
    times.sort()
    processor.sort()
    Bench.line(
      name, params,
      [
        "seconds": times[times.count / 2], "min": times[0], "runs": times.count, "threads": Threads.count,
        "cpu": processor[processor.count / 2],
      ])
    return times[times.count / 2]
  }

  static func line(_ name: String, _ params: [String: Any], _ values: [String: Any]) {
    func json(_ value: Any) -> JSONValue {
      switch value {
      case let value as Double: .number(Double(String(format: "%.4g", value)) ?? value)
      case let value as Bool: .bool(value)
      case let value as any BinaryInteger: JSONValue(integer: value)
      case let values as [Any]: .array(values.map(json))
      default: .string("\(value)")
      }
    }
    var object = JSONObject()
    for (key, value) in params.sorted(by: { $0.key < $1.key }) { object[key] = json(value) }
    var line: JSONObject = ["name": .string(name), "params": .object(object)]
    let order = ["seconds", "min", "runs", "threads"]
    for key in order + values.keys.filter({ !order.contains($0) }).sorted() { line[key] = values[key].map(json) }
    print(JSONValue.object(line).description)
  }

  /// The processor time of this program in seconds, for all threads together.
  static var processorTime: Double {
    var t = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t)
    return Double(t.tv_sec) + 1e-9 * Double(t.tv_nsec)
  }

  /// The largest resident size of this process so far, in MB.
  static var peakMemory: Double {
    #if canImport(Glibc)
      // What getrusage says begins with the peak of the process that started this one.
      let status = try! String(contentsOfFile: "/proc/self/status", encoding: .utf8)
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }!
      return Double(line.split(whereSeparator: \.isWhitespace)[1])! / 1024
    #else
      var usage = rusage()
      getrusage(RUSAGE_SELF, &usage)
      return Double(usage.ru_maxrss) / 1_048_576
    #endif
  }
}
