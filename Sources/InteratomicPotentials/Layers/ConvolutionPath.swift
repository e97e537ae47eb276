import DifferentiableTensors
import EquivariantLayers
import GroupTheory

/// One path of a convolution: which features meet which harmonics, where the result goes, and which columns of the radial network weigh it.
public struct ConvolutionPath: Sendable, Equatable {
  /// The number of the term of the features.
  public let input: Int
  /// The degree of the harmonics.
  public let degree: Int
  /// The number of the term of the sums, one for each path.
  public let output: Int
  /// The columns of the radial network's last matrix, one for each channel.
  public let columns: Range<Int>
}

extension TensorProduct {
  /// The product of features and harmonics of an edge channel by channel, with a weight for each path and channel, and a term of the output for
  /// each path: by degree, then odd before even, then in the order of input terms and of degrees of the harmonics (the order of e3nn and of the
  /// files of MACE and Nequix). The weights are in this order too, and the factor of a path is √(2l₃+1).
  ///
  /// - Parameters:
  ///   - input: the irreps of the features.
  ///   - harmonics: one term for each degree 0, 1, ...
  ///   - targets: the irreps that are kept.
  ///   - roundsCoefficients: whether the 3j coefficients are those of single precision.
  static func convolution(
    _ input: Irreps<O3>, _ harmonics: Irreps<O3>, to targets: Irreps<O3>, roundsCoefficients: Bool = false
  ) -> TensorProduct {
    let wanted = Set(targets.terms.filter { $0.multiplicity > 0 }.map(\.irrep))
    var drafts: [(input: Int, degree: Int, irrep: O3.Irrep)] = []
    for (i, term) in input.terms.enumerated() where term.multiplicity > 0 {
      for (l, harmonic) in harmonics.terms.enumerated() {
        for irrep in term.irrep * harmonic.irrep where wanted.contains(irrep) { drafts.append((i, l, irrep)) }
      }
    }
    let order = drafts.indices.sorted {
      let (a, b) = (drafts[$0].irrep, drafts[$1].irrep)
      return (a.degree, a.parity.rawValue, $0) < (b.degree, b.parity.rawValue, $1)
    }
    let sorted = order.map { drafts[$0] }
    var generator = RandomSource(seed: 0)  // the weights come with the call
    return TensorProduct(
      input, harmonics, to: Irreps(sorted.map { .init(input.terms[$0.input].multiplicity, $0.irrep) }),
      instructions: sorted.enumerated().map { Instruction($1.input, $1.degree, $0, .uvu) }, ownsWeights: false,
      roundsCoefficients: roundsCoefficients, using: &generator)
  }

  /// The paths of a ``convolution(_:_:to:roundsCoefficients:)``.
  var convolutionPaths: [ConvolutionPath] {
    var column = 0
    return instructions.map { instruction in
      let channels = first.terms[instruction.first].multiplicity
      defer { column += channels }
      return ConvolutionPath(
        input: instruction.first, degree: second.terms[instruction.second].irrep.degree, output: instruction.output,
        columns: column..<column + channels)
    }
  }
}

/// The irreps of harmonics of degrees 0 ... l, all even where features do not tell reflections apart.
func harmonicIrreps(upTo degree: Int, hasParity: Bool) -> Irreps<O3> {
  Irreps((0...degree).map { .init(1, O3.Irrep(degree: $0, parity: hasParity ? Parity(ofDegree: $0) : .even)) })
}
