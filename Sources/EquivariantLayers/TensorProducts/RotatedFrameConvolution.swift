import DifferentiableTensors
import FourierTransforms
import GroupTheory
import MessagePassing

/// The graph convolution of a channelwise Clebsch-Gordan product with the spherical harmonics of edges, computed in a frame where the edge
/// points along y (eSCN: Passaro and Zitnick, ICML 2023).
///
/// In that frame only the harmonics of order 0 do not vanish, and the coefficients C[m₁, 0, m₃] couple m₃ = m₁ (even l₁+l₂+l₃) or m₃ = −m₁ (odd)
/// alone: 2 min(l₁, l₃) + 1 products a path instead of (2l₁+1)(2l₃+1), besides a rotation of inputs and outputs. With all paths into one output
/// term for each irrep these are O(L⁴) operations an edge and channel instead of O(L⁵); with an output of its own for each path the
/// rotation back is as much work as the plain product. The result is that of ``TensorProduct/convolution(_:_:over:weights:)`` but for
/// rounding, whatever rotation takes the edge to y, and so are its derivatives.
public struct RotatedFrameConvolution<Scalar: TensorScalar>: Sendable {
  /// The product: its instructions, factors and the order of its weights.
  public let product: TensorProduct<Scalar>
  private let program: BilinearProgram
  private let matrices: WignerMatrices
  private let channels: Int
  /// 1 for the weights of paths from harmonics that vanish for an edge of length 0, 0 for the others.
  private let vanishing: Tensor<Scalar>

  /// The convolution of a product whose second input are these harmonics of directions.
  ///
  /// Traps unless every instruction is weighted and connects channels as uvu, the terms of the first input have one multiplicity, and the harmonics are of
  /// normalised vectors.
  public init(_ product: TensorProduct<Scalar>, harmonics: SphericalHarmonics) {
    precondition(
      product.second == harmonics.irreps && harmonics.normalizingInput,
      "expected a product with harmonics of directions, \(product.second), received \(harmonics.irreps)")
    precondition(
      product.instructions.allSatisfy { $0.connection == .uvu && $0.isWeighted },
      "expected weighted instructions uvu, received \(product.instructions)")
    self.product = product
    let channels = commonMultiplicity(product.first)
    self.channels = channels
    matrices = WignerMatrices(degrees: 0...max(product.first.maximumDegree ?? 0, product.output.maximumDegree ?? 0))
    program = RotatedFrameConvolution.program(product, harmonics)
    let flags = product.instructions.map { product.second.terms[$0.second].irrep.degree > 0 ? 1 : 0 as Scalar }
    vanishing = Tensor(flags.flatMap { Array(repeating: $0, count: channels) })
  }

  /// From features, weights and rotation matrices D of each edge: x̃ = D x, the products x̃ w with the coefficients of order 0, and z = Dᵀ z̃.
  private static func program(_ product: TensorProduct<Scalar>, _ harmonics: SphericalHarmonics) -> BilinearProgram {
    typealias Terms = [BilinearProgram.Term]
    func starts(_ irreps: Irreps<O3>, from start: Int) -> [Int] {
      irreps.terms.reduce(into: [start]) { $0.append($0.last! + $1.irrep.dimension) }
    }
    let (inputs, outputs) = (starts(product.first, from: 1), starts(product.output, from: 0))
    let (weights, count) = (inputs.last!, product.instructions.count)
    let largest = max(product.first.maximumDegree ?? 0, product.output.maximumDegree ?? 0)
    let blocks = (0...largest).reduce(into: [weights + count]) { $0.append($0.last! + (2 * $1 + 1) * (2 * $1 + 1)) }
    var builder = BilinearProgramBuilder(
      inputs: [.init(count: weights - 1), .init(count: count), .init(count: blocks.last! - blocks[0], kind: .scalars)], steps: [])
    /// D of a degree times nodes, or Dᵀ.
    func rotated(_ nodes: [Int], back: Bool) -> [Int] {
      let (side, start) = (nodes.count, blocks[(nodes.count - 1) / 2])
      if side == 1 { return nodes }
      return (0..<side).map { i in
        let terms: Terms = nodes.enumerated().map { j, node in
          .init(coefficient: 1, first: start + (back ? j * side + i : i * side + j), second: node)
        }
        return builder.add(terms)
      }
    }
    let turned = product.first.terms.indices.map { rotated(Array(inputs[$0]..<inputs[$0 + 1]), back: false) }
    let pole = harmonics(Tensor<Double>([0, 1, 0])).elements
    var sums = [Terms](repeating: [], count: outputs.last!)
    for (k, instruction) in product.instructions.enumerated() {
      let l1 = product.first.terms[instruction.first].irrep.degree
      let l2 = product.second.terms[instruction.second].irrep.degree
      let l3 = product.output.terms[instruction.output].irrep.degree
      let scale = product.factors[k] * pole[harmonics.index(degree: l2, order: 0)]
      for entry in CouplingCoefficients.wigner3j(l1, l2, l3).entries where entry.m2 == 0 {
        sums[outputs[instruction.output] + l3 + entry.m3].append(
          .init(coefficient: scale * entry.value, first: turned[instruction.first][l1 + entry.m1], second: weights + k))
      }
    }
    var results: [Int] = []
    for o in product.output.terms.indices {
      results += rotated(sums[outputs[o]..<outputs[o + 1]].map { builder.add($0) }, back: true)
    }
    return builder.program(outputs: [.init(count: results.count)], nodes: results)
  }

  /// Sums at the receivers, [nodes, output.dimension].
  ///
  /// - Parameters:
  ///   - x: features of the nodes, [nodes, first.dimension].
  ///   - edges: vectors along the edges in the graph's order, [edges, 3]; only their directions count. An edge of length 0 has no harmonics of
  ///     degrees above 0.
  ///   - graph: the edges.
  ///   - weights: of each edge, [edges, product.weightCount].
  public func callAsFunction(
    _ x: IrrepsTensor<Scalar>, edges: Tensor<Scalar>, over graph: Graph, weights: Tensor<Scalar>
  ) -> IrrepsTensor<Scalar> {
    x.check(irreps: product.first)
    let n = graph.edgeCount
    precondition(
      x.outerShape == [graph.nodeCount] && edges.shape == [n, 3] && weights.shape == [n, product.weightCount],
      "expected features of \(graph.nodeCount) nodes, vectors [\(n), 3] and weights [\(n), \(product.weightCount)], "
        + "received \(x.tensor.shape), \(edges.shape) and \(weights.shape)")
    let (quaternions, isZero) = RotatedFrameConvolution.quaternionsToPole(edges)
    let rotations = Tensor.concatenated(matrices(quaternions).map { $0.reshaped(n, $0.shape[-1] * $0.shape[-1]) })
    let present = isZero.map { weights * (1 - $0 * vanishing) } ?? weights
    let z = program([x.tensor.gathered(graph.senders), present, rotations], rows: n, channels: channels)[0]
    return IrrepsTensor(z.scatterAdded(graph.receivers), irreps: product.output)
  }

  /// Rotations that take vectors to the direction of y, as quaternions of any length, and where not all are longer than 0, which are not, [n, 1].
  ///
  /// The half with y ≥ 0 goes the shortest way, (|r| + y, r × e_y). The other half goes to −y, away from which the same formula is singular,
  /// and then by a half turn about x. Results do not depend on the choice, so that their derivatives do not see the seam.
  private static func quaternionsToPole(_ edges: Tensor<Scalar>) -> (quaternions: Tensor<Scalar>, isZero: Tensor<Scalar>?) {
    let lengths = edges.norm(axis: -1, keepingDimensions: true)
    let (x, y, z) = (edges.sliced(axis: 1, 0..<1), edges.sliced(axis: 1, 1..<2), edges.sliced(axis: 1, 2..<3))
    let zero = Tensor<Scalar>.zeros(x.shape)
    let upper = Tensor.concatenated([lengths + y, -z, zero, x])
    let lower = Tensor.concatenated([-z, lengths - y, x, zero])
    let isUpper = (y .>= zero).broadcast(to: upper.shape)
    let chosen = Tensor.select(isUpper, upper, lower)
    let isZero = lengths .== zero
    guard edges.count > 0, isZero.max().item > 0 else { return (chosen, nil) }
    let identity = Tensor<Scalar>([1, 0, 0, 0]).broadcast(to: upper.shape)
    return (.select(isZero.broadcast(to: upper.shape), identity, chosen), isZero)
  }
}
