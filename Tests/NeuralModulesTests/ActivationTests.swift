import DifferentiableTensors
import Foundation
import NeuralModules
import Testing

/// Activations against closed forms by the C library, and against PyTorch.
@Suite struct ActivationTests {
  private func closedForm(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .identity: x
    case .silu: x / (1 + exp(-x))
    case .gelu: x * 0.5 * erfc(-x / 2.0.squareRoot())
    case .tanh: Foundation.tanh(x)
    case .softplus: x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
    case .relu: max(x, 0)
    case .sigmoid: 1 / (1 + exp(-x))
    case .absolute: abs(x)
    case .elu: x > 0 ? x : expm1(x)
    }
  }

  @Test(arguments: Activation.allCases)
  func closedForms(_ activation: Activation) {
    let points = stride(from: -30.0, through: 30, by: 0.37).map { $0 } + [0, -700, 700, 1e-8, -1e-8]
    for (x, y) in zip(points, activation(Tensor<Double>(points)).elements) {
      let expected = closedForm(activation, x)
      #expect(abs(y - expected) <= 1e-14 * max(1, abs(expected)), "\(activation) at \(x): \(y) instead of \(expected)")
    }
    for (x, y) in zip(points, activation(Tensor<Float>(points.map { Float($0) })).elements) {
      let expected = closedForm(activation, Double(Float(x)))
      #expect(abs(Double(y) - expected) <= 1e-6 * max(1, abs(expected)), "\(activation) at \(x): \(y) instead of \(expected)")
    }
  }

  @Test(arguments: Activation.allCases)
  func pyTorch(_ activation: Activation) throws {
    let root = try #require(JSONSerialization.jsonObject(with: PyTorchReferenceTests.data()) as? [String: Any])
    let values = try #require(root["activations"] as? [String: [Double]])
    let (x, expected) = (try #require(values["x"]), try #require(values[activation.rawValue]))
    for (y, e) in zip(activation(Tensor<Double>(x)).elements, expected) { #expect(abs(y - e) < 1e-14) }
  }

  @Test func names() {
    #expect(Activation(rawValue: "silu") == .silu && Activation(rawValue: "swish") == nil)
  }
}
