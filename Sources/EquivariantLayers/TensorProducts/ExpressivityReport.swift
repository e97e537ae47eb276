import DifferentiableTensors
import GroupTheory
import NeuralModules
import Requirements

/// A measurement of what a product of two features can do: how many independent bilinear maps it realises over its weights, which paths it
/// lacks, and what it costs (the questions of Xie et al., "The Price of Freedom", ICML 2025).
///
/// An equivariant bilinear map to an irrep is a sum of Clebsch-Gordan paths l₁ ⊗ l₂ → l₃. The product is evaluated with random weights at
/// random features, and its coefficients of all paths are found by least squares. Maps to output terms of one irrep count together, as a
/// linear layer behind the product mixes them.
public struct ExpressivityReport: Sendable {
  /// One Clebsch-Gordan path.
  public struct Path: Sendable {
    /// The irrep of the first factor.
    public let first: O3.Irrep
    /// The irrep of the second factor.
    public let second: O3.Irrep
    /// The irrep of the output.
    public let output: O3.Irrep
    /// Whether the product has it with some weights.
    public let isPresent: Bool

    /// Whether l₁+l₂+l₃ is odd, as for the cross product: exchanging equal factors changes the sign.
    public var isAntisymmetric: Bool { !(first.degree + second.degree + output.degree).isMultiple(of: 2) }
  }

  /// What the product is called.
  public let name: String
  /// All paths of its inputs to irreps up to the largest degree of the report.
  public let paths: [Path]
  /// The dimension of the span of the bilinear maps of all weights; at most the number of paths.
  public let independentMaps: Int
  /// The number of trained parameters.
  public let parameters: Int
  /// The multiply-adds for one row and channel, where the product counts them.
  public let multiplyAdds: Int?
  /// How the cost grows with the degree L.
  public let complexity: String
  /// max |z − Σ paths| / max |z|, which is of the size of rounding for a product that is bilinear and equivariant.
  public let residual: Double

  /// Measures a product of features of one channel.
  ///
  /// - Parameters:
  ///   - name: the name in the table.
  ///   - module: the product; its parameters are drawn anew, standard normal, for each sample.
  ///   - first: the irreps of the first factor, each of multiplicity 1.
  ///   - second: the irreps of the second factor.
  ///   - degree: paths to irreps up to this degree are counted.
  ///   - multiplyAdds: the multiply-adds for one row and channel.
  ///   - complexity: how the cost grows, such as "O(L³)".
  ///   - generator: the source of weights and features.
  ///   - apply: the product of the module.
  public init<M: Module>(
    _ name: String, of module: M, from first: Irreps<O3>, _ second: Irreps<O3>, upTo degree: Int, multiplyAdds: Int? = nil,
    complexity: String, using generator: inout some RandomNumberGenerator,
    applying apply: (M, IrrepsTensor<Double>, IrrepsTensor<Double>) -> IrrepsTensor<Double>
  ) where M.Scalar == Double {
    require(
      (first + second).terms.allSatisfy { $0.multiplicity == 1 }, "expected terms of multiplicity 1, received \(first) and \(second)")
    let targets = Irreps(first.tensorProduct(second).terms.filter { $0.irrep.degree <= degree }.map { Irreps<O3>.Term(1, $0.irrep) })
    let all = first.paths(second, to: targets)
    let most = targets.terms.indices.map { t in all.count { $0.output == t } }.max() ?? 0
    // More rows than paths determine the coefficients, more draws than paths their span.
    let x = IrrepsTensor<Double>(.normal([2 * most + 8, first.dimension], using: &generator), irreps: first)
    let y = IrrepsTensor<Double>(.normal([2 * most + 8, second.dimension], using: &generator), irreps: second)
    var (module, results) = (module, [IrrepsTensor<Double>]())
    let hasWeights = module.parameterCount > 0
    for _ in 0..<(hasWeights ? most + 4 : 1) {
      module.forEachTensor { _, role, tensor in
        if role == .parameter { tensor = .normal(tensor.shape, using: &generator) }
      }
      results.append(apply(module, x, y))
    }
    var (paths, rank, residual) = ([Path](), 0, 0.0)
    for (t, target) in targets.terms.enumerated() {
      let mine = all.filter { $0.output == t }
      let columns = mine.map { path in
        let degrees = (first.terms[path.first].irrep.degree, second.terms[path.second].irrep.degree, target.irrep.degree)
        let coupling = CouplingCoefficients.clebschGordan(degrees.0, degrees.1, degrees.2)
        return Tensor.einsum(
          "ijk,ziu,zju->zk",
          Tensor<Double>(coupling.dense, shape: [2 * degrees.0 + 1, 2 * degrees.1 + 1, 2 * degrees.2 + 1]),
          x[term: path.first], y[term: path.second])
      }
      let design = Tensor.stacked(columns.map { $0.reshaped($0.count) }, axis: 1)
      let values = results.flatMap { z in
        z.irreps.terms.enumerated().filter { $0.element.irrep == target.irrep }.flatMap { o, term in
          (0..<term.multiplicity).map { z[term: o].selected(axis: 2, $0) }
        }
      }
      var coefficients = Tensor<Double>.zeros([mine.count, 1])
      if !values.isEmpty {
        let sought = Tensor.stacked(values.map { $0.reshaped($0.count) }, axis: 1)
        coefficients = .solve(
          Tensor.matmul(design, design, transposingFirst: true), Tensor.matmul(design, sought, transposingFirst: true))
        residual = max(residual, (Tensor.matmul(design, coefficients) - sought).absolute().max().item / sought.absolute().max().item)
      }
      let largest = coefficients.absolute().max().item
      for (k, path) in mine.enumerated() {
        paths.append(
          Path(
            first: first.terms[path.first].irrep, second: second.terms[path.second].irrep, output: target.irrep,
            isPresent: coefficients.sliced(axis: 0, k..<k + 1).absolute().max().item > 1e-9 * largest))
      }
      // Rounding is 1e-14 of the largest; the smallest singular value of random draws is far above.
      let s = coefficients.singularValueDecomposition().s.elements
      rank += s.count { $0 > 1e-9 * s[0] }
    }
    (self.name, self.paths, self.complexity) = (name, paths, complexity)
    (independentMaps, self.residual, self.multiplyAdds) = (rank, residual, multiplyAdds)
    parameters = module.parameterCount
  }

  /// How many paths with odd l₁+l₂+l₃ the product has, and how many there are.
  public var antisymmetric: (present: Int, total: Int) {
    let odd = paths.filter(\.isAntisymmetric)
    return (odd.count(where: \.isPresent), odd.count)
  }
}
