import CKernels
import DifferentiableTensors
import GroupTheory
import Requirements

/// Features of an atom in one row: terms [2l+1][channels] one after the other, each with its channels padded to whole tiles.
struct PlanTerms: Sendable {
  struct Term: Sendable {
    let degree: Int
    let channels: Int
    let place: Int
    var padding: Int { padded(channels) }
    var dimension: Int { 2 * degree + 1 }
  }
  private(set) var terms: [Term] = []
  private(set) var width = 0

  init(_ terms: [(degree: Int, channels: Int)]) {
    for term in terms {
      self.terms.append(Term(degree: term.degree, channels: term.channels, place: width))
      width += (2 * term.degree + 1) * padded(term.channels)
    }
  }
}

/// A convolution as its kernels read it.
final class ConvolutionPlan: @unchecked Sendable {
  /// One path: channels of an input term, coupled with the harmonics of one degree, added to channels of a slot of the sums.
  struct Path: Sendable {
    /// The term of the input; nil for the number 1, whose degree is 0.
    var term: Int?
    /// The degree of the harmonics.
    var harmonic: Int
    /// The slot of the sums, and its first channel.
    var slot: Int, channel: Int
    /// The channels of the path.
    var channels: Int
    /// What 3j coefficients are multiplied by.
    var factor: Double
    /// Where its weights begin, in a row of weights as the network makes them.
    var weight: Int
  }

  let input: PlanTerms
  let sums: PlanTerms
  /// The number of weights of an edge, each path padded to whole tiles.
  let weights: Int
  /// For each of them its place among those that the network makes; −1 for padding.
  let weightSources: [Int]
  let harmonics: Int
  let form: NumberBlock<ck_convolution>
  /// Multiply-adds of an edge, there and back.
  let multiplyAdds: Int
  private let paths: NumberBlock<ck_convolution_path>
  private let matrices: NumberBlock<ck_convolution_matrix>
  private let terms: NumberBlock<ck_convolution_term>

  private struct Coupling: Hashable {
    let l1: Int, l2: Int, l3: Int
    let factor: Double
  }

  /// - Parameters:
  ///   - input: the terms of the sender's features.
  ///   - sums: the slots of the sums.
  ///   - paths: the couplings. Where several write to one slot their channels must not overlap within a tile unless they begin together.
  ///   - largestHarmonic: degree up to which an edge has harmonics, in component normalisation.
  ///   - polynomialDegree: of the piecewise polynomials that the weights are.
  ///   - coefficients: the 3j coefficients of a triple of degrees [2l₁+1, 2l₂+1, 2l₃+1] as the model keeps them.
  init(
    input: PlanTerms, sums: PlanTerms, paths: [Path], largestHarmonic: Int, polynomialDegree: Int,
    coefficients: (Int, Int, Int) -> [Double]
  ) {
    (self.input, self.sums) = (input, sums)
    harmonics = (largestHarmonic + 1) * (largestHarmonic + 1)
    var (made, matrices, terms): ([ck_convolution_path], [ck_convolution_matrix], [ck_convolution_term]) = ([], [], [])
    var (known, entries, sources): ([Coupling: Int], Int, [Int]) = ([:], 0, [])
    var cost = 0
    for path in paths {
      let (l1, l3) = (path.term.map { input.terms[$0].degree } ?? 0, sums.terms[path.slot].degree)
      let values = coefficients(l1, path.harmonic, l3).map { $0 * path.factor }
      let slot = sums.terms[path.slot]
      var result = ck_convolution_path()
      (result.l1, result.l3, result.channels) = (Int32(l1), Int32(l3), Int32(padded(path.channels)))
      result.x = Int32(path.term.map { input.terms[$0].place } ?? -1)
      (result.sums, result.step) = (Int32(slot.place + path.channel), Int32(slot.padding))
      require(
        path.channel % Int(CK_TILE) == 0 && path.channel + padded(path.channels) <= slot.padding,
        "whole tiles of a slot of \(slot.padding) channels are expected, received \(path.channels) from \(path.channel) on")
      result.weight = Int32(sources.count)
      sources += (0..<padded(path.channels)).map { $0 < path.channels ? path.weight + $0 : -1 }
      if path.harmonic == 0 {
        (result.matrix, result.diagonal) = (-1, values[0])
      } else {
        let coupling = Coupling(l1: l1, l2: path.harmonic, l3: l3, factor: path.factor)
        if known[coupling] == nil {
          known[coupling] = matrices.count
          let (d1, d2, d3) = (2 * l1 + 1, 2 * path.harmonic + 1, 2 * l3 + 1)
          let start = terms.count
          for j in 0..<d2 {
            for i in 0..<d1 {
              for k in 0..<d3 where values[(i * d2 + j) * d3 + k] != 0 {
                terms.append(
                  ck_convolution_term(
                    entry: Int32(i * d3 + k), harmonic: Int32(path.harmonic * path.harmonic + j), value: values[(i * d2 + j) * d3 + k]))
              }
            }
          }
          matrices.append(
            ck_convolution_matrix(place: Int32(entries), size: Int32(d1 * d3), terms: Int32(start), terms_end: Int32(terms.count)))
          entries += d1 * d3
        }
        result.matrix = Int32(known[coupling]!)
      }
      made.append(result)
      let (d1, d3) = (2 * l1 + 1, 2 * l3 + 1)
      // Sums; then gradients of features, of the length and of the matrix.
      cost += padded(path.channels) * (path.harmonic == 0 ? d1 + 2 * d1 + 1 : d1 * d3 + d3 + d1 * (2 * d3 + 3))
    }
    weightSources = sources
    weights = sources.count
    // Values of the weights; then values and derivatives.
    multiplyAdds = cost + weights * (3 * polynomialDegree - 1)
    (self.paths, self.matrices, self.terms) = (NumberBlock(made), NumberBlock(matrices), NumberBlock(terms))
    form = NumberBlock([
      ck_convolution(
        paths: Int32(made.count), matrices: Int32(matrices.count), path: self.paths.pointer, matrix: self.matrices.pointer,
        term: self.terms.pointer, entries: Int32(max(entries, 1)), harmonics: Int32(harmonics), x_width: Int32(input.width),
        sums_width: Int32(sums.width), weights: Int32(weights), degree: Int32(polynomialDegree))
    ])
  }
}

extension NumberBlock {
  /// Anything as it is.
  convenience init(_ values: [Scalar]) {
    self.init(count: values.count)
    for (i, value) in values.enumerated() { (pointer + i).initialize(to: value) }
  }
}
