import EquivarianceTesting
import Equivariant
import Foundation
import Testing

@Suite struct BatchNormTests {
  struct Reference: Decodable {
    let weight, bias, runningMean, runningVariance, evaluationX, evaluationY: [Double]
    let x, y, gradX, gradWeight, gradBias: [[Double]]
  }
  let reference: Reference

  init() throws { reference = try PyTorchLayers.read().batchNorm }

  private var layer: BatchNorm<Double> {
    var layer = BatchNorm<Double>(3)
    (layer.weight, layer.bias) = (Tensor(reference.weight), Tensor(reference.bias))
    return layer
  }

  @Test func pytorch() {
    var layer = layer
    for step in 0..<2 {
      let x = Tensor(reference.x[step], shape: [6, 3]).asVariable()
      var pass = ForwardPass<Double>.training(using: RandomSource(seed: 1))
      layer.namePaths()
      let y = layer(x, &pass)
      #expect(PyTorchLayers.distance(y, reference.y[step]) < 1e-14)
      #expect(PyTorchLayers.distance(gradient(of: y.power(3).sum(), withRespectTo: x), reference.gradX[step]) < 1e-12)
      let (_, gradients) = valueWithGradient(at: layer) { $0.training(x.detached).output.power(3).sum() }
      #expect(PyTorchLayers.distance(gradients.tensors[0], reference.gradWeight[step]) < 1e-12)
      #expect(PyTorchLayers.distance(gradients.tensors[1], reference.gradBias[step]) < 1e-12)
      layer.update(with: pass)
    }
    #expect(PyTorchLayers.distance(layer.runningMean, reference.runningMean) < 1e-14)
    #expect(PyTorchLayers.distance(layer.runningVariance, reference.runningVariance) < 1e-13)
    #expect(PyTorchLayers.distance(layer(Tensor(reference.evaluationX, shape: [4, 3])), reference.evaluationY) < 1e-14)
  }

  /// Axes outside are one, statistics move by the momentum, and a pass of evaluation changes nothing.
  @Test func pass() {
    var layer = layer
    layer.namePaths()
    let x = Tensor(reference.x[0], shape: [2, 3, 3])
    var pass = ForwardPass<Double>.training(using: RandomSource(seed: 1))
    let y = layer(x, &pass)
    let (expected, statistics) = layer.training(x.reshaped(6, 3))
    #expect(y.shape == [2, 3, 3] && y.reshaped(6, 3) == expected)
    layer.update(with: pass)
    #expect((layer.runningMean - statistics.mean * 0.1).absolute().max().item < 1e-15)
    #expect((layer.runningVariance - (statistics.variance * 0.1 + 0.9)).absolute().max().item < 1e-15)
    let before = layer.runningMean
    var evaluation = ForwardPass<Double>.evaluation
    _ = layer(x, &evaluation)
    layer.update(with: evaluation)
    #expect(layer.runningMean == before)
  }

  @Test func derivatives() {
    var generator = RandomSource(seed: 3)
    let layer = layer
    let x = Tensor<Double>.normal([5, 3], using: &generator)
    func error(_ f: @escaping (BatchNorm<Double>, Tensor<Double>) -> Tensor<Double>) -> Double {
      checkDerivatives(
        of: { inputs in
          var moved = layer
          (moved.weight, moved.bias) = (inputs[1], inputs[2])
          return f(moved, inputs[0])
        }, at: [x, layer.weight, layer.bias], using: &generator
      ).relativeError
    }
    #expect(error { $0.training($1).output } < 1e-7)
    #expect(error { $0($1) } < 1e-7)
    // Mean and variance as constants: a wrong derivative, though the value is the same.
    #expect(
      error { layer, x in
        let (y, x0) = (layer.training(x).output.detached, x.detached)
        return y + (x - x0) * layer.weight
      } > 0.1)
  }

  @Test func names() {
    let layer = BatchNorm<Float>(4)
    #expect(layer.namedTensors.map(\.path) == ["weight", "bias", "running_mean", "running_var"])
    #expect(layer.parameterCount == 8 && ParameterAudit(of: layer).isClean)
  }
}

/// What PyTorch computed; see References/README.md.
enum PyTorchLayers {
  struct Cases: Decodable {
    let batchNorm: BatchNormTests.Reference
    let attention: [String: [Double]]
  }
  static func read() throws -> Cases {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/pytorch-layers.json")
    return try JSONDecoder().decode(Cases.self, from: Data(contentsOf: url))
  }
  static func distance(_ a: Tensor<Double>, _ b: [Double]) -> Double {
    a.count == b.count ? zip(a.elements, b).map { ($0 - $1).magnitude }.max() ?? 0 : .infinity
  }
}
