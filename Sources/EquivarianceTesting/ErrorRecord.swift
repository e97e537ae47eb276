import DifferentiableTensors
import Requirements

/// Collects differences of tensors by input and output, and makes a report of them.
struct ErrorRecord {
  private struct Entry {
    var error = -1.0
    var scale = 0.0
    var element = 0
    var position = 0
    var shape = Shape([])
    var expected = 0.0
    var received = 0.0
  }
  private let names: [String]
  private let descriptions: [String]
  /// By input, then by output.
  private var entries: [[Entry]] = []

  init(names: [String], descriptions: [String], inputs: Int) {
    require(inputs > 0, "at least one input is expected, received none")
    require(!descriptions.isEmpty, "at least one group element is expected, received none")
    require(!names.isEmpty, "an action that names at least one tensor is expected, received one that names none")
    self.names = names
    self.descriptions = descriptions
    entries = Array(repeating: Array(repeating: Entry(), count: names.count), count: inputs)
  }

  /// Takes in one comparison.
  mutating func note(_ received: any TensorValue, _ expected: any TensorValue, input: Int, output: Int, element: Int) {
    let (a, b) = (doubles(received), doubles(expected))
    require(
      a.shape == b.shape,
      "f(g x) and g f(x) of one shape are expected for \(names[output].isEmpty ? "the output" : "output \"\(names[output])\""), received \(a.shape) and \(b.shape)"
    )
    var entry = entries[input][output]
    entry.shape = a.shape
    a.withElements { a in
      b.withElements { b in
        for k in 0..<a.count {
          let (x, y) = (a[k], b[k])
          let finite = x.isFinite && y.isFinite
          let error = finite ? (x - y).magnitude : .infinity
          if finite { entry.scale = max(entry.scale, x.magnitude, y.magnitude) }
          if error > entry.error {
            (entry.error, entry.element, entry.position, entry.expected, entry.received) = (error, element, k, y, x)
          }
        }
      }
    }
    entries[input][output] = entry
  }

  private func doubles(_ value: some TensorValue) -> Tensor<Double> { value.tensor.converted(to: Double.self) }

  private func relative(_ entry: Entry) -> Double { entry.error <= 0 ? 0 : entry.error / entry.scale }

  var report: EquivarianceReport {
    var worst = (input: 0, output: 0, error: -1.0)
    for (i, row) in entries.enumerated() {
      for (k, entry) in row.enumerated() where relative(entry) > worst.error { worst = (i, k, relative(entry)) }
    }
    let outputs = names.indices.map { k in
      EquivarianceReport.Output(
        name: names[k], absoluteError: entries.reduce(0) { max($0, $1[k].error) },
        relativeError: entries.reduce(0) { max($0, relative($1[k])) }, scale: entries.reduce(0) { max($0, $1[k].scale) })
    }
    let entry = entries[worst.input][worst.output]
    var position: [Int] = []
    var rest = entry.position
    for size in entry.shape.dimensions.reversed() {
      position.insert(size == 0 ? 0 : rest % size, at: 0)
      rest /= max(1, size)
    }
    return EquivarianceReport(
      outputs: outputs,
      worst: EquivarianceReport.Worst(
        input: worst.input, element: entry.element, elementDescription: descriptions[entry.element], output: names[worst.output],
        position: position, expected: entry.expected, received: entry.received),
      inputCount: entries.count, elementCount: descriptions.count)
  }
}
