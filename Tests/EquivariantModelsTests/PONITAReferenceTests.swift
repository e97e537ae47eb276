import Equivariant
import Foundation
import Testing

/// The authors' outputs and gradients (see References/README.md).
struct PONITAReferenceTests {
  static let names = ["pos", "x", "vec", "edge_index"]

  static func model<Scalar: TensorScalar>(_: Scalar.Type = Scalar.self) throws -> PONITA<Scalar> {
    var configuration = PONITA<Scalar>.Configuration()
    (configuration.scalars, configuration.vectors, configuration.scalarOutputs, configuration.vectorOutputs) = (3, 1, 2, 1)
    (configuration.hidden, configuration.basis, configuration.layers, configuration.widening) = (32, 24, 3, 2)
    (configuration.layerScale, configuration.radius) = (0.5, 4)
    (configuration.space, configuration.pose) = (.bundle(.repulsion(12)), .fixed)
    var generator = RandomSource(seed: 1)
    var model = PONITA<Scalar>(configuration, using: &generator)
    // The authors' file has no grid; a checkpoint of ours has.
    let archive = try NumericArchive(contentsOf: EGNNTests.reference("ponita_small.npz"))
    let grid = OrientationGrid<Double>(axes: Tensor(try archive.doubles("ori_grid"), shape: [12, 1, 3]))
    var file = try SafetensorsFile(contentsOf: EGNNTests.reference("ponita_small.safetensors"))
    grid.store(in: &file, prefix: "grid.")
    try model.load(from: file)
    return model
  }

  /// The published input: three scalars and a vector on 18 nodes.
  static func batch() throws -> GeometricBatch<Double> {
    let archive = try NumericArchive(contentsOf: EGNNTests.reference("ponita_small.npz"))
    let edges = try archive.ints("edge_index")
    let features = Tensor<Double>(try archive.doubles("x"), shape: [18, 3])
    return GeometricBatch(
      positions: Tensor(try archive.doubles("pos"), shape: [18, 3]), scalars: features,
      vectors: Tensor(try archive.doubles("vec"), shape: [18, 1, 3]),
      graph: Graph(nodeCount: 18, receivers: Array(edges.suffix(90)), senders: Array(edges.prefix(90))))
  }

  @Test func publishedOutputs() throws {
    let archive = try NumericArchive(contentsOf: EGNNTests.reference("ponita_small.npz"))
    let output = try Self.model(Double.self)(Self.batch())
    let scalars = Tensor<Double>(try archive.doubles("out_scalar"), shape: [18, 2])
    let vectors = Tensor<Double>(try archive.doubles("out_vec"), shape: [18, 1, 3])
    #expect((output.scalars - scalars).absolute().max().item < 1e-12)
    #expect((output.vectors - vectors).absolute().max().item < 1e-12)
    #expect(scalars.absolute().max().item > 0.1 && vectors.absolute().max().item > 1e-3)
  }

  @Test func publishedGradients() throws {
    let archive = try NumericArchive(contentsOf: EGNNTests.reference("ponita_small.npz"))
    let (model, batch) = (try Self.model(Double.self), try Self.batch())
    let (_, gradient) = valueWithGradient(at: model) { model in
      let output = model(batch)
      return output.scalars.squared().sum() + output.vectors.squared().sum()
    }
    let parameters = model.namedTensors.filter { $0.role == .parameter }
    #expect(parameters.count == archive.names.count { $0.hasPrefix("grad/") })
    for (named, g) in zip(parameters, gradient.tensors) {
      let expected = try archive.doubles("grad/\(named.path)")
      let norm = try archive.doubles("norm/\(named.path)")[0]
      let elements = g.elements
      #expect(abs(g.squared().sum().item.squareRoot() - norm) < 1e-11 * norm, "\(named.path)")
      for (k, value) in expected.enumerated() {
        #expect(abs(elements[k * elements.count / 24] - value) < 1e-11 * norm, "\(named.path), entry \(k)")
      }
    }
  }
}
