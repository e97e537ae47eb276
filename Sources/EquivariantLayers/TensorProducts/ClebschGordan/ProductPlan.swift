import DifferentiableTensors
import GroupTheory

/// How the instructions of a product are carried out: one form channel by channel, whose rows are the output or, where instructions mix
/// channels, an intermediate, in which the pairs of channels of all instructions that reach one output lie side by side; one matrix product
/// follows for each such output.
struct ProductPlan<Scalar: TensorScalar>: Sendable {
  /// A term of the output as mixed from the intermediate.
  struct Mixture: Sendable {
    /// The number of the term of the output.
    var output: Int
    /// Where the channels to be mixed lie in a row of the intermediate, [2l+1, channels].
    var range: Range<Int>
    /// The weights, one range [channels, multiplicity] after the other.
    var weights: [Range<Int>]
  }

  let form: CouplingForm<Scalar>
  let mixtures: [Mixture]
  /// The number of each term of the output among the terms of the intermediate that need no mixing, and its range there; nil where there is
  /// none.
  let direct: [Range<Int>?]
  let multiplyAdds: Int

  init(
    _ first: Irreps<O3>, _ second: Irreps<O3>, _ output: Irreps<O3>, _ instructions: [TensorProduct<Scalar>.Instruction],
    _ factors: [Double],
    _ weightRanges: [Range<Int>],
    roundsCoefficients: Bool
  ) {
    typealias Form = CouplingForm<Scalar>
    func channels(_ i: TensorProduct<Scalar>.Instruction) -> Int {
      let u = first.terms[i.first].multiplicity
      return i.connection == .uuw ? u : u * second.terms[i.second].multiplicity
    }
    func mixes(_ i: TensorProduct<Scalar>.Instruction) -> Bool {
      [.uvw, .uuw].contains(i.connection) && output.terms[i.output].multiplicity > 0
    }
    let mixing = Dictionary(grouping: instructions.indices.filter { mixes(instructions[$0]) }) { instructions[$0].output }
    var width = 0
    func place(_ count: Int) -> Range<Int> {
      defer { width += count }
      return width..<width + count
    }
    let reached = Set(instructions.filter { ![.uvw, .uuw].contains($0.connection) }.map(\.output))
    direct = output.terms.enumerated().map { n, term in mixing.isEmpty || reached.contains(n) ? place(term.dimension) : nil }
    mixtures = output.terms.enumerated().compactMap { n, term in
      guard let sources = mixing[n] else { return nil }
      return Mixture(
        output: n, range: place(sources.reduce(0) { $0 + channels(instructions[$1]) } * term.irrep.dimension),
        weights: sources.map { weightRanges[$0] })
    }
    let mixtureOf = Dictionary(uniqueKeysWithValues: mixtures.map { ($0.output, $0) })
    let (firstSlices, secondSlices) = (first.slices, second.slices)
    var filled = [Int: Int]()  // channels of each mixture that have a source already
    var paths: [Form.Path] = []
    for (n, i) in instructions.enumerated() {
      let (a, b, c) = (first.terms[i.first], second.terms[i.second], output.terms[i.output])
      let (u, v) = (a.multiplicity, b.multiplicity)
      if u * v * c.multiplicity == 0 { continue }
      let exact = CouplingCoefficients.wigner3j(a.irrep.degree, b.irrep.degree, c.irrep.degree)
      let coefficients = roundsCoefficients ? exact.roundedToFloat : exact
      var target: Form.Place
      if mixes(i), let mixture = mixtureOf[i.output] {
        target = Form.Place(start: mixture.range.lowerBound + filled[i.output, default: 0], step: mixture.range.count / c.irrep.dimension)
        filled[i.output, default: 0] += channels(i)
      } else {
        target = Form.Place(start: direct[i.output]!.lowerBound, step: c.multiplicity)
      }
      let (x, y) = (
        Form.Place(start: firstSlices[i.first].lowerBound, step: u), Form.Place(start: secondSlices[i.second].lowerBound, step: v)
      )
      let weight = i.isWeighted && !mixes(i) ? weightRanges[n].lowerBound : nil
      func add(_ kind: Form.Kind, channels: Int, x: Form.Place, y: Form.Place, z: Form.Place, weight: Int?) {
        paths.append(
          Form.Path(
            coefficients: coefficients, kind: kind, channels: channels, x: x, y: y, z: z, weight: weight, factor: factors[n]))
      }
      /// The place of another channel.
      func moved(_ place: Form.Place, _ channel: Int) -> Form.Place { Form.Place(start: place.start + channel, step: place.step) }
      switch i.connection {
      case .uuu, .uuw:
        add(.elementwise, channels: u, x: x, y: y, z: target, weight: weight)
      case .uvu:
        for k in 0..<v { add(.scalarSecond, channels: u, x: x, y: moved(y, k), z: target, weight: weight.map { $0 + k * u }) }
      case .uvv:
        for k in 0..<u { add(.scalarFirst, channels: v, x: moved(x, k), y: y, z: target, weight: weight.map { $0 + k * v }) }
      case .pairs:
        var next = 0
        for k in 0..<u - 1 {
          add(
            .scalarFirst, channels: u - 1 - k, x: moved(x, k), y: moved(y, k + 1), z: moved(target, next), weight: weight.map { $0 + next })
          next += u - 1 - k
        }
      case .uvuv, .uvw:
        if v == 1 {
          add(.scalarSecond, channels: u, x: x, y: y, z: target, weight: weight)
        } else {
          for k in 0..<u {
            add(.scalarFirst, channels: v, x: moved(x, k), y: y, z: moved(target, k * v), weight: weight.map { $0 + k * v })
          }
        }
      }
    }
    let weights = weightRanges.last?.upperBound ?? 0
    form = CouplingForm(widths: [first.dimension, second.dimension, width, weights], paths)
    multiplyAdds = form.multiplyAdds + mixtures.reduce(0) { $0 + $1.range.count * output.terms[$1.output].multiplicity }
  }

  /// The output from rows of the form, mixed with weights [weightCount], or with [rows, weightCount] for each row.
  func mixed(_ rows: Tensor<Scalar>, _ weights: Tensor<Scalar>?, to output: Irreps<O3>) -> Tensor<Scalar> {
    if mixtures.isEmpty { return rows }
    let count = rows.shape[0]
    let parts = output.terms.enumerated().map { n, term -> Tensor<Scalar> in
      var sum = direct[n].map { rows.sliced(axis: -1, $0) }
      if let mixture = mixtures.first(where: { $0.output == n }), let weights, mixture.range.count > 0 {
        let channels = mixture.range.count / term.irrep.dimension
        let matrices = mixture.weights.map {
          let outer = weights.shape.dimensions.dropLast()
          return weights.sliced(axis: -1, $0).reshaped(to: Shape(outer + [$0.count / term.multiplicity, term.multiplicity]))
        }
        let source = rows.sliced(axis: -1, mixture.range).reshaped(count, term.irrep.dimension, channels)
        let product = Tensor.matmul(source, .concatenated(matrices, axis: -2)).reshaped(count, term.dimension)
        sum = sum.map { $0 + product } ?? product
      }
      return sum ?? .zeros([count, term.dimension])
    }
    return .joined(parts, outerShape: [count])
  }
}
