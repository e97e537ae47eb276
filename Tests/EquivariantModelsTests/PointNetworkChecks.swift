import EquivarianceTesting
import Equivariant
import Foundation
import Testing

/// What PyTorch computed for the networks on clouds (see References/README.md), and what each of them must do.
struct PointNetworkChecks {
  struct Case: Decodable {
    let parameters, running: [String: [Double]]
    let x, evaluation, training: [Double]
  }
  let expected: Case
  /// Four clouds of six points.
  let x: Tensor<Double>

  init(_ name: String) throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/point_networks.json")
    expected = try #require(try JSONDecoder().decode([String: Case].self, from: Data(contentsOf: url))[name])
    x = Tensor(expected.x, shape: [4, 6, 3])
  }

  /// The network with the weights of the reference, which must have exactly its parameters.
  func loaded<M: Module>(_ network: M) -> M where M.Scalar == Double {
    var network = network
    #expect(Set(network.namedTensors.map(\.path)) == Set(expected.parameters.keys))
    network.forEachTensor { path, _, tensor in
      if let values = expected.parameters["\(path)"] { tensor = Tensor(values, shape: tensor.shape) }
    }
    return network
  }

  static func distance(_ a: Tensor<Double>, _ b: [Double]) -> Double {
    a.count == b.count ? zip(a.elements, b).map { ($0 - $1).magnitude }.max() ?? 0 : .infinity
  }

  /// Values, derivatives, permutations and parameters of a network without batch normalisation.
  func check<L: Layer>(_ network: L, perPoint: Bool, at location: SourceLocation = #_sourceLocation)
  where L.Scalar == Double, L.Input == Tensor<Double>, L.Output == Tensor<Double> {
    let network = loaded(network)
    let y = network(x)
    #expect(Self.distance(y, expected.evaluation) < 1e-12, sourceLocation: location)
    #expect(y.shape.dimensions.dropLast() == (perPoint ? [4, 6] : [4]), sourceLocation: location)
    checkSymmetry(of: { network($0) }, perPoint: perPoint, at: location)
    checkDerivatives(of: network, at: location)
    #expect(ParameterAudit(of: network).isClean, "\(ParameterAudit(of: network))", sourceLocation: location)
    let (_, gradients) = valueWithGradient(at: network) { $0(x).squared().sum() }
    for (named, g) in zip(network.namedTensors, gradients.tensors) {
      #expect(g.absolute().max().item > 0, "\(named.path) has no gradient", sourceLocation: location)
    }
  }

  /// The same with batch normalisation, in training too.
  func checkNormalized<L: Layer>(_ network: L, perPoint: Bool, at location: SourceLocation = #_sourceLocation)
  where L.Scalar == Double, L.Input == Tensor<Double>, L.Output == Tensor<Double> {
    var network = loaded(network)
    #expect(Self.distance(network(x), expected.evaluation) < 1e-12, sourceLocation: location)
    checkSymmetry(of: { [network] in network($0) }, perPoint: perPoint, at: location)
    checkDerivatives(of: network, at: location)
    let audit = ParameterAudit(of: network)
    #expect(audit.isClean, "\(audit)", sourceLocation: location)
    network.namePaths()
    var pass = ForwardPass<Double>.training(using: RandomSource(seed: 8))
    #expect(Self.distance(network(x, &pass), expected.training) < 1e-10, sourceLocation: location)
    checkSymmetry(
      of: { [network] x in
        var pass = ForwardPass<Double>.training(using: RandomSource(seed: 8))
        return network(x, &pass)
      }, perPoint: perPoint, at: location)
    network.update(with: pass)
    for named in network.namedTensors where named.role == .buffer {
      let values = expected.running[named.path] ?? []
      #expect(Self.distance(named.tensor, values) < 1e-11, "\(named.path)", sourceLocation: location)
      #expect(Self.distance(named.tensor, expected.parameters[named.path] ?? []) > 1e-4, "\(named.path)", sourceLocation: location)
    }
  }

  /// Under permutations of the points; numbering the points is not equivariant, and must be seen.
  private func checkSymmetry(of map: @escaping (Tensor<Double>) -> Tensor<Double>, perPoint: Bool, at location: SourceLocation) {
    var generator = RandomSource(seed: 6)
    let permuting = Action<Permutation, Tensor<Double>>.permuting(axes: 1)
    func error(of map: @escaping (Tensor<Double>) -> Tensor<Double>) -> EquivarianceReport {
      measureEquivariance(
        of: map, under: SymmetricGroup(6), input: permuting, output: perPoint ? permuting : .invariant, at: [x], elements: 20,
        special: SymmetricGroup(6).specialElements, using: &generator)
    }
    let report = error(of: map)
    #expect(report.isExact(.network), "\(report)", sourceLocation: location)
    let numbers = Tensor<Double>([0, 1, 2, 3, 4, 5], shape: [6, 1])
    #expect(error { map($0 + numbers) }.relativeError > 1e-3, sourceLocation: location)
  }

  private func checkDerivatives<L: Layer>(of network: L, at location: SourceLocation)
  where L.Scalar == Double, L.Input == Tensor<Double>, L.Output == Tensor<Double> {
    var generator = RandomSource(seed: 7)
    let report = EquivarianceTesting.checkDerivatives(
      of: { network($0[0]) }, at: [x], order: 1, step: 1e-5, elements: 12, using: &generator)
    #expect(report.relativeError < 1e-7, "\(report)", sourceLocation: location)
  }
}
