import Equivariant
import Testing

/// The convolution over orientations against `einsum`. `make test` runs it at every instruction set.
@Suite struct FiberConvolutionTests {
  @Test(arguments: [(1, 1, 1), (3, 4, 17), (70, 5, 3), (200, 8, 33)]) func isAnEinsum(_ nodes: Int, _ n: Int, _ channels: Int) {
    var generator = RandomSource(seed: 1)
    let inputs = [[n, n, channels], [nodes, n, channels]].map { Tensor<Double>.normal(Shape($0), using: &generator) }
    let seed = Tensor<Double>.normal(inputs[1].shape, using: &generator)
    func results<S: TensorScalar>(_ type: S.Type, _ f: (Tensor<S>, Tensor<S>) -> Tensor<S>) -> [Tensor<Double>] {
      let t = inputs.map { $0.converted(to: S.self).asVariable() }
      let y = f(t[0], t[1])
      return ([y] + gradient(of: y, withRespectTo: t, seed: seed.converted(to: S.self))).map { $0.converted(to: Double.self) }
    }
    func fused<S: TensorScalar>(_ k: Tensor<S>, _ x: Tensor<S>) -> Tensor<S> { .fiberConvolution(kernel: k, features: x) }
    let expected = results(Double.self) { .einsum("poc,ioc->ipc", $0, $1) }
    for (a, b) in zip(results(Double.self, fused), expected) { #expect(distance(a, b) < 1e-14 * (1 + b.absolute().max().item)) }
    for (a, b) in zip(results(Float.self, fused), expected) { #expect(distance(a, b) < 3e-6 * (1 + b.absolute().max().item)) }
  }

  @Test func derivatives() {
    var generator = RandomSource(seed: 2)
    let t = [[2, 2, 3], [3, 2, 3]].map { Tensor<Double>.normal(Shape($0), using: &generator) }
    let report = checkDerivatives(
      of: { Tensor.fiberConvolution(kernel: $0[0], features: $0[1]).squared() }, at: t, order: 3, elements: 5, using: &generator)
    #expect(report.relativeError < 1e-8, "\(report)")
  }

  /// A kernel that is not transposed for the derivative by the features.
  @Test func rejectsKernelsThatAreNotTransposed() {
    var generator = RandomSource(seed: 3)
    let k = Tensor<Double>.normal([3, 3, 2], using: &generator)
    let x = [Tensor<Double>.normal([2, 3, 2], using: &generator)]
    let report = checkDerivatives(
      of: { x in
        Tensor.operation(x, value: Tensor.fiberConvolution(kernel: k, features: x[0].detached)) { _, g in
          [Tensor.fiberConvolution(kernel: k, features: g)]
        }
      }, at: x, order: 1, using: &generator)
    #expect(report.relativeError > 0.1, "\(report)")
  }
}
