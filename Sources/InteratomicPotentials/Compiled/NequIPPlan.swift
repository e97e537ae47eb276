import CKernels
import DifferentiableTensors
import EquivariantLayers
import GroupTheory
import NeuralModules

extension CutoffFunction {
  /// The lengths below the radius at which a derivative of the function jumps.
  var kinks: [Double] {
    if case .switching(let start) = shape { [start] } else { [] }
  }
}

/// A layer of a compiled NequIP: the constants of its kernels.
struct NequIPPlanLayer<Scalar: TensorScalar>: Sendable {
  let convolution: ConvolutionPlan
  let tables: RadialTableSet<Scalar>
  let keys: TableKeys
  /// From the sums to the argument of the gate, one matrix for each of its terms; empty where the tables contain them, as those of the first
  /// layer do.
  let second: [PlanMatrix<Scalar>?]
  /// The argument of the gate.
  let argument: PlanTerms
  /// From the terms of the features to those of the argument: by element, or for all of them; empty for none.
  let own: [[(input: Int, output: Int, matrix: PlanMatrix<Scalar>)]]
  /// What is added to the argument in the first layer, by element; nil in others.
  let constants: [NumberBlock<Scalar>]?
  let norm: NormPlan<Scalar>?
  let gate: GatePlan
  let result: PlanTerms
  /// From the result to what the next layer sends.
  let sent: PlanTerms
  let first: [PlanMatrix<Scalar>]
}

/// A gate as its kernel reads it.
final class GatePlan: @unchecked Sendable {
  let form: NumberBlock<ck_gate>
  private let pieces: NumberBlock<ck_gate_piece>
  private let terms: NumberBlock<ck_gate_term>

  /// The gate of the features `output`, whose argument has one term for each irrep.
  init(_ output: Irreps<O3>, argument: Irreps<O3>, _ places: PlanTerms, to result: PlanTerms, normalization: ActivationNormalization) throws
  {
    var seen: Set<O3.Irrep> = []
    for term in output.terms where !seen.insert(term.irrep).inserted {
      throw CompilationError(cause: "the features of a layer have \(term.irrep) twice, \(output)")
    }
    let numbers = Dictionary(uniqueKeysWithValues: argument.terms.enumerated().map { ($1.irrep, $0) })
    let even = O3.Irrep(degree: 0, parity: .even)
    var (pieces, terms): ([ck_gate_piece], [ck_gate_term]) = ([], [])
    var (activated, gates) = (0, 0)
    func activate(_ source: Int, _ count: Int, _ activation: Activation) -> Int {
      let kind = activation == .silu ? CK_GATE_SILU : CK_GATE_TANH
      pieces.append(
        ck_gate_piece(
          source: Int32(source), count: Int32(count), kind: Int32(kind), factor: activation.factor(normalization)))
      defer { activated += count }
      return activated
    }
    for (k, term) in output.terms.enumerated() where term.irrep.degree == 0 {
      let place = places.terms[numbers[term.irrep]!].place
      let gate = activate(place, term.multiplicity, term.irrep == even ? .silu : .tanh)
      terms.append(
        ck_gate_term(source: -1, dimension: 1, channels: Int32(term.multiplicity), gate: Int32(gate), target: Int32(result.terms[k].place)))
      if term.irrep == even { gates = place + term.multiplicity }
    }
    if output.multiplicity(of: even) == 0, let number = numbers[even] { gates = places.terms[number].place }
    for (k, term) in output.terms.enumerated() where term.irrep.degree > 0 {
      let gate = activate(gates, term.multiplicity, .silu)
      gates += term.multiplicity
      // Components lie whole tiles apart, however many channels they have.
      let (source, target) = (places.terms[numbers[term.irrep]!], result.terms[k])
      for m in 0..<term.irrep.dimension {
        terms.append(
          ck_gate_term(
            source: Int32(source.place + m * source.padding), dimension: 1, channels: Int32(term.multiplicity), gate: Int32(gate),
            target: Int32(target.place + m * target.padding)))
      }
    }
    (self.pieces, self.terms) = (NumberBlock(pieces), NumberBlock(terms))
    form = NumberBlock([
      ck_gate(
        pieces: Int32(pieces.count), terms: Int32(terms.count), activated: Int32(activated), piece: self.pieces.pointer,
        term: self.terms.pointer)
    ])
  }
}

/// A root-mean-square norm as its kernel reads it.
final class NormPlan<Scalar: TensorScalar>: @unchecked Sendable {
  let form: NumberBlock<ck_rms_norm>
  /// Ones: the kernel's scales. Those of the model are applied apart, since some are so small that nothing can be divided by them.
  let ones: NumberBlock<Scalar>
  /// The scale of each element of a row.
  let factors: NumberBlock<Scalar>
  private let lists: [NumberBlock<Int32>]
  private let weights: NumberBlock<Double>

  init(_ norm: IrrepsRMSNorm<Double>, _ places: PlanTerms) {
    var (factors, start) = ([Double](), 0)
    let given = norm.scales.elements
    for term in places.terms {
      let own = given[start..<start + term.channels] + [Double](repeating: 0, count: term.padding - term.channels)
      for _ in 0..<term.dimension { factors += own }
      start += term.channels
    }
    let terms = places.terms
    self.factors = NumberBlock<Scalar>(rounding: factors)
    ones = NumberBlock<Scalar>(rounding: [Double](repeating: 1, count: terms.reduce(0) { $0 + $1.padding }))
    lists = [terms.map { Int32($0.place) }, terms.map { Int32($0.dimension) }, terms.map { Int32($0.padding) }].map { NumberBlock($0) }
    weights = NumberBlock<Double>(terms.map { 1 / Double($0.dimension * $0.dimension * terms.count) })
    form = NumberBlock([
      ck_rms_norm(
        terms: Int32(terms.count), place: lists[0].pointer, dimension: lists[1].pointer, channels: lists[2].pointer,
        weight: weights.pointer,
        epsilon: 1e-12)
    ])
  }
}

/// A NequIP, compiled: the constants of all kernels, made once.
struct NequIPPlan<Scalar: TensorScalar>: Sendable {
  let elements: Int
  let cutoff: Double
  let largestHarmonic: Int
  let intervals: Int
  let layers: [NequIPPlanLayer<Scalar>]
  /// By element, one number for each even scalar of the last layer, from `readoutPlace` on.
  let readout: [[Scalar]]
  let readoutPlace: Int
  let offsets: [Double]
  let tableError: Double

  init(_ model: NequIP<Double>, degree: Int, tolerance: Double) throws {
    let count = model.elements.count
    (elements, cutoff, largestHarmonic) = (count, model.cutoff, model.configuration.degree)
    let (basis, envelope) = (model.basis, model.envelope)
    let networks = model.layers.map { layer -> @Sendable ([Double]) -> DenseMatrix in
      { lengths in
        let functions = basis(positiveLengths(lengths)) * envelope(Tensor(lengths)).expandingAxis(-1)
        return layer.radial.features(functions, scale: layer.scale, envelope: nil)
      }
    }
    let joints = model.envelope.kinks
    let fits = eachConcurrently(Array(model.layers.indices)) { t in
      let sample = DenseMatrix(model.layers[t].radial.last).sampledColumns(64)
      return RadialTable.intervals(cutoff: model.cutoff, degree: degree, tolerance: tolerance, joints: joints) { networks[t]($0) * sample }
    }
    let intervals = fits.map(\.count).max() ?? 1
    (self.intervals, tableError) = (intervals, fits.map(\.error).max() ?? 0)
    let lengths = RadialTable.lengths(cutoff: model.cutoff, intervals: intervals, degree: degree)
    let coefficients = planCoefficients(rounded: model.configuration.roundsCoefficients)
    let embedding = DenseMatrix(model.embedding)

    layers = try model.layers.indices.map { t in
      let layer = model.layers[t]
      let gateInput = layer.gate.input
      let argument = PlanTerms(gateInput.terms.map { ($0.irrep.degree, $0.multiplicity) })
      let paths = layer.paths.map { path in
        (path: path, slot: gateInput.terms.firstIndex { $0.irrep == layer.product.output.terms[path.output].irrep }!)
      }
      let network = networks[t]
      let (plan, weights): (ConvolutionPlan, @Sendable (Int) -> DenseMatrix)
      let last = DenseMatrix(layer.radial.last)
      if t == 0 {
        // Scalars of the element of the neighbour alone: weights, features and mixing are one function of the length.
        let reached = gateInput.terms.indices.filter { slot in paths.contains { $0.slot == slot } }
        var column = 0
        let joined = reached.map { slot in
          defer { column += argument.terms[slot].channels }
          return ConvolutionPlan.Path(
            term: nil, harmonic: argument.terms[slot].degree, slot: slot, channel: 0, channels: argument.terms[slot].channels, factor: 1,
            weight: column)
        }
        plan = ConvolutionPlan(
          input: PlanTerms([]), sums: argument, paths: joined, largestHarmonic: model.configuration.degree, polynomialDegree: degree,
          coefficients: coefficients)
        let maps = reached.map { slot in
          paths.filter { $0.slot == slot }.map { (columns: $0.path.columns, matrix: layer.second.matrix($0.path.output, slot)) }
        }
        let sent = (0..<count).map { z in (embedding.rows(z..<z + 1) * layer.first.matrix(0, 0)).elements }
        weights = { neighbor in
          .beside(
            maps.map { parts in
              let sums = parts.map { last.columns($0.columns) * $0.matrix.scalingRows(sent[neighbor]) }
              var total = sums[0]
              for other in sums.dropFirst() { for i in total.elements.indices { total.elements[i] += other.elements[i] } }
              return total
            })
        }
      } else {
        let input = PlanTerms(layer.input.terms.map { ($0.irrep.degree, $0.multiplicity) })
        var places = [Int](repeating: 0, count: gateInput.terms.count)
        let all = paths.map { path, slot in
          let channels = layer.input.terms[path.input].multiplicity
          defer { places[slot] += padded(channels) }
          return ConvolutionPlan.Path(
            term: path.input, harmonic: path.degree, slot: slot, channel: places[slot], channels: channels, factor: 1,
            weight: path.columns.lowerBound)
        }
        plan = ConvolutionPlan(
          input: input, sums: PlanTerms(gateInput.terms.indices.map { (gateInput.terms[$0].irrep.degree, places[$0]) }), paths: all,
          largestHarmonic: model.configuration.degree, polynomialDegree: degree, coefficients: coefficients)
        weights = { _ in last }
      }
      let result = PlanTerms(layer.output.terms.map { ($0.irrep.degree, $0.multiplicity) })
      let following = t + 1 < model.layers.count ? model.layers[t + 1].first : nil
      return NequIPPlanLayer(
        convolution: plan,
        tables: RadialTableSet(
          intervals: intervals, degree: degree, sources: plan.weightSources, isHiddenShared: true, hidden: { _ in network(lengths) },
          weights: weights),
        keys: t == 0 ? .neighbor : .none,
        second: t == 0
          ? []
          : gateInput.terms.indices.map { slot in
            let parts = paths.filter { $0.slot == slot }.map { path, _ in
              let matrix = layer.second.matrix(path.output, slot)
              return matrix.spreadingRows(blocks: matrix.rows)
            }
            return parts.isEmpty ? nil : PlanMatrix(.stacked(parts))
          },
        argument: argument, own: t == 0 ? [] : NequIPPlan.own(layer),
        constants: t == 0 ? NequIPPlan.constants(layer, embedding, argument) : nil,
        norm: layer.norm.map { NormPlan($0, argument) },
        gate: try GatePlan(layer.output, argument: gateInput, argument, to: result, normalization: model.configuration.activations),
        result: result, sent: following == nil ? PlanTerms([]) : result,
        first: following.map { first in first.input.terms.indices.map { PlanMatrix(first.matrix($0, $0)) } } ?? [])
    }
    let last = model.layers[model.layers.count - 1].output
    let scalars = last.terms.firstIndex { $0.irrep == O3.Irrep(degree: 0, parity: .even) }!
    readoutPlace = layers[layers.count - 1].result.terms[scalars].place
    let (weights, scales) = (model.readout.elements, model.scales.elements)
    readout = (0..<count).map { z in weights.map { Scalar($0 * scales[z]) } }
    offsets = model.shifts.elements
  }

  private static func own(_ layer: NequIPLayer<Double>) -> [[(input: Int, output: Int, matrix: PlanMatrix<Scalar>)]] {
    guard let own = layer.own else { return [] }
    return (0..<own.elements).map { z in
      own.paths.map { ($0.input, $0.output, PlanMatrix(own.matrix($0.input, $0.output, element: z))) }
    }
  }

  private static func constants(_ layer: NequIPLayer<Double>, _ embedding: DenseMatrix, _ argument: PlanTerms) -> [NumberBlock<Scalar>]? {
    guard let own = layer.own else { return nil }
    return (0..<embedding.rows).map { z in
      var values = [Double](repeating: 0, count: argument.width)
      for path in own.paths where path.input == 0 {
        let row = embedding.rows(z..<z + 1) * own.matrix(0, path.output, element: z)
        for (c, value) in row.elements.enumerated() { values[argument.terms[path.output].place + c] = value }
      }
      return NumberBlock<Scalar>(rounding: values)
    }
  }
}
