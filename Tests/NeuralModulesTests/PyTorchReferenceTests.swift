import DifferentiableTensors
import Foundation
import NeuralModules
import Testing

/// Values and gradients computed by PyTorch; see References/README.md.
@Suite struct PyTorchReferenceTests {
  struct Reference: Decodable {
    struct LinearCase: Decodable { let x, weight, bias, y: [Double] }
    struct MLPCase: Decodable {
      let x, y, gradX: [Double]
      let loss: Double
      let names: [String]
      let parameters, gradients: [[Double]]
    }
    struct LayerNormCase: Decodable { let x, weight, bias, y, gradX, gradWeight, gradBias: [Double] }
    struct EmbeddingCase: Decodable {
      let weight, y, gradWeight: [Double]
      let classes: [Int]
    }
    let linear: LinearCase
    let mlp: MLPCase
    let layerNorm: LayerNormCase
    let embedding: EmbeddingCase
  }

  let reference: Reference
  var generator = RandomSource(seed: 1)

  init() throws {
    reference = try JSONDecoder().decode(Reference.self, from: Self.data())
  }
  static func data() throws -> Data {
    try Data(contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/pytorch-modules.json"))
  }

  private func difference(_ a: Tensor<Double>, _ b: [Double]) -> Double {
    #expect(a.count == b.count)
    return zip(a.elements, b).map { ($0 - $1).magnitude }.max() ?? 0
  }

  @Test mutating func linear() {
    let expected = reference.linear
    var layer = Linear<Double>(3, 4, using: &generator)
    layer.weight = Tensor(expected.weight, shape: [4, 3])
    layer.bias = Tensor(expected.bias)
    #expect(difference(layer(Tensor(expected.x, shape: [2, 3])), expected.y) < 1e-15)
    // More axes outside change nothing.
    #expect(layer(Tensor(expected.x, shape: [2, 1, 3])).shape == [2, 1, 4])
    layer.bias = nil
    let withoutBias = layer(Tensor(expected.x, shape: [2, 3])) + Tensor(expected.bias)
    #expect(difference(withoutBias, expected.y) < 1e-15)
  }

  @Test mutating func mlp() {
    let expected = reference.mlp
    var network = MLP<Double>(widths: [3, 5, 4, 2], using: &generator)
    #expect(network.namedTensors.map(\.path) == expected.names)
    var next = 0
    network.forEachTensor { _, _, tensor in
      tensor = Tensor(expected.parameters[next], shape: tensor.shape)
      next += 1
    }
    let x = Tensor<Double>(expected.x, shape: [3, 3]).asVariable()
    let y = network(x)
    #expect(difference(y, expected.y) < 1e-14)
    #expect(difference(gradient(of: y.squared().sum(), withRespectTo: x), expected.gradX) < 1e-14)
    let (loss, gradient) = valueWithGradient(at: network) { $0(x.detached).squared().sum() }
    #expect(abs(loss.item - expected.loss) < 1e-14)
    for (g, e) in zip(gradient.tensors, expected.gradients) { #expect(difference(g, e) < 1e-14) }
    let norm = expected.gradients.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(abs(gradient.norm - norm) < 1e-14)
    #expect(abs(gradient.scaled(by: -2).norm - 2 * norm) < 1e-14)
  }

  @Test func layerNorm() {
    let expected = reference.layerNorm
    var layer = LayerNorm<Double>(5)
    layer.weight = Tensor(expected.weight)
    layer.bias = Tensor(expected.bias)
    let x = Tensor<Double>(expected.x, shape: [3, 5]).asVariable()
    let y = layer(x)
    #expect(difference(y, expected.y) < 1e-14)
    #expect(difference(gradient(of: y.power(3).sum(), withRespectTo: x), expected.gradX) < 1e-12)
    let (_, gradient) = valueWithGradient(at: layer) { $0(x.detached).power(3).sum() }
    #expect(difference(gradient.tensors[0], expected.gradWeight) < 1e-13)
    #expect(difference(gradient.tensors[1], expected.gradBias) < 1e-13)
  }

  @Test mutating func embedding() {
    let expected = reference.embedding
    var layer = Embedding<Double>(4, 3, using: &generator)
    layer.weight = Tensor(expected.weight, shape: [4, 3])
    let classes = RowIndex(expected.classes, rowCount: 4)
    #expect(difference(layer(classes), expected.y) == 0)
    let (_, gradient) = valueWithGradient(at: layer) { $0(classes).squared().sum() }
    #expect(difference(gradient.tensors[0], expected.gradWeight) < 1e-15)
  }
}
