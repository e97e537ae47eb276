import DifferentiableTensors
import EquivarianceTesting
import GroupTheory
import Testing

/// Programming errors trap with what was expected and received.
@Suite struct MisuseTests {
  private func message(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test func wrongAxis() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Action<Rotation3, Tensor<Double>>.vectors(.identity, .ones([3, 4]))
    }
    #expect(message(result).contains("an axis -1 of size 3 is expected, received shape [3, 4]"))
  }

  @Test func differentShapes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomSource(seed: 1)
      _ = measureEquivariance(
        of: { (x: Tensor<Double>) in x[0, 0] == 1 ? x : x.sum() }, under: SO3(), input: .vectors, output: .invariant, at: [.ones([1, 3])],
        using: &generator)
    }
    #expect(message(result).contains("f(g x) and g f(x) of one shape are expected for the output, received [] and [1, 3]"))
  }

  @Test func withoutInputs() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomSource(seed: 1)
      let none: [Tensor<Double>] = []
      _ = measureEquivariance(of: { $0 }, under: SO3(), input: .vectors, output: .vectors, at: none, using: &generator)
    }
    #expect(message(result).contains("at least one input is expected"))
  }

  @Test func mixedElementTypes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomSource(seed: 1)
      _ = measureGradientEquivariance(
        of: { (x: Tensor<Float>) in x.converted(to: Double.self) }, under: SO3(), input: .vectors, output: .vectors, at: [.ones([1, 3])],
        using: &generator)
    }
    #expect(message(result).contains("tensors of one element type are expected, Float, received a Tensor<Double>"))
  }
}
