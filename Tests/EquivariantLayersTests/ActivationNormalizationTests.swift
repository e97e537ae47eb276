import Equivariant
import Foundation
import Testing

@Suite struct ActivationNormalizationTests {
  /// φ times its factor has second moment 1: the trapezoidal rule on the normal density.
  @Test(arguments: Activation.allCases) func secondMoment(_ activation: Activation) {
    let step = 1e-3
    let z = Tensor<Double>((-12_000...12_000).map { Double($0) * step })
    let density = (z.squared() * -0.5).exp() * (step / (2 * Double.pi).squareRoot())
    let moment = (activation(z).squared() * density).sum().item
    let factor = activation.factor(.secondMoment)
    #expect(abs(factor * factor * moment - 1) < 1e-12)
    #expect(activation.factor(.none) == 1)
  }

  @Test(arguments: Activation.allCases) func e3nn(_ activation: Activation) throws {
    let constant = try LayerReferences().tensor("normalize2mom", activation.rawValue)[0]
    #expect(activation.factor(.e3nn) == constant)
    #expect(abs(constant / activation.factor(.secondMoment) - 1) < 2e-3)
  }

  /// Those of e3nn-jax 0.21, near to the exact ones.
  @Test func e3nnJAX() {
    #expect(Activation.silu.factor(.e3nnJAX) == 1.6765620560798837 && Activation.identity.factor(.e3nnJAX) == 1)
    for activation in Activation.allCases {
      #expect(abs(activation.factor(.e3nnJAX) / activation.factor(.secondMoment) - 1) < 2e-5, "\(activation)")
    }
  }

  @Test(arguments: Activation.allCases) func parity(_ activation: Activation) {
    let x = Tensor<Double>([0.1, 0.7, 2.3])
    let (right, left) = (activation(x), activation(-x))
    #expect((activation.parity == .even) == (distance(right, left) < 1e-15))
    #expect((activation.parity == .odd) == (distance(right, -left) < 1e-15))
  }
}
