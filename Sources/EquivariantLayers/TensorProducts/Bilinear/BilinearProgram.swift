import DifferentiableTensors
import Requirements

/// A straight-line program whose every step is a sum of products of two earlier values, v[k] = Σ c v[i] v[j].
///
/// It acts on each row and channel alone. Multilinear and polynomial maps are such programs, and so are their derivatives
/// (``pullback(needing:)``): one kernel evaluates them all, to any order, without intermediates of the size of the rows.
final class BilinearProgram: Sendable {
  /// An input or output: `count` values for each row, or, where shared, for each element (one of few, chosen by the row).
  struct Port: Sendable, Equatable {
    let count: Int
    var isShared = false
  }

  /// c v[i] v[j]
  struct Term: Sendable {
    let coefficient: Double
    let first: Int
    let second: Int
  }

  let inputs: [Port]
  let outputs: [Port]
  /// The node of each value of the outputs, one output after the other.
  let outputNodes: [Int]
  /// The terms of node `leafCount + k`. Node 0 is 1, then come the values of the inputs.
  let steps: [[Term]]

  /// The number of products c v[i] v[j] for each row and channel.
  let termCount: Int
  let code: BilinearProgramCode
  private let derived = Memo<[Bool]>()

  /// The program of these steps, without those that no output needs.
  init(inputs: [Port], outputs: [Port], outputNodes: [Int], steps: [[Term]]) {
    require(outputs.reduce(0) { $0 + $1.count } == outputNodes.count, "expected a node for each value of \(outputs)")
    let leaves = 1 + inputs.reduce(0) { $0 + $1.count }
    var place = Array(0..<leaves) + [Int](repeating: -1, count: steps.count)
    for node in outputNodes where node >= leaves { place[node] = 0 }
    for (k, terms) in steps.enumerated().reversed() where place[leaves + k] == 0 {
      for node in terms.flatMap({ [$0.first, $0.second] }) where node >= leaves { place[node] = 0 }
    }
    var kept: [[Term]] = []
    for (k, terms) in steps.enumerated() where place[leaves + k] == 0 {
      place[leaves + k] = leaves + kept.count
      kept.append(terms.map { Term(coefficient: $0.coefficient, first: place[$0.first], second: place[$0.second]) })
    }
    (self.inputs, self.outputs, self.steps) = (inputs, outputs, kept)
    self.outputNodes = outputNodes.map { place[$0] }
    code = BilinearProgramCode(inputs: inputs, outputs: outputs, outputNodes: self.outputNodes, steps: kept)
    termCount = kept.reduce(0) { $0 + $1.count }
  }

  /// The number of nodes that are not computed.
  var leafCount: Int { 1 + inputs.reduce(0) { $0 + $1.count } }

  /// The first node of each input.
  var inputStarts: [Int] { inputs.reduce(into: [1]) { $0.append($0.last! + $1.count) } }

  /// The program with output k alone.
  func restricted(to k: Int) -> BilinearProgram {
    if outputs.count == 1 { return self }
    let start = outputs[..<k].reduce(0) { $0 + $1.count }
    return BilinearProgram(
      inputs: inputs, outputs: [outputs[k]], outputNodes: Array(outputNodes[start..<start + outputs[k].count]), steps: steps)
  }

  /// The vector-Jacobian product: it takes the inputs and then a gradient for each output, and gives the gradients of the needed inputs.
  ///
  /// It is made on first use and kept.
  func pullback(needing needed: [Bool]) -> BilinearProgram {
    derived.value(needed) { makePullback(needing: needed) }
  }

  /// Goes backwards through the steps: the gradient of a node is the sum over the terms it takes part in of c times the other factor times
  /// the gradient of the term's node.
  private func makePullback(needing needed: [Bool]) -> BilinearProgram {
    let shift = outputs.reduce(0) { $0 + $1.count }
    func moved(_ node: Int) -> Int { node < leafCount ? node : node + shift }
    let forward = steps.map { $0.map { Term(coefficient: $0.coefficient, first: moved($0.first), second: moved($0.second)) } }
    var builder = BilinearProgramBuilder(inputs: inputs + outputs, steps: forward)
    var depends = [Bool](repeating: false, count: leafCount + steps.count)
    for (k, start) in inputStarts.dropLast().enumerated() where needed[k] {
      for i in start..<start + inputs[k].count { depends[i] = true }
    }
    for (k, terms) in steps.enumerated() {
      depends[leafCount + k] = terms.contains { depends[$0.first] || depends[$0.second] }
    }
    var parts = [[Term]](repeating: [], count: depends.count)
    for (i, node) in outputNodes.enumerated() { parts[node].append(Term(coefficient: 1, first: leafCount + i, second: 0)) }
    for (k, terms) in steps.enumerated().reversed() where depends[leafCount + k] && !parts[leafCount + k].isEmpty {
      let gradient = builder.add(parts[leafCount + k])
      for term in terms {
        for (one, other) in [(term.first, term.second), (term.second, term.first)] where depends[one] {
          parts[one].append(Term(coefficient: term.coefficient, first: gradient, second: moved(other)))
        }
      }
    }
    var results: [Int] = []
    for (k, start) in inputStarts.dropLast().enumerated() where needed[k] {
      for i in start..<start + inputs[k].count { results.append(builder.add(parts[i])) }
    }
    return builder.program(outputs: zip(inputs, needed).filter(\.1).map(\.0), nodes: results)
  }
}

/// Collects the steps of a ``BilinearProgram``.
struct BilinearProgramBuilder {
  typealias Term = BilinearProgram.Term

  let inputs: [BilinearProgram.Port]
  private(set) var steps: [[Term]] = []

  /// The node Σ c v[i] v[j]; terms of one pair are merged, and a sum that is a single node is that node.
  mutating func add(_ terms: [Term]) -> Int {
    var merged: [Term] = []
    for term in terms.map({ Term(coefficient: $0.coefficient, first: max($0.first, $0.second), second: min($0.first, $0.second)) })
      .sorted(by: { ($0.first, $0.second) < ($1.first, $1.second) })
    {
      if let last = merged.last, last.first == term.first, last.second == term.second {
        merged[merged.count - 1] = Term(coefficient: last.coefficient + term.coefficient, first: term.first, second: term.second)
      } else {
        merged.append(term)
      }
    }
    merged.removeAll { $0.coefficient == 0 }
    if merged.count == 1, merged[0].coefficient == 1, merged[0].second == 0 { return merged[0].first }
    steps.append(merged)
    return inputs.reduce(steps.count) { $0 + $1.count }
  }

  /// The finished program.
  func program(outputs: [BilinearProgram.Port], nodes: [Int]) -> BilinearProgram {
    BilinearProgram(inputs: inputs, outputs: outputs, outputNodes: nodes, steps: steps)
  }
}
