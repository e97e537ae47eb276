import Equivariant
import Foundation
import Testing

@testable import EquivariantLayers

/// The coefficients of a product of functions, term by term from coupling coefficients.
func plainSphereProduct(
  _ x: Tensor<Double>, _ y: Tensor<Double>, degrees: SphereDegrees,
  coefficient: (Int, Int, Int, CouplingCoefficients.Entry) -> Double
) -> Tensor<Double> {
  let (channels, others) = (x.shape[-1], y.shape[-1])
  let n = SphereOperation.product.components(degrees)
  let rows = x.count / n[0] / channels
  var z = [Double](repeating: 0, count: rows * n[2] * channels)
  let (a, b) = (x.elements, y.elements)
  for l1 in 0...degrees.first {
    for l2 in 0...degrees.second {
      for l3 in 0...degrees.output {
        for entry in CouplingCoefficients.wigner3j(l1, l2, l3).entries {
          let value = coefficient(l1, l2, l3, entry)
          if value == 0 { continue }
          let (i, j, k) = (l1 * l1 + l1 + entry.m1, l2 * l2 + l2 + entry.m2, l3 * l3 + l3 + entry.m3)
          for r in 0..<rows {
            for c in 0..<channels {
              z[(r * n[2] + k) * channels + c] += value * a[(r * n[0] + i) * channels + c] * b[(r * n[1] + j) * others + c % others]
            }
          }
        }
      }
    }
  }
  return Tensor(z, shape: Shape(x.shape.dimensions.dropLast(2) + [n[2], channels]))
}

/// Products by other people's harmonics; see References/README.md.
struct SphereReferences {
  struct Case: Decodable {
    let degrees: [Int]
    let x: [Double], y: [Double], z: [Double]
  }
  let cases: [String: Case]

  init() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../References/gaunt.json")
    cases = try JSONDecoder().decode([String: Case].self, from: Data(contentsOf: url))
  }

  /// The relative difference of an operation's result, times `scale`, from the reference.
  func error(_ name: String, _ operation: SphereOperation, _ method: GauntMethod, scale: Double = 1) throws -> Double {
    let reference = try #require(cases[name])
    let degrees = SphereDegrees(first: reference.degrees[0], second: reference.degrees[1], output: reference.degrees[2])
    func tensor(_ values: [Double], _ components: Int) -> Tensor<Double> {
      Tensor(values, shape: [values.count / components / 3, components, 3])
    }
    let n = SphereOperation.product.components(degrees)
    let (x, y, z) = (tensor(reference.x, n[0]), tensor(reference.y, n[1]), tensor(reference.z, n[2]))
    let result = Tensor.sphereOperation(operation, x, y, degrees: degrees, method: method, table: .measured)
    return distance(result * scale, z) / z.absolute().max().item
  }
}

@Suite struct GauntTensorProductTests {
  static let methods: [GauntMethod] = [.sparse, .quadrature, .fourier]
  let natural: Irreps<O3> = "2x0e+2x1o+2x2e+2x3o+2x4e+2x5o+2x6e"
  let pseudo: Irreps<O3> = "2x0o+2x1e+2x2o+2x3e"
  let result: Irreps<O3> = "2x0o+2x1e+2x2o+2x3e+2x4o+2x5e+2x6o"

  private func layer<S: TensorScalar>(_ type: S.Type, _ method: GauntMethod) -> PairLayer<GauntTensorProduct<S>> {
    var generator = RandomSource(seed: 5)
    return PairLayer(
      GauntTensorProduct(natural, pseudo, to: result, method: method, using: &generator), natural, pseudo
    ) { $0($1, $2) }
  }

  /// All methods against the plain sum with GroupTheory's Gaunt coefficients, for degrees of all sorts and for any number of channels.
  @Test(arguments: [
    (0, 0, 0), (1, 1, 2), (2, 2, 4), (3, 1, 2), (1, 4, 3), (0, 3, 3), (5, 0, 2), (3, 3, 3), (6, 6, 12), (2, 5, 7), (7, 3, 0),
  ])
  func plain(_ l1: Int, _ l2: Int, _ l3: Int) {
    let degrees = SphereDegrees(first: l1, second: l2, output: l3)
    let n = SphereOperation.product.components(degrees)
    for (channels, others) in [(1, 1), (5, 5), (3, 1), (33, 33), (64, 1)] {
      let (x, y) = (random([3, n[0], channels], seed: 1), random([3, n[1], others], seed: 2))
      let expected = plainSphereProduct(x, y, degrees: degrees) { l1, l2, l3, entry in
        CouplingCoefficients.gaunt(l1, l2, l3)[entry.m1, entry.m2, entry.m3] * (4 * Double.pi).squareRoot()
      }
      for method in Self.methods {
        let z = Tensor.sphereOperation(.product, x, y, degrees: degrees, method: method, table: .measured)
        #expect(distance(z, expected) < 1e-12, "\(method) \(degrees) \(channels)x\(others)")
      }
    }
  }

  /// The even paths of the Clebsch-Gordan product, with their weights.
  @Test func clebschGordan() {
    let degrees = SphereDegrees(first: 3, second: 4, output: 5)
    let (x, y) = (random([2, 16, 2], seed: 1), random([2, 25, 2], seed: 2))
    func error(_ operation: SphereOperation) -> Double {
      let expected = plainSphereProduct(x, y, degrees: degrees) { operation.factor($0, $1, $2) * $3.value }
      return distance(Tensor.sphereOperation(.product, x, y, degrees: degrees, method: .quadrature, table: .measured), expected)
    }
    #expect(error(.product) < 1e-12)
    #expect(error(.bracket) > 0.1)
  }

  /// The same gradients from one pass as from products of the graph's own, with one channel of the second operand serving all and without.
  @Test(arguments: methods) func gradients(_ method: GauntMethod) {
    let degrees = SphereDegrees(first: 3, second: 2, output: 4)
    for others in [5, 1] {
      let (x, y) = (random([3, 16, 5], seed: 1).asVariable(), random([3, 9, others], seed: 2).asVariable())
      let g = random([3, 25, 5], seed: 3)
      func gradients(_ keepingGraph: Bool) -> [Tensor<Double>] {
        let z = Tensor.sphereOperation(.product, x, y, degrees: degrees, method: method, table: .measured)
        return gradient(of: z, withRespectTo: [x, y], seed: g, keepingGraph: keepingGraph)
      }
      let (fused, recorded) = (gradients(false), gradients(true))
      #expect(zip(fused, recorded).allSatisfy { distance($0, $1) < 1e-12 })
      // Through the definition: the gradient by x of the sum of z g is linear in g.
      let z = Tensor.sphereOperation(.product, x.detached, y.detached, degrees: degrees, method: .sparse, table: .measured)
      let value = (z * g).sum().item
      #expect(
        abs((fused[0] * x.detached).sum().item - value) < 1e-12 * 100 && abs((fused[1] * y.detached).sum().item - value) < 1e-12 * 100)
    }
  }

  @Test(arguments: methods) func equivariance(_ method: GauntMethod) {
    let (double, float) = (layer(Double.self, method), layer(Float.self, method))
    LayerChecks.expectEquivariant(double, float, from: double.input, to: result)
  }

  /// A result that is squared, and a parity that is not the product's, are found out.
  @Test func brokenProducts() {
    let whole = layer(Double.self, .quadrature)
    let squared = LayerChecks.equivariance(
      of: { x in
        let z = whole(x)
        return IrrepsTensor(parts: z.parts.enumerated().map { $0 == 3 ? $1 * $1 : $1 }, irreps: z.irreps)
      }, at: LayerChecks.features(whole.input), to: result)
    #expect(squared.value.relativeError > 0.1)
    let even = Irreps<O3>(result.terms.map { .init(2, O3.Irrep(degree: $0.irrep.degree, parity: .even)) })
    let parity = LayerChecks.equivariance(
      of: { IrrepsTensor(whole($0).tensor, irreps: even) }, at: LayerChecks.features(whole.input), to: even)
    #expect(parity.value.relativeError > 0.1)
  }

  @Test(arguments: methods) func derivatives(_ method: GauntMethod) {
    var generator = RandomSource(seed: 6)
    let (a, b): (Irreps<O3>, Irreps<O3>) = ("2x0e+2x1o+2x2e", "1x0e+1x1o+1x2e")
    let paired = PairLayer(
      GauntTensorProduct<Double>(a, b, to: "2x0e+2x1o+2x3o", method: method, using: &generator), a, b
    ) { $0($1, $2) }
    LayerChecks.expectDerivatives(of: paired, at: LayerChecks.features(paired.input, outer: [2]))
    #expect(paired.namedTensors.map(\.path) == ["product.weights.first", "product.weights.second", "product.weights.output"])
  }

  @Test(arguments: methods) func references(_ method: GauntMethod) throws {
    let references = try SphereReferences()
    for name in ["scipy336", "scipy524", "scipy666"] { #expect(try references.error(name, .product, method) < 1e-13) }
    for name in ["authors2", "authors4"] {
      // Their table of weights is in single precision.
      #expect(try references.error(name, .product, method, scale: 1 / (4 * Double.pi).squareRoot()) < 1e-7)
      #expect(try references.error(name, .product, method) > 0.1)
    }
  }

  /// Degrees that are missing in an operand are zeros, and degrees of the result can be left out.
  @Test func someDegrees() {
    let (a, b): (Irreps<O3>, Irreps<O3>) = ("3x0e+3x1o+3x2e", "3x0e+3x1o+3x2e+3x3o")
    let (x, y): (IrrepsTensor<Double>, IrrepsTensor<Double>) = (LayerChecks.features(a), LayerChecks.features(b, seed: 2))
    let some = IrrepsTensor(parts: [x[term: 0], x[term: 2]], irreps: "3x0e+3x2e")
    let padded = IrrepsTensor(parts: [x[term: 0], x[term: 1] * 0, x[term: 2]], irreps: a)
    let z = GauntTensorProduct<Double>(a, b, to: "3x0e+3x1o+3x2e+3x3o")(padded, y)
    let part = GauntTensorProduct<Double>("3x0e+3x2e", b, to: "3x1o+3x3o")(some, y)
    #expect(distance(part[term: 0], z[term: 1]) < 1e-14 && distance(part[term: 1], z[term: 3]) < 1e-14)
  }

  /// The same bits for any number of threads, and for numbers of channels that no register holds.
  @Test func threads() {
    func check<S: TensorScalar>(_ type: S.Type, _ rows: Int, channels: Int, _ method: GauntMethod) {
      var generator = RandomSource(seed: 1)
      let x = Tensor<S>.normal([rows, 16, channels], using: &generator), y = Tensor<S>.normal([rows, 16, 1], using: &generator)
      let counts = threadCountsThatMatter([3]) {
        let (a, b) = (x.asVariable(), y.asVariable())
        let degrees = SphereDegrees(first: 3, second: 3, output: 6)
        let z = Tensor.sphereOperation(.product, a, b, degrees: degrees, method: method, table: .measured)
        return [z.detached] + gradient(of: z.squared(), withRespectTo: [a, b])
      }
      #expect(counts == [], "\(method)")
    }
    for method in Self.methods {
      check(Double.self, 301, channels: 6, method)
      check(Float.self, 1301, channels: 3, method)
    }
  }

  /// Columns that share a transform do not share their errors: numbers of very different size, in the operands and from row to row.
  @Test(arguments: methods) func sizes(_ method: GauntMethod) {
    let product = GauntTensorProduct<Double>("3x0e+3x1o+3x2e", "3x0e+3x1o+3x2e", to: "3x0e+3x1o+3x2e", method: method)
    func results(_ first: Tensor<Double>, _ second: Tensor<Double>) -> [Tensor<Double>] {
      let x = (random([40, 27], seed: 1) * first).asVariable(), y = (random([40, 27], seed: 2) * second).asVariable()
      let z = product(IrrepsTensor(x, irreps: product.first), IrrepsTensor(y, irreps: product.second)).tensor
      return [z / (first * second)]
        + zip(gradient(of: z, withRespectTo: [x, y], seed: random([40, 27], seed: 3)), [second, first]).map(/)
    }
    let one = Tensor<Double>.ones([40, 1])
    let powers = Tensor<Double>((0..<40).map { [1e-30, 1e20, 1, 1e-8][$0 % 4] }, shape: [40, 1])
    let expected = results(one, one)
    for actual in [results(powers, one), results(one * 1e-40, powers), results(one * 1e-12, one * 1e12)] {
      for (a, b) in zip(actual, expected) { #expect(distance(a, b) < 1e-12) }
    }
  }

  /// `.automatic` goes by the table, after components that no product reaches are left out.
  @Test func automatic() {
    let none = GauntMethodTable.Crossovers(sparse: [])
    let table = GauntMethodTable(
      gauntFloat: .init(sparse: [[-1, -1], [-1, 1]], fourier: 4), gauntDouble: none, vectorSignalFloat: none,
      vectorSignalDouble: .init(sparse: [[0, 0, 0], [0, 0, 3]]))
    func method<S: TensorScalar>(_ operation: SphereOperation, _ l1: Int, _ l2: Int, _ l3: Int, _ type: S.Type) -> GauntMethod {
      table.method(.automatic, operation, SphereDegrees(first: l1, second: l2, output: l3), type)
    }
    #expect(method(.product, 1, 1, 1, Float.self) == .sparse && method(.product, 1, 1, 2, Float.self) == .quadrature)
    #expect(method(.product, 0, 0, 0, Float.self) == .quadrature && method(.product, 2, 7, 4, Float.self) == .quadrature)
    #expect(method(.product, 4, 5, 6, Float.self) == .fourier && method(.product, 4, 5, 6, Double.self) == .quadrature)
    #expect(method(.product, 9, 1, 0, Float.self) == .sparse)
    #expect(method(.bracket, 1, 2, 2, Double.self) == .sparse && method(.bracket, 1, 2, 2, Float.self) == .quadrature)
    #expect(table.method(.fourier, .product, SphereDegrees(first: 1, second: 1, output: 1), Float.self) == .fourier)
  }

  @Test func unreachableOutputsTrap() async {
    let pseudovector = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GauntTensorProduct<Double>("2x0e+2x1o", "2x0e+2x1o", to: "2x1e")
    }
    #expect(pseudovector.map { String(decoding: $0.standardErrorContent, as: UTF8.self).contains("reaches 1e") } == true)
    let high = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GauntTensorProduct<Double>("2x0e+2x1o+2x2e", "2x0e+2x1o", to: "2x0e+2x4e")
    }
    #expect(high.map { String(decoding: $0.standardErrorContent, as: UTF8.self).contains("reaches 4e") } == true)
    await #expect(processExitsWith: .failure) { _ = GauntTensorProduct<Double>("2x0e+3x1o", "2x0e+2x1o", to: "2x0e") }
    await #expect(processExitsWith: .failure) { _ = GauntTensorProduct<Double>("2x0e+2x1o", "3x0e+3x1o", to: "2x0e") }
  }
}
