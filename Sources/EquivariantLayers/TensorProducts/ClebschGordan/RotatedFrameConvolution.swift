import DifferentiableTensors
import FourierTransforms
import GroupTheory
import MessagePassing
import Requirements

/// The graph convolution of a channelwise Clebsch-Gordan product with the spherical harmonics of edges, computed in a frame where the edge
/// points along y (eSCN: Passaro and Zitnick, ICML 2023).
///
/// In that frame only the harmonics of order 0 do not vanish, and the coefficients C[m₁, 0, m₃] couple m₃ = m₁ (even l₁+l₂+l₃) or m₃ = −m₁
/// (odd) alone: 2 min(l₁, l₃) + 1 products per path instead of (2l₁+1)(2l₃+1), besides a rotation of inputs and outputs. With all paths
/// into one output term for each irrep, these are O(L⁴) operations per edge and channel instead of O(L⁵); with an output of its own for
/// each path, the rotation back is as much work as the plain product. The result is that of
/// ``TensorProduct/convolution(_:_:over:weights:)`` except for rounding, whatever rotation takes the edge to y, and so are its derivatives.
/// Measured with 64 channels, it overtakes the fused plain product at degree 6 (`benchmarks products --only rotated`); below that, use the
/// latter.
public struct RotatedFrameConvolution<Scalar: TensorScalar>: Sendable {
  /// The product: its instructions, factors and the order of its weights.
  public let product: TensorProduct<Scalar>
  private let program: BilinearProgram
  private let matrices: WignerMatrices
  private let channels: Int
  /// 1 for the weights of paths from harmonics that vanish for an edge of length 0, and 0 for the others.
  private let vanishing: Tensor<Scalar>

  /// The convolution of a product whose second input are these harmonics of directions.
  ///
  /// Traps unless every instruction is weighted and connects channels as uvu, the terms of the first input have one multiplicity, and the
  /// harmonics are of normalised vectors.
  public init(_ product: TensorProduct<Scalar>, harmonics: SphericalHarmonics) {
    require(
      product.second == harmonics.irreps && harmonics.normalizingInput,
      "expected a product with harmonics of directions, \(product.second), received \(harmonics.irreps)")
    require(
      product.instructions.allSatisfy { $0.connection == .uvu && $0.isWeighted },
      "expected weighted instructions uvu, received \(product.instructions)")
    self.product = product
    let channels = commonMultiplicity(product.first)
    self.channels = channels
    let (first, output) = (product.first, product.output)
    matrices = WignerMatrices(degrees: 0...max(first.maximumDegree ?? 0, output.maximumDegree ?? 0))
    let width = first.terms.reduce(0) { $0 + $1.irrep.dimension }
    let builder = BilinearProgramBuilder(inputs: [.init(count: width), .init(count: product.instructions.count)], steps: [])
    program = RotatedFrameConvolution.program(product, harmonics, weightStart: 1 + width, builder)
    let flags = product.instructions.map { product.second.terms[$0.second].irrep.degree > 0 ? 1 : 0 as Scalar }
    vanishing = Tensor(flags.flatMap { Array(repeating: $0, count: channels) })
  }

  /// Every instruction in the edge's frame: products x̃ w with the coefficients of order 0.
  private static func program(
    _ product: TensorProduct<Scalar>, _ harmonics: SphericalHarmonics, weightStart: Int, _ empty: BilinearProgramBuilder
  ) -> BilinearProgram {
    var builder = empty
    let pole = harmonics(Tensor<Double>([0, 1, 0])).elements
    func starts(_ irreps: Irreps<O3>, from start: Int) -> [Int] {
      irreps.terms.reduce(into: [start]) { $0.append($0.last! + $1.irrep.dimension) }
    }
    let (inputs, outputs) = (starts(product.first, from: 1), starts(product.output, from: 0))
    var sums = [[BilinearProgram.Term]](repeating: [], count: outputs.last!)
    for (k, instruction) in product.instructions.enumerated() {
      let l1 = product.first.terms[instruction.first].irrep.degree
      let l2 = product.second.terms[instruction.second].irrep.degree
      let l3 = product.output.terms[instruction.output].irrep.degree
      let scale = product.factors[k] * pole[harmonics.index(degree: l2, order: 0)]
      for entry in CouplingCoefficients.wigner3j(l1, l2, l3).entries where entry.m2 == 0 {
        sums[outputs[instruction.output] + l3 + entry.m3].append(
          .init(
            coefficient: scale * entry.value, first: inputs[instruction.first] + l1 + entry.m1, second: weightStart + k))
      }
    }
    let nodes = sums.map { builder.add($0) }
    return builder.program(outputs: [.init(count: nodes.count)], nodes: nodes)
  }

  /// Sums at the receivers, [nodes, output.dimension].
  ///
  /// - Parameters:
  ///   - x: features of the nodes, [nodes, first.dimension].
  ///   - edges: vectors along the edges in the graph's order, [edges, 3]; only their directions count. An edge of length 0 has no harmonics
  ///     of degrees above 0.
  ///   - graph: the edges.
  ///   - weights: the weights of each edge, [edges, product.weightCount].
  public func callAsFunction(
    _ x: IrrepsTensor<Scalar>, edges: Tensor<Scalar>, over graph: Graph, weights: Tensor<Scalar>
  ) -> IrrepsTensor<Scalar> {
    x.check(irreps: product.first)
    let n = graph.edgeCount
    require(
      x.outerShape == [graph.nodeCount] && edges.shape == [n, 3] && weights.shape == [n, product.weightCount],
      "expected features of \(graph.nodeCount) nodes, vectors [\(n), 3] and weights [\(n), \(product.weightCount)], "
        + "received \(x.tensor.shape), \(edges.shape) and \(weights.shape)")
    let rotations = matrices(.rotations(fromPoleTo: edges))
    let gathered = IrrepsTensor(x.tensor.gathered(graph.senders), irreps: product.first)
    let rotated = rotate(gathered, by: rotations, back: true)
    let isZero = edges.detached.norm(axis: -1, keepingDimensions: true) .== Tensor.zeros([n, 1])
    let present = n > 0 && isZero.max().item > 0 ? weights * (1 - isZero * vanishing) : weights
    let z = program([rotated.tensor, present], rows: n, channels: channels)[0]
    let result = rotate(IrrepsTensor(z, irreps: product.output), by: rotations, back: false)
    return IrrepsTensor(result.tensor.scatterAdded(graph.receivers), irreps: product.output)
  }

  private func rotate(_ x: IrrepsTensor<Scalar>, by rotations: [Tensor<Scalar>], back: Bool) -> IrrepsTensor<Scalar> {
    IrrepsTensor(
      parts: zip(x.parts, x.irreps.terms).map { part, term in
        term.irrep.degree == 0 ? part : Tensor.matmul(rotations[term.irrep.degree], part, transposingFirst: back)
      }, irreps: x.irreps, outerShape: x.outerShape)
  }
}
