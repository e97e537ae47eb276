import DifferentiableTensors
import GroupTheory
import Requirements

extension TensorProduct {
  /// All couplings of all pairs of channels to irreps that `keeping` keeps, without weights (e3nn's `FullTensorProduct`); the output is
  /// sorted.
  public static func full(
    _ first: Irreps<O3>, _ second: Irreps<O3>, keeping: (O3.Irrep) -> Bool = { _ in true },
    irrepNormalization: IrrepNormalization = .component
  ) -> TensorProduct {
    var draft = Draft()
    for (i, a) in first.terms.enumerated() {
      for (j, b) in second.terms.enumerated() {
        for irrep in a.irrep * b.irrep where keeping(irrep) {
          draft.append(i, j, a.multiplicity * b.multiplicity, irrep, .uvuv, isWeighted: false)
        }
      }
    }
    return draft.product(first, second, sorted: true, irrepNormalization)
  }

  /// Every coupling to every term of the output, with channels mixed: "uvw" (e3nn's `FullyConnectedTensorProduct`).
  public static func fullyConnected(
    _ first: Irreps<O3>, _ second: Irreps<O3>, to output: Irreps<O3>, irrepNormalization: IrrepNormalization = .component,
    pathNormalization: PathNormalization = .element, ownsWeights: Bool = true, using generator: inout some RandomNumberGenerator
  ) -> TensorProduct {
    TensorProduct(
      first, second, to: output, instructions: first.paths(second, to: output).map { Instruction($0.first, $0.second, $0.output, .uvw) },
      irrepNormalization: irrepNormalization, pathNormalization: pathNormalization, ownsWeights: ownsWeights, using: &generator)
  }

  /// The product channel by channel, of channel c of all of the first with channel c of all of the second, without weights (e3nn's
  /// `ElementwiseTensorProduct`). Both must have the same multiplicities term by term; there is one output term for each pair of terms and
  /// irrep.
  public static func elementwise(
    _ first: Irreps<O3>, _ second: Irreps<O3>, keeping: (O3.Irrep) -> Bool = { _ in true },
    irrepNormalization: IrrepNormalization = .component
  ) -> TensorProduct {
    require(
      first.terms.map(\.multiplicity) == second.terms.map(\.multiplicity),
      "the same multiplicities term by term are expected, received \(first) and \(second)")
    var draft = Draft()
    for (i, (a, b)) in zip(first.terms, second.terms).enumerated() {
      for irrep in a.irrep * b.irrep where keeping(irrep) { draft.append(i, i, a.multiplicity, irrep, .uuu, isWeighted: false) }
    }
    return draft.product(first, second, sorted: false, irrepNormalization)
  }

  /// Every coupling of the channels of the first with each channel of the second, with channels kept apart: "uvu" with a weight for each
  /// path and channel (the convolution of NequIP and MACE). The terms of the output are the paths, sorted by irrep; a linear layer that
  /// mixes them usually follows. The weights come with the call unless `ownsWeights` is true.
  public static func channelwise(
    _ first: Irreps<O3>, _ second: Irreps<O3>, keeping: (O3.Irrep) -> Bool = { _ in true },
    irrepNormalization: IrrepNormalization = .component, ownsWeights: Bool = false, using generator: inout some RandomNumberGenerator
  ) -> TensorProduct {
    var draft = Draft()
    for (i, a) in first.terms.enumerated() {
      for (j, b) in second.terms.enumerated() {
        for irrep in a.irrep * b.irrep where keeping(irrep) { draft.append(i, j, a.multiplicity, irrep, .uvu, isWeighted: true) }
      }
    }
    let sorted = draft.sorted
    return TensorProduct(
      first, second, to: Irreps(sorted.terms), instructions: sorted.instructions, irrepNormalization: irrepNormalization,
      ownsWeights: ownsWeights, using: &generator)
  }

  /// The symmetric square x ⊗ x without weights: every pair of channels once (e3nn's `TensorSquare`). It is called with x alone. Outputs
  /// have variance 1 for components of variance 1.
  public static func square(_ irreps: Irreps<O3>, keeping: (O3.Irrep) -> Bool = { _ in true }) -> TensorProduct {
    var draft = Draft()
    for (i, a) in irreps.terms.enumerated() {
      for (j, b) in irreps.terms.enumerated() where i <= j {
        for irrep in a.irrep * b.irrep where keeping(irrep) {
          let dimension = Double(irrep.dimension)
          if i < j {
            draft.append(i, j, a.multiplicity * b.multiplicity, irrep, .uvuv, isWeighted: false, pathWeight: dimension)
            continue
          }
          let u = a.multiplicity
          if u > 1 { draft.append(i, i, u * (u - 1) / 2, irrep, .pairs, isWeighted: false, pathWeight: dimension) }
          // Of a vector with itself only the even degrees remain; the mean of the fourth power gives the factors.
          guard irrep.degree.isMultiple(of: 2) else { continue }
          let weight = irrep.degree == 0 ? 1 / Double(a.irrep.dimension + 2) : dimension / 2
          draft.append(i, i, u, irrep, .uuu, isWeighted: false, pathWeight: weight)
        }
      }
    }
    return draft.product(irreps, irreps, sorted: true, .none)
  }

  /// The square of x, for a product of one list of irreps with itself.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>) -> IrrepsTensor<Scalar> { self(x, x) }

  /// Instructions that each have a term of the output of their own.
  private struct Draft {
    var terms: [Irreps<O3>.Term] = []
    var instructions: [Instruction] = []

    mutating func append(
      _ first: Int, _ second: Int, _ multiplicity: Int, _ irrep: O3.Irrep, _ connection: Connection, isWeighted: Bool,
      pathWeight: Double = 1
    ) {
      instructions.append(Instruction(first, second, terms.count, connection, isWeighted: isWeighted, pathWeight: pathWeight))
      terms.append(Irreps<O3>.Term(multiplicity, irrep))
    }

    /// The terms sorted by irrep, and the instructions in their order.
    var sorted: Draft {
      let order = terms.indices.sorted { (terms[$0].irrep, $0) < (terms[$1].irrep, $1) }
      return Draft(
        terms: order.map { terms[$0] },
        instructions: order.enumerated().map { place, old in
          var instruction = instructions[old]
          instruction.output = place
          return instruction
        })
    }

    func product(_ first: Irreps<O3>, _ second: Irreps<O3>, sorted: Bool, _ normalization: IrrepNormalization) -> TensorProduct {
      let draft = sorted ? self.sorted : self
      var generator = RandomSource(seed: 0)  // there are no weights
      return TensorProduct(
        first, second, to: Irreps(draft.terms), instructions: draft.instructions, irrepNormalization: normalization, using: &generator)
    }
  }
}
