import DifferentiableTensors
import GroupTheory
import MessagePassing
import NeuralModules
import Requirements

/// A message-passing layer on irreps, complete with its radial network, self-interaction and gate: the interaction block of NequIP (Batzner
/// et al. 2022), which goes back to tensor field networks (Thomas et al. 2018).
///
/// hᵢ = gate(L₂(1/√n Σⱼ fc(rᵢⱼ) (L₁ xⱼ) ⊗_{R(rᵢⱼ)} Y(r̂ᵢⱼ)) + L₀ xᵢ), with linear maps L of irreps, the channelwise Clebsch-Gordan product,
/// whose paths and channels each have a weight from the network R of the radial functions, the cut-off fc, and the mean number n of
/// neighbours.
///
/// ```swift
/// let embedding = EdgeEmbedding(degrees: 0...2, radius: 5)
/// let layer = EquivariantConvolution<Float>(from: "16x0e", to: "32x0e + 16x1o + 8x2e", edges: embedding, neighbors: 12, using: &generator)
/// let h = layer(x, over: graph, edges: embedding(graph.vectors(positions)))
/// ```
/// The messages of edges are never stored: weights, product and sum are computed in one pass over the edges
/// (``TensorProduct/convolution(_:_:over:weights:)``).
public struct EquivariantConvolution<Scalar: TensorScalar>: Module {
  /// The irreps of the input.
  public let input: Irreps<O3>
  /// The irreps of the output.
  public let output: Irreps<O3>
  /// The factor 1/√n of the sums over neighbours.
  public let scale: Double
  /// The coupling of features and harmonics.
  public let product: TensorProduct<Scalar>
  /// The linear map L₁.
  public var first: EquivariantLinear<Scalar>
  /// The linear map L₂.
  public var second: EquivariantLinear<Scalar>
  /// The linear map L₀.
  public var own: EquivariantLinear<Scalar>
  /// The radial network R without its last layer.
  public var radial: MLP<Scalar>
  /// The last layer of R, [hidden, weights of the product].
  public var radialWeight: Tensor<Scalar>
  /// The nonlinearity; nil for none.
  public let gate: Gate<Scalar>?

  /// - Parameters:
  ///   - input: the irreps of the features.
  ///   - output: the irreps of the result. Each must be reached by a path or occur in the input.
  ///   - edges: the embedding of the edges.
  ///   - neighbors: the mean number n of edges that a node receives, in the training data.
  ///   - radialWidths: the widths of the hidden layers of R.
  ///   - isGated: whether a gate follows, which applies SiLU to even scalars and tanh to odd ones, and multiplies every other irrep by a
  ///     scalar that is activated in the same way. Without it the layer is linear in its features, as the last layer of a network should
  ///     be.
  ///   - generator: the source of the initial weights.
  public init(
    from input: Irreps<O3>, to output: Irreps<O3>, edges: EdgeEmbedding, neighbors: Double, radialWidths: [Int] = [64],
    isGated: Bool = true,
    using generator: inout some RandomNumberGenerator
  ) {
    require(neighbors > 0, "a mean number of neighbours above 0 is expected, received \(neighbors)")
    require(!radialWidths.isEmpty, "at least one hidden layer of the radial network is expected")
    (self.input, self.output, scale) = (input, output, 1 / neighbors.squareRoot())
    var sums = output
    gate = isGated ? Self.gate(for: output) : nil
    if let gate { sums = gate.input }
    first = EquivariantLinear(input, to: input, using: &generator)
    let wanted = Set(sums.terms.map(\.irrep))
    product = .channelwise(input, edges.harmonics.irreps, keeping: { wanted.contains($0) }, using: &generator)
    second = EquivariantLinear(product.output, to: sums, using: &generator)
    own = EquivariantLinear(input, to: sums, using: &generator)
    radial = MLP(widths: [edges.basis.count] + radialWidths, activatesOutput: true, using: &generator)
    let width = radialWidths[radialWidths.count - 1]
    radialWeight = .normal([width, product.weightCount], using: &generator) * Scalar(1 / Double(width).squareRoot())
    let reached = Set((product.output + input).terms.filter { $0.multiplicity > 0 }.map(\.irrep))
    let missed = sums.terms.filter { $0.multiplicity > 0 && !reached.contains($0.irrep) }
    require(
      missed.isEmpty,
      "irreps that \(input) and harmonics \(edges.harmonics.irreps) reach are expected, received \(Irreps<O3>(missed)) in \(output)")
  }

  /// Scalars activated, all else gated by even scalars, in the order of the output.
  private static func gate(for output: Irreps<O3>) -> Gate<Scalar> {
    let scalars = output.filter { $0.degree == 0 }
    let gated = output.filter { $0.degree > 0 }
    require(
      output.terms.drop { $0.irrep.degree == 0 }.allSatisfy { $0.irrep.degree > 0 },
      "scalars before all other irreps are expected of a gated layer, received \(output)")
    let gates = gated.terms.map { Irreps<O3>.Term($0.multiplicity, .scalar) }
    return Gate(
      scalars: scalars, scalars.terms.map { $0.irrep.parity == .even ? .silu : .tanh }, gates: Irreps(gates), gates.map { _ in .silu },
      gated: gated)
  }

  /// The new features [nodes, output.dimension], from features [nodes, input.dimension].
  ///
  /// Traps unless the features have the irreps ``input`` and each edge of the graph is described, in the order of the graph.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func callAsFunction(_ x: IrrepsTensor<Scalar>, over graph: Graph, edges: EmbeddedEdges<Scalar>) -> IrrepsTensor<Scalar> {
    let hidden = radial(edges.radial) * (edges.cutoff * Scalar(scale)).expandingAxis(-1)
    let sums = product.convolution(first(x), edges.harmonics, over: graph, weights: .factored(hidden, radialWeight))
    let h = second(sums) + own(x)
    return gate.map { $0(h) } ?? h
  }

  /// Visits first, second, own, radial and radial_weight.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("first", &first)
    visitor("second", &second)
    visitor("own", &own)
    visitor("radial", &radial)
    visitor("radial_weight", &radialWeight)
  }
}
