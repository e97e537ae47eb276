import DifferentiableTensors
import GroupTheory
import NeuralModules
import Requirements

/// A nonlinearity that activates scalars, and multiplies each other irrep by an activated scalar, its gate (Weiler et al. 2018; e3nn's
/// `Gate`).
///
/// The input consists of scalars, gates and gated irreps, the output of the activated scalars, followed by the gated irreps. An odd gate
/// changes the parity of what it multiplies.
public struct Gate<Scalar: TensorScalar>: Layer {
  /// The order of the input.
  public enum InputOrder: Sendable {
    /// Scalars, gates and gated irreps follow one another, as given.
    case given
    /// All terms are sorted by degree, odd before even, and merged, as in e3nn's `Gate.irreps_in`.
    case e3nn
  }
  /// Channels of a term.
  private struct Piece: Sendable {
    let term: Int
    let channels: Range<Int>
  }

  /// The irreps of the input.
  public let input: Irreps<O3>
  /// The irreps of the output.
  public let output: Irreps<O3>
  /// Activations of the scalars, then of the gates.
  private let scalars: ScalarActivation<Scalar>, gates: ScalarActivation<Scalar>
  /// Where the terms of scalars, gates and gated irreps lie in the input.
  private let places: [Piece]
  /// The gated terms, cut where the parity of their gates changes, and the gates of each piece.
  private let gated: [(source: Piece, gates: Range<Int>)]

  /// - Parameters:
  ///   - scalars: the scalars, which are irreps of degree 0.
  ///   - scalarActivations: an activation for each term of `scalars`.
  ///   - gates: the gates, which are irreps of degree 0, as many as there are irreps in `gated`.
  ///   - gateActivations: an activation for each term of `gates`.
  ///   - gated: the irreps that are multiplied by the gates.
  ///   - normalization: the factor of the activations.
  ///   - order: the order of the input.
  public init(
    scalars: Irreps<O3>, _ scalarActivations: [Activation], gates: Irreps<O3>, _ gateActivations: [Activation], gated: Irreps<O3>,
    normalization: ActivationNormalization = .secondMoment, order: InputOrder = .given
  ) {
    require(
      gates.irrepCount == gated.irrepCount, "expected \(gated.irrepCount) gates for \(gated), received \(gates.irrepCount) in \(gates)")
    self.scalars = ScalarActivation(scalars, scalarActivations, normalization: normalization)
    self.gates = ScalarActivation(gates, gateActivations, normalization: normalization)

    let given = scalars.terms + gates.terms + gated.terms
    func rank(_ i: Int) -> (Int, Int, Int) { (given[i].irrep.degree, given[i].irrep.parity.rawValue, i) }
    let sequence = order == .given ? Array(given.indices) : given.indices.sorted { rank($0) < rank($1) }
    var terms: [Irreps<O3>.Term] = []
    var places = [Piece](repeating: Piece(term: 0, channels: 0..<0), count: given.count)
    for i in sequence {
      let merges = order == .e3nn && terms.last?.irrep == given[i].irrep
      let start = merges ? terms.removeLast().multiplicity : 0
      let end = start + given[i].multiplicity
      places[i] = Piece(term: terms.count, channels: start..<end)
      terms.append(Irreps.Term(end, given[i].irrep))
    }
    input = Irreps(terms)
    self.places = places

    let parities = self.gates.output.terms.flatMap { Array(repeating: $0.irrep.parity, count: $0.multiplicity) }
    var pieces: [(Piece, Range<Int>)] = []
    var gatedTerms: [Irreps<O3>.Term] = []
    var gate = 0
    for (term, place) in zip(gated.terms, places.suffix(gated.terms.count)) {
      var channel = 0
      while channel < term.multiplicity {
        let run = parities[gate..<gate + term.multiplicity - channel].prefix { $0 == parities[gate] }.count
        let start = place.channels.lowerBound + channel
        pieces.append((Piece(term: place.term, channels: start..<start + run), gate..<gate + run))
        gatedTerms.append(Irreps.Term(run, O3.Irrep(degree: term.irrep.degree, parity: term.irrep.parity * parities[gate])))
        (channel, gate) = (channel + run, gate + run)
      }
    }
    self.gated = pieces
    output = self.scalars.output + Irreps(gatedTerms)
  }

  /// The activated scalars and the gated irreps. Traps unless the features have the irreps ``input``.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>) -> IrrepsTensor<Scalar> {
    x.check(irreps: input)
    let parts = x.parts
    func channels(_ piece: Piece) -> Tensor<Scalar> { parts[piece.term].sliced(axis: -1, piece.channels) }
    func activated(_ places: ArraySlice<Piece>, _ layer: ScalarActivation<Scalar>) -> [Tensor<Scalar>] {
      zip(places, layer.activations).map { $1!(channels($0), layer.normalization) }
    }
    let scalarCount = scalars.input.terms.count
    var results = activated(places[..<scalarCount], scalars)
    if !gated.isEmpty {
      let factors = Tensor.concatenated(activated(places[scalarCount...], gates))
      results += gated.map { channels($0.source) * factors.sliced(axis: -1, $0.gates) }
    }
    return IrrepsTensor(parts: results, irreps: output, outerShape: x.outerShape)
  }

  /// Visits nothing, since the layer has no parameters.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {}
}
