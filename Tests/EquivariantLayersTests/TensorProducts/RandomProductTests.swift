import Testing

@testable import Equivariant
@testable import EquivariantLayers

/// Random products, plain and as convolutions, with their derivatives to third order, against einsum.
@Suite struct RandomProductTests {
  /// The product as sums over dense coefficients; weights [rows, weightCount].
  private func dense<S: TensorScalar>(_ product: TensorProduct<S>, _ x: Tensor<S>, _ y: Tensor<S>, _ weights: Tensor<S>) -> Tensor<S> {
    let rows = x.shape[0]
    var sums = product.output.terms.map { Tensor<S>.zeros([rows, $0.irrep.dimension, $0.multiplicity]) }
    for (n, i) in product.instructions.enumerated() {
      let (a, b, c) = (product.first.terms[i.first], product.second.terms[i.second], product.output.terms[i.output])
      let (u, v, w) = (a.multiplicity, b.multiplicity, c.multiplicity)
      if u * v * w == 0 { continue }
      let block = CouplingCoefficients.wigner3j(a.irrep.degree, b.irrep.degree, c.irrep.degree)
      let coefficients = Tensor<S>(
        block.dense.map { S($0 * product.factors[n]) }, shape: [a.irrep.dimension, b.irrep.dimension, c.irrep.dimension])
      let p = x.sliced(axis: -1, product.first.slices[i.first]).reshaped(rows, a.irrep.dimension, u)
      let q = y.sliced(axis: -1, product.second.slices[i.second]).reshaped(rows, b.irrep.dimension, v)
      let all = Tensor.einsum("ijk,ziu,zjv->zkuv", coefficients, p, q)
      let t = [.uuu, .uuw].contains(i.connection) ? Tensor.einsum("ijk,ziu,zju->zku", coefficients, p, q) : all
      let given = i.isWeighted ? weights.sliced(axis: -1, product.weightRanges[n]) : nil
      let flat = all.reshaped(rows, c.irrep.dimension, u * v)
      sums[i.output] =
        sums[i.output]
        + {
          switch i.connection {
          case .uvw: Tensor.einsum("zkuv,zuvw->zkw", all, given!.reshaped(rows, u, v, w))
          case .uvu: given.map { Tensor.einsum("zkuv,zvu->zku", all, $0.reshaped(rows, v, u)) } ?? all.sum(axis: 3)
          case .uvv: given.map { Tensor.einsum("zkuv,zuv->zkv", all, $0.reshaped(rows, u, v)) } ?? all.sum(axis: 2)
          case .uuw: Tensor.einsum("zku,zuw->zkw", t, given!.reshaped(rows, u, w))
          case .uuu: given.map { t * $0.reshaped(rows, 1, u) } ?? t
          case .uvuv: given.map { flat * $0.reshaped(rows, 1, u * v) } ?? flat
          case .pairs:
            {
              let pairs = (0..<u).flatMap { r in (0..<u).filter { $0 > r }.map { r * v + $0 } }
              let chosen = Tensor<S>.concatenated(pairs.map { flat.sliced(axis: 2, $0..<$0 + 1) }, axis: 2)
              return given.map { chosen * $0.reshaped(rows, 1, w) } ?? chosen
            }()
          }
        }()
    }
    return .concatenated(sums.map { $0.reshaped(rows, $0.shape[1] * $0.shape[2]) })
  }

  private func product<S: TensorScalar>(_ multiplicities: [Int], using g: inout RandomSource) -> TensorProduct<S> {
    func term() -> Irreps<O3>.Term {
      let irrep = O3.Irrep(degree: Int.random(in: 0...2, using: &g), parity: Bool.random(using: &g) ? .even : .odd)
      return Irreps<O3>.Term(multiplicities.randomElement(using: &g)!, irrep)
    }
    var first = (0..<Int.random(in: 1...3, using: &g)).map { _ in term() }
    var second = (0..<Int.random(in: 1...3, using: &g)).map { _ in term() }
    if Bool.random(using: &g) { second[0] = Irreps<O3>.Term(first[0].multiplicity, second[0].irrep) }
    if Bool.random(using: &g) { first.append(first[0]) }
    var output: [Irreps<O3>.Term] = []
    var instructions: [TensorProduct<S>.Instruction] = []
    for _ in 0..<Int.random(in: 1...6, using: &g) {
      let (i, j) = (Int.random(in: first.indices, using: &g), Int.random(in: second.indices, using: &g))
      let irrep = Array(first[i].irrep * second[j].irrep).randomElement(using: &g)!
      let (u, v) = (first[i].multiplicity, second[j].multiplicity)
      var connection = TensorProduct<S>.Connection.allCases.randomElement(using: &g)!
      if [.uuw, .uuu, .pairs].contains(connection) && u != v || connection == .uvw && u * v > 600 { connection = .uvu }
      let count =
        switch connection {
        case .uvw, .uuw: multiplicities.randomElement(using: &g)!
        case .uvu, .uuu: u
        case .uvv: v
        case .uvuv: u * v
        case .pairs: u * (u - 1) / 2
        }
      let known = output.firstIndex { $0.irrep == irrep && $0.multiplicity == count }
      let place = Bool.random(using: &g) ? known ?? output.count : output.count
      if place == output.count { output.append(.init(count, irrep)) }
      instructions.append(
        .init(
          i, j, place, connection, isWeighted: [.uvw, .uuw].contains(connection) || Bool.random(using: &g),
          pathWeight: Double.random(in: 0.5...2, using: &g)))
    }
    if Bool.random(using: &g) { output.append(.init(3, O3.Irrep(degree: 2, parity: .even))) }
    return TensorProduct(Irreps(first), Irreps(second), to: Irreps(output), instructions: instructions, ownsWeights: false, using: &g)
  }

  private func compare<S: TensorScalar>(_ seed: UInt64, _ multiplicities: [Int], _ type: S.Type, tolerance: S) {
    var g = RandomSource(seed: seed)
    let product: TensorProduct<S> = product(multiplicities, using: &g)
    let (rows, nodes, n) = ([1, 2, 5, 17, 40].randomElement(using: &g)!, Int.random(in: 1...9, using: &g), product.weightCount)
    let (convolves, kind) = (Bool.random(using: &g), Int.random(in: 0...2, using: &g))
    let graph = Graph(
      nodeCount: nodes, receivers: (0..<rows).map { _ in Int.random(in: 0..<nodes, using: &g) },
      senders: (0..<rows).map { _ in Int.random(in: 0..<nodes, using: &g) })
    let x = Tensor<S>.normal([convolves ? nodes : rows, product.first.dimension], using: &g).asVariable()
    let y = Tensor<S>.normal([rows, product.second.dimension], using: &g).asVariable()
    let w = Tensor<S>.normal(kind == 0 ? [n] : kind == 1 ? [rows, n] : [3, n], using: &g).asVariable()
    let f = Tensor<S>.normal([rows, 3], using: &g).asVariable()
    let variables = kind == 2 ? [x, y, w, f] : [x, y, w]

    func ours() -> Tensor<S> {
      let weights: TensorProduct<S>.Weights = kind == 0 ? .shared(w) : kind == 1 ? .each(w) : .factored(f, w)
      let (a, b) = (IrrepsTensor(x, irreps: product.first), IrrepsTensor(y, irreps: product.second))
      return convolves ? product.convolution(a, b, over: graph, weights: weights).tensor : product(a, b, weights: weights).tensor
    }
    let all = kind == 0 ? w.broadcast(to: [rows, n]) : kind == 1 ? w : Tensor.matmul(f, w)
    let messages = dense(product, convolves ? x.gathered(graph.senders) : x, y, all)
    let expected = convolves ? messages.scatterAdded(graph.receivers) : messages
    let seed1 = Tensor<S>.normal(expected.shape, using: &g).asVariable()
    let seeds = variables.map { Tensor<S>.normal($0.shape, using: &g) }

    /// First, second and third derivatives, each along a random direction of the one before.
    func derivatives(_ z: Tensor<S>) -> [Tensor<S>] {
      func along(_ gradients: [Tensor<S>]) -> Tensor<S> { zip(gradients, seeds).map { ($0 * $1).sum() }.reduce(Tensor<S>(0)) { $0 + $1 } }
      let first = gradient(of: (z * seed1).sum(), withRespectTo: variables, keepingGraph: true)
      let second = gradient(of: along(first), withRespectTo: variables + [seed1], keepingGraph: true)
      return [z] + first + second + gradient(of: along(second), withRespectTo: variables + [seed1])
    }
    let (mine, theirs) = (derivatives(ours()), derivatives(expected))
    let fused = gradient(of: (ours() * seed1).sum(), withRespectTo: variables)
    for (n, (a, b)) in (zip(mine, theirs) + zip(fused, theirs.dropFirst())).enumerated() where a.count + b.count > 0 {
      let scale = Swift.max(b.absolute().max().item, 1)
      #expect(a.shape == b.shape && (a - b).absolute().max().item <= tolerance * scale, "seed \(seed), tensor \(n): \(product)")
    }
  }

  @Test(arguments: 0..<40) func double(_ seed: UInt64) { compare(seed, [0, 1, 2, 3, 5, 8, 16, 17], Double.self, tolerance: 1e-11) }
  @Test(arguments: 100..<115) func float(_ seed: UInt64) { compare(seed, [1, 4, 15, 16, 17, 33], Float.self, tolerance: 1e-4) }
}

private func + <A, B>(a: Zip2Sequence<[A], [B]>, b: Zip2Sequence<[A], ArraySlice<B>>) -> [(A, B)] { Array(a) + Array(b) }
