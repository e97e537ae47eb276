import ArgumentParser
import Equivariant

/// The product that couples a neighbour's features to its direction.
enum ProductKind: String, CaseIterable, ExpressibleByArgument {
  case clebschGordan = "clebsch-gordan"
  case gaunt
  case gauntAndSignal = "gaunt+vector-signal"
}

/// A message-passing step: products of the neighbours' features with the harmonics of the edges are summed, then mixed to the input of the
/// gate.
struct Interaction: Module {
  /// The irreps of true tensors (parities (−1)ˡ) and of pseudotensors.
  static let (natural, pseudo): (Irreps<O3>, Irreps<O3>) = ("8x0e + 8x1o + 8x2e", "8x0o + 8x1e + 8x2o")
  static let harmonics = SphericalHarmonics(degrees: 0...2, normalization: .component)

  private enum Products {
    case clebschGordan(TensorProduct<Float>)
    /// Products that preserve the kind of tensor, and those that change it, for true tensors and for pseudotensors.
    case gaunt(keep: [GauntTensorProduct<Float>], turn: [VectorSignalGauntProduct<Float>])
  }
  private var products: Products
  private var linear: EquivariantLinear<Float>

  /// The irreps of the features, which are of both kinds or true tensors only.
  static func features(_ kind: ProductKind) -> Irreps<O3> { kind == .gaunt ? natural : natural + pseudo }

  init(_ kind: ProductKind, to output: Irreps<O3>, using generator: inout RandomSource) {
    let edges = Interaction.harmonics.irreps
    switch kind {
    case .clebschGordan:
      let product = TensorProduct<Float>.channelwise(
        Interaction.features(kind), edges, keeping: { $0.degree <= 2 }, ownsWeights: true, using: &generator)
      products = .clebschGordan(product)
      linear = EquivariantLinear(product.output, to: output, using: &generator)
    case .gaunt:
      products = .gaunt(keep: [GauntTensorProduct(Interaction.natural, edges, to: Interaction.natural, using: &generator)], turn: [])
      linear = EquivariantLinear(Interaction.natural, to: output, using: &generator)
    case .gauntAndSignal:
      let kinds = [Interaction.natural, Interaction.pseudo]
      products = .gaunt(
        keep: kinds.map { GauntTensorProduct($0, edges, to: $0, using: &generator) },
        turn: [
          VectorSignalGauntProduct(Interaction.natural, edges, to: "8x1e + 8x2o", using: &generator),
          VectorSignalGauntProduct(Interaction.pseudo, edges, to: "8x1o + 8x2e", using: &generator),
        ])
      linear = EquivariantLinear(kinds[0] + kinds[1] + "8x1e + 8x2o" + "8x1o + 8x2e", to: output, using: &generator)
    }
  }

  func callAsFunction(_ x: IrrepsTensor<Float>, _ edges: IrrepsTensor<Float>) -> IrrepsTensor<Float> {
    let graph = Pieces.graph
    var sums: IrrepsTensor<Float>
    switch products {
    case .clebschGordan(let product):
      sums = product.convolution(x, edges, over: graph)
    case .gaunt(let keep, let turn):
      let senders = IrrepsTensor(x.tensor.gathered(graph.senders), irreps: x.irreps)
      let kinds = keep.indices.map { n in
        IrrepsTensor(parts: Array(senders.parts[3 * n..<3 * n + 3]), irreps: keep[n].first)
      }
      let messages = zip(keep, kinds).map { $0($1, edges) } + zip(turn, kinds).map { $0($1, edges) }
      sums = .concatenated(messages)
      sums = IrrepsTensor(sums.tensor.scatterAdded(graph.receivers), irreps: sums.irreps)
    }
    return linear(sums)
  }

  mutating func visit(_ visitor: inout ParameterVisitor<Float>) {
    switch products {
    case .clebschGordan(var product):
      visitor("product", &product)
      products = .clebschGordan(product)
    case .gaunt(var keep, var turn):
      for i in keep.indices { visitor("keep.\(i)", &keep[i]) }
      for i in turn.indices { visitor("turn.\(i)", &turn[i]) }
      products = .gaunt(keep: keep, turn: turn)
    }
    visitor("linear", &linear)
  }
}

/// Three interactions with gates, and the mean over the cubes of a piece, as seven even scalars and an odd one. One even scalar stands for
/// the pair of mirror images, which are told apart by the odd scalar, as its sign is opposite for a mirror image.
struct Network: Module {
  let kind: ProductKind
  private var embedding: EquivariantLinear<Float>
  private var interactions: [Interaction]
  private var head: EquivariantLinear<Float>
  private let gate: Gate<Float>

  init(_ kind: ProductKind, using generator: inout RandomSource) {
    self.kind = kind
    let features = Interaction.features(kind)
    let gated = features.filter { $0.degree > 0 }
    let scalars = features.filter { $0.degree == 0 }
    let gate = Gate<Float>(
      scalars: scalars, scalars.terms.map { $0.irrep.parity == .even ? .silu : .tanh },
      gates: Irreps([.init(gated.irrepCount, .init(degree: 0, parity: .even))]),
      [.sigmoid], gated: gated)
    self.gate = gate
    embedding = EquivariantLinear("1x0e", to: features, using: &generator)
    interactions = (0..<3).map { _ in Interaction(kind, to: gate.input, using: &generator) }
    head = EquivariantLinear(features, to: "7x0e + 1x0o", using: &generator)
  }

  /// The logits [8, 8] of all pieces, from the vectors along the edges.
  func callAsFunction(_ edges: Tensor<Float>) -> Tensor<Float> {
    let directions = Interaction.harmonics.features(at: edges)
    var x = embedding(IrrepsTensor(.ones([32, 1]), irreps: "1x0e"))
    for interaction in interactions { x = ordered(gate(interaction(x, directions))) }
    let scalars = head(x).tensor.segmentMean(Pieces.owners)
    let (even, odd) = (scalars.sliced(axis: 1, 0..<7), scalars.sliced(axis: 1, 7..<8))
    let pair = even.sliced(axis: 1, 0..<1)
    return .concatenated([pair + odd, pair - odd, even.sliced(axis: 1, 1..<7)])
  }

  /// The gate's terms, scalars first, in the order of the features.
  private func ordered(_ x: IrrepsTensor<Float>) -> IrrepsTensor<Float> {
    let features = Interaction.features(kind)
    return IrrepsTensor(
      parts: features.terms.map { term in x[term: x.irreps.terms.firstIndex { $0.irrep == term.irrep }!] }, irreps: features)
  }

  mutating func visit(_ visitor: inout ParameterVisitor<Float>) {
    visitor("embedding", &embedding)
    for i in interactions.indices { visitor("interactions.\(i)", &interactions[i]) }
    visitor("head", &head)
  }
}
