import DifferentiableTensors
import GroupTheory
import NeuralModules
import Requirements

/// The matrix tensor product (Xie et al., "The Price of Freedom", ICML 2025): features of a channel become square matrices, the matrices
/// are multiplied, and the product is decomposed again.
///
/// X = Σ_l a_l Σ_m C^{lm} x_{lm} with the Clebsch-Gordan coefficients C^{lm}_{ij} of l̃ ⊗ l̃ → l, which are matrices of side 2l̃+1, Y = Σ_l
/// b_l Σ_m C^{lm} y_{lm}, and z_{lm} = c_l Σ_ij C^{lm}_{ij} (X Y)_{ij} / √(2l̃+1), with weights a, b, c for each term and channel. Under a
/// rotation the matrices become D X Dᵀ. The path l₁ ⊗ l₂ → l₃ has the factor a b c times a multiple of the 6j symbol {l₁ l₂ l₃; l̃ l̃ l̃}:
/// paths with odd l₁+l₂+l₃ come from the commutator, even ones from the anticommutator.
///
/// As for parity, a matrix is the sum of an even and an odd one under inversion, X = X_e + X_o of the terms of that parity, and (XY)_e =
/// X_e Y_e + X_o Y_o, (XY)_o = X_e Y_o + X_o Y_e; hence a term may have any degree with any parity. Where both occur, (X_e ± X_o)(Y_e ±
/// Y_o) = (XY)_e ± (XY)_o take two multiplications of matrices instead of four.
public struct MatrixTensorProduct<Scalar: TensorScalar>: Module {
  /// The irreps of the first factor, of one multiplicity C.
  public let first: Irreps<O3>
  /// The irreps of the second factor, of the same multiplicity.
  public let second: Irreps<O3>
  /// The irreps of the output, of the same multiplicity.
  public let output: Irreps<O3>
  /// l̃, the least one for which no path of these irreps has the factor 0.
  public let spin: Int
  /// a, [terms of the first factor, C]; initially standard normal.
  public var firstWeights: Tensor<Scalar>
  /// b, [terms of the second factor, C].
  public var secondWeights: Tensor<Scalar>
  /// c, [terms of the output, C].
  public var outputWeights: Tensor<Scalar>
  private let program: BilinearProgram

  /// A product of features of one multiplicity; traps where an output term is reached by no path.
  public init(_ first: Irreps<O3>, _ second: Irreps<O3>, to output: Irreps<O3>, using generator: inout some RandomNumberGenerator) {
    let channels = commonMultiplicity(first + second + output)
    (self.first, self.second, self.output) = (first, second, output)
    let paths = first.paths(second, to: output)
    for (o, term) in output.terms.enumerated() {
      require(paths.contains { $0.output == o }, "no path of \(first) and \(second) reaches \(term)")
    }
    let degrees = paths.map {
      (first.terms[$0.first].irrep.degree, second.terms[$0.second].irrep.degree, output.terms[$0.output].irrep.degree)
    }
    var spin = ((first + second + output).terms.map(\.irrep.degree).max()! + 1) / 2
    while degrees.contains(where: { Wigner6j($0, $1, $2, spin, spin, spin).value == 0 }) { spin += 1 }
    self.spin = spin
    program = MatrixTensorProduct.program(
      first.terms.map(\.irrep), second.terms.map(\.irrep), to: output.terms.map(\.irrep), spin: spin)
    firstWeights = .normal([first.terms.count, channels], using: &generator)
    secondWeights = .normal([second.terms.count, channels], using: &generator)
    outputWeights = .normal([output.terms.count, channels], using: &generator)
  }

  /// The product, channel by channel.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>, _ y: IrrepsTensor<Scalar>) -> IrrepsTensor<Scalar> {
    x.check(irreps: first)
    y.check(irreps: second)
    require(x.outerShape == y.outerShape, "expected factors of the same rows, received \(x.outerShape) and \(y.outerShape)")
    let (rows, channels) = (Shape(x.outerShape).elementCount, outputWeights.shape[1])
    let weights = [firstWeights, secondWeights, outputWeights].map { $0.reshaped(1, $0.count) }
    let z = program(
      [x.tensor.reshaped(rows, first.dimension), y.tensor.reshaped(rows, second.dimension)] + weights, rows: rows, channels: channels)
    return IrrepsTensor(z[0].reshaped(to: Shape(x.outerShape + [output.dimension])), irreps: output)
  }

  /// Visits weight.first, weight.second and weight.output.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("weight.first", &firstWeights)
    visitor("weight.second", &secondWeights)
    visitor("weight.output", &outputWeights)
  }

  /// The number of multiply-adds for each row and channel.
  public var multiplyAdds: Int { program.termCount }
}

extension MatrixTensorProduct {
  private static func program(_ first: [O3.Irrep], _ second: [O3.Irrep], to output: [O3.Irrep], spin: Int) -> BilinearProgram {
    typealias Terms = [BilinearProgram.Term]
    let side = 2 * spin + 1
    let dimensions = [first, second].map { $0.reduce(0) { $0 + $1.dimension } }
    let ports: [BilinearProgram.Port] =
      dimensions.map { .init(count: $0) } + [first, second, output].map { .init(count: $0.count, isShared: true) }
    var builder = BilinearProgramBuilder(inputs: ports, steps: [])
    let starts = ports.reduce(into: [1]) { $0.append($0.last! + $1.count) }
    let parities = [first, second].map { Set($0.map(\.parity)) }
    // A choice of signs of the odd matrices, one for each multiplication: both where both parities occur, otherwise one that does nothing.
    let signs: [Double] = parities.contains { $0.count > 1 } ? [1, -1] : [1]
    var products: [[Int]] = []
    let weighted = [first, second].enumerated().map { factor, irreps in
      var place = starts[factor]
      return irreps.enumerated().map { t, irrep in
        (0..<irrep.dimension).map { _ in
          defer { place += 1 }
          return builder.add([.init(coefficient: 1, first: place, second: starts[2 + factor] + t)])
        }
      }
    }
    for sign in signs {
      let matrices = zip([first, second], weighted).map { irreps, nodes in
        var elements = [Terms](repeating: [], count: side * side)
        for (irrep, nodes) in zip(irreps, nodes) {
          for entry in CouplingCoefficients.clebschGordan(spin, spin, irrep.degree).entries {
            let value = irrep.parity == .odd ? sign * entry.value : entry.value
            elements[(entry.m1 + spin) * side + entry.m2 + spin].append(
              .init(coefficient: value, first: nodes[entry.m3 + irrep.degree], second: 0))
          }
        }
        return elements.map { builder.add($0) }
      }
      var product: [Int] = []
      for i in 0..<side {
        for j in 0..<side {
          let terms: Terms = (0..<side).map {
            .init(coefficient: 1, first: matrices[0][i * side + $0], second: matrices[1][$0 * side + j])
          }
          product.append(builder.add(terms))
        }
      }
      products.append(product)
    }
    var results: [Int] = []
    for (o, irrep) in output.enumerated() {
      var sums = [Terms](repeating: [], count: irrep.dimension)
      for (sign, product) in zip(signs, products) {
        let scale = (irrep.parity == .odd ? sign : 1) / (Double(signs.count) * Double(side).squareRoot())
        for entry in CouplingCoefficients.clebschGordan(spin, spin, irrep.degree).entries {
          let node = product[(entry.m1 + spin) * side + entry.m2 + spin]
          sums[entry.m3 + irrep.degree].append(.init(coefficient: scale * entry.value, first: node, second: 0))
        }
      }
      for terms in sums {
        results.append(builder.add([.init(coefficient: 1, first: builder.add(terms), second: starts[4] + o)]))
      }
    }
    return builder.program(outputs: [.init(count: results.count)], nodes: results)
  }
}
