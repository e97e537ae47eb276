import Equivariant
import Foundation
import Testing

/// What every layer on irreps must do, measured.
enum LayerChecks {
  /// Both parities, and degrees up to 6.
  static let irreps: Irreps<O3> = "3x0e+2x0o+2x1o+1x1e+2x2e+1x3o+1x4e+1x5o+2x6e+1x6o"

  static func features<S: TensorScalar>(_ irreps: Irreps<O3>, outer: [Int] = [3], seed: UInt64 = 1) -> IrrepsTensor<S> {
    var generator = RandomSource(seed: seed)
    return IrrepsTensor(.normal(Shape(outer + [irreps.dimension]), using: &generator), irreps: irreps)
  }

  /// The relative errors of the map and of its gradient under O(3).
  static func equivariance<S: TensorScalar>(
    of map: (IrrepsTensor<S>) -> IrrepsTensor<S>, at x: IrrepsTensor<S>, to output: Irreps<O3>
  ) -> (value: EquivarianceReport, gradient: EquivarianceReport) {
    func action(_ irreps: Irreps<O3>) -> Action<OrthogonalElement, IrrepsTensor<S>> {
      .irreps(irreps)
    }
    var generator = RandomSource(seed: 2)
    let special = O3().specialElements
    let value = measureEquivariance(
      of: map, under: O3(), input: action(x.irreps), output: action(output), at: [x], elements: 10, special: special, using: &generator)
    let gradient = measureGradientEquivariance(
      of: map, under: O3(), input: action(x.irreps), output: action(output), at: [x], elements: 10, special: special, using: &generator)
    return (value, gradient)
  }

  /// Expects errors below 1e-13 in Double and 2e-6 in Float.
  static func expectEquivariant<D: Layer, F: Layer>(
    _ double: D, _ float: F, from input: Irreps<O3>, to output: Irreps<O3>, at location: SourceLocation = #_sourceLocation
  )
  where
    D.Input == IrrepsTensor<Double>, D.Output == IrrepsTensor<Double>, F.Input == IrrepsTensor<Float>, F.Output == IrrepsTensor<Float>
  {
    #expect(double(features(input)).irreps == output, sourceLocation: location)
    let exact = equivariance(of: double.callAsFunction, at: features(input), to: output)
    #expect(exact.value.isExact(.layer), "\(exact.value)", sourceLocation: location)
    #expect(exact.gradient.isExact(.layer), "\(exact.gradient)", sourceLocation: location)
    let single = equivariance(of: float.callAsFunction, at: features(input), to: output)
    #expect(single.value.isExact(.init(ulps: 16), in: Float.self), "\(single.value)", sourceLocation: location)
    #expect(single.gradient.isExact(.init(ulps: 16), in: Float.self), "\(single.gradient)", sourceLocation: location)
  }

  /// Expects three orders of derivatives, by the features and by all parameters, and a `visit` that forgets nothing.
  static func expectDerivatives<L: Layer>(
    of layer: L, at x: IrrepsTensor<Double>, constants: Set<String> = [], at location: SourceLocation = #_sourceLocation
  ) where L.Scalar == Double, L.Input == IrrepsTensor<Double>, L.Output == IrrepsTensor<Double> {
    let parameters = layer.namedTensors.filter { $0.role == .parameter && $0.tensor.count > 0 }.map(\.tensor)
    var generator = RandomSource(seed: 3)
    let report = checkDerivatives(
      of: { inputs in
        var (moved, next) = (layer, 1)
        moved.forEachTensor { _, role, tensor in
          guard role == .parameter && tensor.count > 0 else { return }
          tensor = inputs[next]
          next += 1
        }
        return moved(IrrepsTensor(inputs[0], irreps: x.irreps)).tensor
      }, at: [x.tensor] + parameters, order: 3, elements: 5, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)", sourceLocation: location)
    let audit = ParameterAudit(of: layer, constants: constants)
    #expect(audit.isClean, "\(audit)", sourceLocation: location)
  }

  /// The module with normal numbers for its parameters.
  static func randomized<M: Module>(_ module: M, seed: UInt64 = 4) -> M {
    var (result, generator) = (module, RandomSource(seed: seed))
    result.forEachTensor { _, role, tensor in if role == .parameter { tensor = .normal(tensor.shape, using: &generator) } }
    return result
  }
}

/// A product of two features as a layer on their direct sum, for `LayerChecks`.
struct PairLayer<Product: Module>: Layer {
  typealias Features = IrrepsTensor<Product.Scalar>
  var product: Product
  let (first, second): (Irreps<O3>, Irreps<O3>)
  let apply: @Sendable (Product, Features, Features) -> Features

  init(_ product: Product, _ first: Irreps<O3>, _ second: Irreps<O3>, apply: @escaping @Sendable (Product, Features, Features) -> Features)
  {
    (self.product, self.first, self.second, self.apply) = (product, first, second, apply)
  }
  var input: Irreps<O3> { first + second }

  func callAsFunction(_ x: Features) -> Features {
    let n = first.dimension
    return apply(
      product, IrrepsTensor(x.tensor.sliced(axis: -1, 0..<n), irreps: first),
      IrrepsTensor(x.tensor.sliced(axis: -1, n..<input.dimension), irreps: second))
  }
  mutating func visit(_ visitor: inout ParameterVisitor<Product.Scalar>) { visitor("product", &product) }
}

/// Outputs of e3nn; see References/README.md.
struct LayerReferences {
  private let cases: [String: [String: [Double]]]

  init(_ name: String = "e3nn_layers") throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/\(name).json")
    cases = try JSONDecoder().decode([String: [String: [Double]]].self, from: Data(contentsOf: url))
  }

  func tensor(_ name: String, _ array: String, _ shape: Shape? = nil) throws -> Tensor<Double> {
    let values = try #require(cases[name]?[array], "\(name)/\(array)")
    return shape.map { Tensor(values, shape: $0) } ?? Tensor(values)
  }

  /// Features in e3nn's order of memory, [rows, irreps.dimension].
  func features(_ name: String, _ array: String, _ irreps: Irreps<O3>) throws -> IrrepsTensor<Double> {
    let flat = try tensor(name, array)
    return IrrepsTensor(e3nn: flat.reshaped(flat.count / irreps.dimension, irreps.dimension), irreps: irreps)
  }
}

func distance(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Double {
  a.count == b.count ? (a.reshaped(a.count) - b.reshaped(b.count)).absolute().max().item : .infinity
}

func random(_ shape: Shape, seed: UInt64) -> Tensor<Double> {
  var generator = RandomSource(seed: seed)
  return .normal(shape, using: &generator)
}
