import DifferentiableTensors

/// The deviations of the derivatives of a function from finite differences of the derivatives of the next lower order.
public struct DerivativeReport: Sendable, CustomStringConvertible {
  /// For each order 1, 2, ..., the largest difference, relative to the largest finite difference of that order.
  public let relativeErrors: [Double]
  /// For each order, the input and the element where the difference was largest.
  public let worst: [(input: Int, element: Int)]
  /// The largest relative error over all orders.
  public var relativeError: Double { relativeErrors.reduce(0) { $1.isNaN ? .infinity : max($0, $1) } }
  /// A description in one line.
  public var description: String {
    "derivatives of order " + zip(1..., relativeErrors).map { "\($0): relative error \($1)" }.joined(separator: ", ")
  }
}

/// Compares derivatives up to `order` with central differences of fourth order, in `Double`.
///
/// With s₀ = Σ w f(x) for random weights w and s_k = Σ u_k ∇s_{k-1} for random directions u_k, the gradient of each s_k is compared with
/// differences of s_k in every element of every input (of at most `elements` of each, spread evenly).
public func checkDerivatives(
  of f: ([Tensor<Double>]) -> Tensor<Double>, at inputs: [Tensor<Double>], order: Int = 3, step: Double = 1e-3, elements: Int = 16,
  using generator: inout some RandomNumberGenerator
) -> DerivativeReport {
  let weights = Tensor<Double>.normal(withoutRecording { f(inputs) }.shape, using: &generator)
  let directions = (0..<order).map { _ in inputs.map { Tensor<Double>.normal($0.shape, using: &generator) } }

  /// s_k and the variables it was computed from.
  func functional(_ k: Int, _ x: [Tensor<Double>]) -> (Tensor<Double>, [Tensor<Double>]) {
    let variables = x.map { $0.asVariable() }
    var s = (f(variables) * weights).sum()
    for j in 0..<k {
      let g = gradient(of: s, withRespectTo: variables, keepingGraph: true)
      s = zip(g, directions[j]).map { ($0 * $1).sum() }.reduce(Tensor(0)) { $0 + $1 }
    }
    return (s, variables)
  }

  var errors: [Double] = []
  var worst: [(Int, Int)] = []
  for k in 0..<order {
    let (s, variables) = functional(k, inputs)
    let exact = gradient(of: s, withRespectTo: variables)
    var scale = 0.0
    var largest = (error: 0.0, input: 0, element: 0)
    for (i, x) in inputs.enumerated() {
      for e in stride(from: 0, to: x.count, by: max(1, x.count / elements)) {
        func value(_ shift: Double) -> Double {
          var moved = inputs
          moved[i].withMutableElements { $0[e] += shift }
          return functional(k, moved).0.item
        }
        let difference = (8 * (value(step) - value(-step)) - (value(2 * step) - value(-2 * step))) / (12 * step)
        let error = abs(difference - exact[i].elements[e])
        scale = max(scale, abs(difference))
        if !(error <= largest.error) { largest = (error, i, e) }
      }
    }
    // A derivative that vanishes everywhere is compared absolutely.
    errors.append(largest.error / max(scale, 1e-3))
    worst.append((largest.input, largest.element))
  }
  return DerivativeReport(relativeErrors: errors, worst: worst)
}
