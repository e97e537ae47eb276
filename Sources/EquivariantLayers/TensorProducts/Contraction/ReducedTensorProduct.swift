import DifferentiableTensors
import GroupTheory
import Requirements

/// The irreps of the (anti)symmetrised product of features, channel by channel: z_r = Σ Q_r[i, j, ...] x_i y_j ... with the rows Q of a
/// ``ReducedTensorBasis``.
///
/// For a symmetry of all indices and one feature x it is x ⊗ x ⊗ ... without repetitions. It is differentiable to any order.
/// ```swift
/// let square = ReducedTensorProduct("ij=ji", ["i": "1x0e + 1x1o"], channels: 16)
/// let z = square(x)             // x of 16x0e + 16x1o, z of 32x0e + 16x1o + 16x2e
/// ```
public struct ReducedTensorProduct: Sendable {
  /// The change of basis.
  public let basis: ReducedTensorBasis
  /// The irreps of each factor: those of the index, times the number of channels.
  public let inputs: [Irreps<O3>]
  /// The irreps of the result: those of the basis, times the number of channels.
  public let output: Irreps<O3>
  private let channels: Int
  private let product: BilinearProgram
  private let power: BilinearProgram?

  /// The product of a symmetry for features with `channels` channels of each irrep of the indices; the other parameters are those of
  /// ``ReducedTensorBasis``.
  public init(_ symmetry: IndexSymmetry, _ irreps: [Character: Irreps<O3>], only outputs: Set<O3.Irrep>? = nil, channels: Int = 1) {
    basis = ReducedTensorBasis(symmetry, irreps, only: outputs)
    self.channels = channels
    inputs = basis.factors.map { $0.repeated(channels) }
    output = basis.irreps.repeated(channels)
    product = ReducedTensorProduct.program(basis, isPower: false)
    power = Set(basis.factors).count == 1 ? ReducedTensorProduct.program(basis, isPower: true) : nil
  }

  /// The product of one feature for each index, or, where all indices have the same irreps, of one feature with itself.
  public func callAsFunction<Scalar: TensorScalar>(_ features: IrrepsTensor<Scalar>...) -> IrrepsTensor<Scalar> {
    let program = features.count == inputs.count ? product : power
    guard let program, program.inputs.count == features.count else {
      fatalError("expected \(inputs.count) features, or one where all indices have the same irreps, received \(features.count)")
    }
    for (feature, irreps) in zip(features, inputs) {
      feature.check(irreps: irreps)
      require(
        feature.outerShape == features[0].outerShape, "expected rows \(features[0].outerShape), received \(feature.outerShape)")
    }
    let outer = features[0].outerShape
    let rows = Shape(outer).elementCount
    let z = program(zip(features, inputs).map { $0.tensor.reshaped(rows, $1.dimension) }, rows: rows, channels: channels)
    return IrrepsTensor(z[0].reshaped(to: Shape(outer + [output.dimension])), irreps: output)
  }

  /// Products of all factors but the last are computed once.
  private static func program(_ basis: ReducedTensorBasis, isPower: Bool) -> BilinearProgram {
    let ports = basis.factors.map { BilinearProgram.Port(count: $0.dimension) }
    var builder = BilinearProgramBuilder(inputs: isPower ? [ports[0]] : ports, steps: [])
    let starts = isPower ? basis.factors.map { _ in 1 } : ports.reduce(into: [1]) { $0.append($0.last! + $1.count) }
    var products: [[Int]: Int] = [[]: 0]
    /// The node of the product of components, found by its sorted leaves.
    func node(_ leaves: [Int]) -> Int {
      if let known = products[leaves] { return known }
      let made = builder.add([.init(coefficient: 1, first: node(leaves.dropLast()), second: leaves.last!)])
      products[leaves] = made
      return made
    }
    let nodes = basis.rows.map { row in
      var sums: [[Int]: Double] = [:]
      for entry in row { sums[entry.indices.enumerated().map { starts[$0] + $1 }.sorted(), default: 0] += entry.value }
      let terms = sums.filter { abs($0.value) > 1e-14 }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      return builder.add(terms.map { .init(coefficient: $0.value, first: node($0.key.dropLast()), second: $0.key.last!) })
    }
    return builder.program(outputs: [.init(count: nodes.count)], nodes: nodes)
  }
}

extension Irreps<O3> {
  /// Every term with `count` times its multiplicity: `count` channels of each irrep.
  func repeated(_ count: Int) -> Irreps { Irreps(terms.map { Term($0.multiplicity * count, $0.irrep) }) }
}
