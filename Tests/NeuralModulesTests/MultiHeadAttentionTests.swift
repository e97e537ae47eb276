import EquivarianceTesting
import Equivariant
import Testing

@Suite struct MultiHeadAttentionTests {
  private func layer() throws -> (MultiHeadAttention<Double>, [String: [Double]]) {
    let values = try PyTorchLayers.read().attention
    var generator = RandomSource(seed: 1)
    var layer = MultiHeadAttention<Double>(6, keyWidth: 4, heads: 3, using: &generator)
    layer.forEachTensor { path, _, tensor in
      let parts = "\(path)".split(separator: ".")
      tensor = Tensor(values["\(parts[0])\(parts[1].capitalized)"]!, shape: tensor.shape)
    }
    return (layer, values)
  }

  @Test func pytorch() throws {
    let (layer, values) = try layer()
    let q = Tensor(values["queries"]!, shape: [2, 5, 6]).asVariable()
    let k = Tensor(values["keys"]!, shape: [2, 4, 4]).asVariable()
    let y = layer(q, k)
    #expect(y.shape == [2, 5, 6])
    #expect(PyTorchLayers.distance(y, values["y"]!) < 1e-13)
    let gradients = gradient(of: y.power(3).sum(), withRespectTo: [q, k])
    #expect(PyTorchLayers.distance(gradients[0], values["gradQueries"]!) < 1e-11)
    #expect(PyTorchLayers.distance(gradients[1], values["gradKeys"]!) < 1e-11)
    let (_, parameters) = valueWithGradient(at: layer) { $0(q.detached, k.detached).power(3).sum() }
    #expect(PyTorchLayers.distance(parameters.tensors[0], values["gradQueryWeight"]!) < 1e-11)
  }

  /// The order of the keys does not matter, that of the queries is kept.
  @Test func permutations() throws {
    let (layer, values) = try layer()
    let (q, k) = (Tensor(values["queries"]!, shape: [2, 5, 6]), Tensor(values["keys"]!, shape: [2, 4, 4]))
    var generator = RandomSource(seed: 2)
    let permuting = Action<Permutation, Tensor<Double>>.permuting(axes: 1)
    let keys = measureEquivariance(
      of: { layer(q, $0) }, under: SymmetricGroup(4), input: permuting, output: .invariant, at: [k], using: &generator)
    #expect(keys.isExact(.product), "\(keys)")
    let queries = measureEquivariance(
      of: { layer($0, k) }, under: SymmetricGroup(5), input: permuting, output: permuting, at: [q], using: &generator)
    #expect(queries.isExact(.product), "\(queries)")
    // Queries that are their own keys are not invariant.
    var square = MultiHeadAttention<Double>(6, heads: 2, using: &generator)
    square.output.bias = nil
    let own = measureEquivariance(
      of: { [square] in square($0, $0) }, under: SymmetricGroup(5), input: permuting, output: .invariant, at: [q], using: &generator)
    #expect(own.relativeError > 0.01)
  }

  @Test func derivativesAndParameters() throws {
    let (layer, values) = try layer()
    var generator = RandomSource(seed: 4)
    let report = checkDerivatives(
      of: { layer($0[0], $0[1]) }, at: [Tensor(values["queries"]!, shape: [2, 5, 6]), Tensor(values["keys"]!, shape: [2, 4, 4])], order: 2,
      elements: 6, using: &generator)
    #expect(report.relativeError < 1e-7, "\(report)")
    #expect(ParameterAudit(of: layer).isClean)
  }
}
