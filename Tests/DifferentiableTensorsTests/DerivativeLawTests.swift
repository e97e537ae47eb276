import DifferentiableTensors
import EquivarianceTesting
import Testing

/// One operation of the table: inputs and a function of them.
struct LawCase: Sendable, CustomTestStringConvertible {
  let name: String
  let shapes: [Shape]
  /// Inputs are uniform in this range.
  var domain: Range<Double> = -1..<1
  let function: @Sendable ([Tensor<Double>]) -> Tensor<Double>
  var testDescription: String { name }

  init(
    _ name: String, _ shapes: Shape..., domain: Range<Double> = -1..<1, function: @escaping @Sendable ([Tensor<Double>]) -> Tensor<Double>
  ) {
    self.name = name
    self.shapes = shapes
    self.domain = domain
    self.function = function
  }
}

private let rows = RowIndex([0, 2, 1, 2, 0, 2], rowCount: 4)
private let otherRows = RowIndex([1, 0, 3, 2, 2, 1], rowCount: 4)
private let columns = RowIndex([1, 0, 1, 2, 2, 1], rowCount: 3)
/// Places in a result of six rows.
private let fewRows = RowIndex([5, 0, 3, 2], rowCount: 6)

private let sparse = SparseMatrix<Double>(rows: 4, columns: 3, [(3, 1, 0.5), (0, 2, -1), (0, 0, 2), (3, 1, 0.25)])

/// Every differentiable operation of the library.
let operationTable: [LawCase] = [
  LawCase("+", [2, 3], [2, 3]) { $0[0] + $0[1] },
  LawCase("+ broadcasting", [2, 1, 3], [4, 1]) { $0[0] + $0[1] },
  LawCase("-", [2, 3], [3]) { $0[0] - $0[1] },
  LawCase("*", [2, 3], [2, 3]) { $0[0] * $0[1] },
  LawCase("* rows", [4, 3], [4, 1]) { $0[0] * $0[1] },
  LawCase("* columns", [4, 3], [3]) { $0[0] * $0[1] },
  LawCase("* scalar", [4, 3], []) { $0[1] * $0[0] },
  LawCase("* interleaved", [2, 1, 3, 1], [1, 4, 1, 2]) { $0[0] * $0[1] },
  LawCase("* itself", [3]) { $0[0] * $0[0] * $0[0] },
  LawCase("/", [2, 3], [2, 3], domain: 1..<2) { $0[0] / $0[1] },
  LawCase("/ broadcasting", [2, 3], [2, 1], domain: 1..<2) { $0[0] / $0[1] },
  LawCase("affine", [3]) { 2 - $0[0] * 3 },
  LawCase("c / x", [3], domain: 1..<2) { 2 / $0[0] },
  LawCase("x / c", [3]) { $0[0] / 3 },
  LawCase("maximum", [4], [4]) { Tensor.maximum($0[0], $0[1] * $0[1]) * $0[0] },
  LawCase("minimum", [4], [4]) { Tensor.minimum($0[0], $0[1] * $0[1]) * $0[0] },
  LawCase("select", [4], [4]) { Tensor.select($0[0] .> 0, $0[0] * $0[1], $0[1].exp()) },
  LawCase("row dot", [2, 5], [2, 5]) { Tensor.rowDot($0[0], $0[1]) },
  LawCase("sparse product", [2, 3]) { Tensor.sparseProduct(sparse, $0[0]).squared() },
  LawCase("sparse product, middle axis", [2, 3, 2]) { Tensor.sparseProduct(sparse, $0[0], axis: 1).squared() },
  LawCase("exp", [4]) { $0[0].exp() },
  LawCase("log", [4], domain: 1..<2) { $0[0].log() },
  LawCase("square root", [4], domain: 1..<2) { $0[0].squareRoot() },
  LawCase("squared", [4]) { $0[0].squared() },
  LawCase("power 3", [4]) { $0[0].power(3) },
  LawCase("power -1.5", [4], domain: 1..<2) { $0[0].power(-1.5) },
  LawCase("power 0.3", [4], domain: 1..<2) { $0[0].power(0.3) },
  LawCase("sin", [4]) { $0[0].sin() },
  LawCase("cos", [4]) { $0[0].cos() },
  LawCase("sigmoid", [6], domain: -3..<3) { $0[0].sigmoid() },
  LawCase("silu", [6], domain: -3..<3) { $0[0].silu() },
  LawCase("gelu", [6], domain: -3..<3) { $0[0].gelu() },
  LawCase("normalCDF", [6], domain: -3..<3) { $0[0].normalCDF() },
  LawCase("tanh", [6], domain: -2..<2) { $0[0].tanh() },
  LawCase("softplus", [6], domain: -3..<3) { $0[0].softplus() },
  LawCase("elu", [6], domain: -3..<3) { $0[0].elu() },
  LawCase("relu", [6], domain: 0.1..<1) { ($0[0] * ($0[0] - 3)).relu() + $0[0].relu().squared() },
  LawCase("absolute", [6], domain: 0.1..<1) { (-$0[0]).absolute() * $0[0] },
  LawCase("clamped", [6], domain: 0.1..<0.9) { $0[0].clamped(0, 1) * $0[0] + $0[0].clamped(2, 3) },
  LawCase("sum", [2, 3]) { $0[0].squared().sum() },
  LawCase("sum over the middle", [2, 3, 2]) { $0[0].exp().sum(axis: 1) },
  LawCase("sum over two axes", [2, 3, 2]) { $0[0].exp().sum(axes: [0, -1], keepingDimensions: true) },
  LawCase("mean", [2, 3]) { $0[0].squared().mean(axis: 0) },
  LawCase("variance", [2, 3]) { $0[0].variance(axis: -1) },
  LawCase("max", [3, 4]) { ($0[0] * $0[0] * $0[0]).max(axis: -1) },
  LawCase("min", [3, 4]) { ($0[0] * $0[0] * $0[0]).min(axis: 0, keepingDimensions: true) },
  LawCase("softmax", [2, 4]) { $0[0].softmax() },
  LawCase("softmax over the first axis", [4, 2]) { $0[0].softmax(axis: 0) },
  LawCase("log softmax", [2, 4]) { $0[0].logSoftmax() },
  LawCase("squared norm", [2, 4]) { $0[0].squaredNorm() },
  LawCase("squared norm over the first axis", [3, 2]) { $0[0].squaredNorm(axis: 0) },
  LawCase("norm", [3, 4], domain: 0.5..<1) { $0[0].norm() },
  LawCase("normalized", [3, 4], domain: 0.5..<1) { $0[0].normalized() },
  LawCase("standardized", [2, 5]) { $0[0].standardized() },
  LawCase("reshaped", [2, 6]) { $0[0].reshaped(3, -1).exp() },
  LawCase("permuted", [2, 3, 4]) { $0[0].permuted([2, 0, 1]).exp() },
  LawCase("transposed", [2, 3]) { $0[0].transposed().squared() },
  LawCase("sliced", [3, 5]) { $0[0].sliced(axis: 1, 1..<4).exp() },
  // Parts that overlap, added to a whole that comes before or after them.
  LawCase("slices of columns", [3, 5]) {
    let y = $0[0].exp()
    return y.sliced(axis: 1, 0..<3) * y.sliced(axis: 1, 2..<5) + y.sum() + y.sliced(axis: 1, 1..<4).squared()
  },
  LawCase("slices of rows", [5, 2, 2]) {
    let y = $0[0].squared()
    return y.sliced(axis: 0, 1..<3).exp() * y.sum(axis: 0, keepingDimensions: true) + y.sliced(axis: 0, 3..<5) * y.sliced(axis: 0, 2..<4)
  },
  LawCase("padded", [3, 2]) { $0[0].exp().padded(axis: 0, before: 1, to: 5) },
  LawCase("selected", [3, 4]) { $0[0].selected(axis: -1, 2).exp() },
  LawCase("concatenated", [2, 2], [2, 3], [2, 1]) { Tensor.concatenated([$0[0], $0[1].exp(), $0[2], $0[0].squared()]) },
  LawCase("concatenated rows", [2, 2], [1, 2]) { Tensor.concatenated([$0[0], $0[1].exp()], axis: 0) },
  LawCase("stacked", [2], [2]) { Tensor.stacked([$0[0], $0[1].exp()]) },
  LawCase("broadcast", [2, 1]) { $0[0].exp().broadcast(to: [3, 2, 4]) },
  LawCase("gathered", [4, 2]) { $0[0].exp().gathered(rows) },
  LawCase("scatter-added", [6, 2]) { $0[0].exp().scatterAdded(rows) },
  LawCase("segment mean", [6, 2]) { $0[0].exp().segmentMean(rows) },
  LawCase("segment max", [6, 2]) { $0[0].exp().segmentMax(rows) },
  LawCase("gathered sum", [4, 2], [3, 2], [6, 2]) { Tensor.gatheredSum($0[0], rows, $0[1], columns, plus: $0[2]).exp() },
  LawCase("gathered sum with rows added", [4, 2], [3, 2], [4, 2], [4, 2]) {
    Tensor.gatheredSum($0[0], rows, $0[1], columns, adding: [($0[2].squared(), fewRows), ($0[3], fewRows)]).exp()
  },
  LawCase("edge linear", [4, 2], [6, 3], [5, 7], [5]) {
    Tensor.edgeLinear(
      nodes: $0[0], receivers: rows, senders: otherRows, edges: $0[1], weight: $0[2], bias: $0[3]
    ).exp()
  },
  LawCase("matmul", [3, 4], [4, 2]) { Tensor.matmul($0[0], $0[1]).exp() },
  LawCase("matmul, first transposed", [4, 3], [4, 2]) { Tensor.matmul($0[0], $0[1], transposingFirst: true).exp() },
  LawCase("matmul, second transposed", [3, 4], [2, 4]) { Tensor.matmul($0[0], $0[1], transposingSecond: true).exp() },
  LawCase("matmul, both transposed", [4, 3], [2, 4]) { Tensor.matmul($0[0], $0[1], transposingFirst: true, transposingSecond: true).exp() },
  LawCase("batched matmul", [2, 3, 4], [2, 4, 2]) { Tensor.matmul($0[0], $0[1]).exp() },
  LawCase("batched matmul, transposed", [2, 4, 3], [2, 2, 4]) {
    Tensor.matmul($0[0], $0[1], transposingFirst: true, transposingSecond: true).exp()
  },
  LawCase("broadcasting matmul", [2, 1, 3, 2], [3, 2, 2]) { Tensor.matmul($0[0], $0[1]).exp() },
  LawCase("many rows against a matrix", [2, 3, 4], [4, 2]) { Tensor.matmul($0[0], $0[1]).exp() },
  LawCase("linear", [3, 4], [2, 4], [2]) { Tensor.linear($0[0], weight: $0[1], bias: $0[2]).exp() },
  LawCase("linear of many axes", [2, 2, 4], [3, 4], [3]) { Tensor.linear($0[0], weight: $0[1], bias: $0[2]).exp() },
  LawCase("linear without bias", [3, 4], [2, 4]) { Tensor.linear($0[0], weight: $0[1], bias: nil).exp() },
  LawCase("feed-forward", [3, 2], [4, 2], [4], [2, 4], [2], [3, 2]) {
    .feedForward($0[0], weights: ($0[1], $0[3]), biases: ($0[2], $0[4]), epsilon: 0.5, plus: $0[5])
  },
  LawCase("einsum trace", [3, 3]) { Tensor.einsum("ii->", $0[0].exp()) },
  LawCase("einsum diagonal", [3, 2, 3]) { Tensor.einsum("iji->ij", $0[0].exp()) },
  LawCase("einsum of three", [2, 3], [3, 4], [4]) { Tensor.einsum("ij,jk,k->ki", $0[0], $0[1], $0[2]).exp() },
  LawCase("einsum with batches", [2, 3, 2], [2, 2, 3]) { Tensor.einsum("bij,bjk->bki", $0[0], $0[1]).exp() },
  LawCase("solve", [3, 3], [3, 2]) { Tensor.solve($0[0] + Tensor.identity(3) * 4, $0[1]) },
  LawCase("inverse", [2, 3, 3]) { ($0[0] + Tensor.identity(3) * 4).inverse() },
  LawCase("eigenvalues", [3, 3]) { ($0[0] + spread(3)).symmetricEigen().values },
  LawCase("eigenvectors", [3, 3]) { ($0[0] + spread(3)).symmetricEigen().vectors },
  LawCase("eigenvectors of a large matrix", [7, 7]) { ($0[0] + spread(7)).symmetricEigen().vectors },
  LawCase("eigenvectors, broadened", [2, 3, 3]) { ($0[0] + spread(3)).symmetricEigen(broadening: 1e-9).vectors },
  LawCase("singular values", [4, 3]) { ($0[0] + tall(4, 3)).singularValueDecomposition().s },
  LawCase("left singular vectors", [4, 3]) { ($0[0] + tall(4, 3)).singularValueDecomposition().u },
  LawCase("right singular vectors", [2, 3]) { ($0[0] + tall(2, 3)).singularValueDecomposition().v },
  LawCase("QR", [4, 3]) {
    let (q, r) = ($0[0] + tall(4, 3)).qr()
    return Tensor.concatenated([q, r], axis: 0)
  },
]

/// diag(0, 4, 8, ...): keeps eigenvalues apart.
private func spread(_ n: Int) -> Tensor<Double> { Tensor.identity(n) * Tensor((0..<n).map { 4 * Double($0) }) }
/// A matrix with singular values 4, 8, ...
private func tall(_ m: Int, _ n: Int) -> Tensor<Double> {
  let k = min(m, n)
  return spread(k).affine(1, 0).padded(axis: 0, before: 0, to: m).padded(axis: 1, before: 0, to: n)
    + Tensor.identity(k).padded(axis: 0, before: 0, to: m).padded(axis: 1, before: 0, to: n) * 4
}

@Suite struct DerivativeLawTests {
  @Test("derivatives of orders 1 to 3 agree with finite differences", arguments: operationTable)
  func derivatives(_ law: LawCase) {
    var generator = RandomSource(seed: 1)
    let inputs = law.shapes.map { Tensor<Double>.uniform($0, in: law.domain, using: &generator) }
    let report = checkDerivatives(of: law.function, at: inputs, order: 3, elements: 6, using: &generator)
    #expect(report.relativeError < 1e-6, "\(law.name): \(report)")
  }

  @Test func rejectsWrongDerivatives() {
    var generator = RandomSource(seed: 2)
    let x = [Tensor<Double>.uniform([3], in: 0.5..<1, using: &generator)]
    // A wrong first derivative, and one that is right but cannot be differentiated again.
    let wrong = checkDerivatives(
      of: { t in Tensor.operation(t, value: t[0].detached.squared()) { _, g in [g * t[0] * 2.001] } }, at: x, using: &generator)
    #expect(wrong.relativeErrors[0] > 1e-5)
    let constant = checkDerivatives(
      of: { t in Tensor.operation(t, value: t[0].detached.squared()) { _, g in [g * t[0].detached * 2] } }, at: x, using: &generator)
    #expect(constant.relativeErrors[0] < 1e-6)
    #expect(constant.relativeErrors[1] > 0.1)
  }

  /// A derivative that is itself found by a sweep over the same variable.
  @Test func gradientsInsideDerivatives() {
    var generator = RandomSource(seed: 6)
    let x = Tensor<Double>.normal([4], using: &generator).asVariable()
    let cube = Tensor.operation([x], value: x.power(3)) { _, g in
      [g * gradient(of: x.power(3).sum(), withRespectTo: x, keepingGraph: true)]
    }
    let first = gradient(of: cube.sum(), withRespectTo: x, keepingGraph: true)
    #expect((first - x.squared() * 3).absolute().max().item < 1e-12)
    let second = gradient(of: first.sum(), withRespectTo: x)
    #expect((second - x * 6).absolute().max().item < 1e-12)
  }

  @Test func safeAtZero() {
    let x = Tensor<Double>.zeros([2, 3]).asVariable()
    for f in [{ (x: Tensor<Double>) in x.norm() }, { x in x.normalized() }] {
      let first = gradient(of: f(x).sum(), withRespectTo: x, keepingGraph: true)
      #expect(first.elements.allSatisfy { $0 == 0 })
      let second = gradient(of: (first * first).sum() + first.sum(), withRespectTo: x)
      #expect(second.elements.allSatisfy { $0 == 0 })
    }
  }
}
