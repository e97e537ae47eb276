import DifferentiableTensors
import GroupTheory
import NeuralModules
import Requirements

/// How the paths into one output are scaled, so that outputs have variance 1 if inputs and weights do.
public enum PathNormalization: Sendable {
  /// Every element counts the same: the factor is 1/√(all channels that reach the output). It does not depend on how equal irreps are
  /// grouped.
  case element
  /// Every path counts the same: the factor is 1/√(paths into the output · channels of the path).
  case path
}

/// The equivariant linear map, which mixes the channels of each irrep: y = α Σ x W over the input terms with the irrep of the output
/// (e3nn's `o3.Linear`).
///
/// There is one weight [inputs, outputs] for each pair of an input and an output term of the same irrep, and optionally a bias for each
/// channel of 0e. An output term that no input term reaches is zero.
public struct EquivariantLinear<Scalar: TensorScalar>: Layer {
  /// A pair of terms of the same irrep.
  public struct Path: Sendable, Equatable {
    /// The number of the input term.
    public let input: Int
    /// The number of the output term.
    public let output: Int
    /// The factor α of the weight.
    public let factor: Double
  }

  /// The irreps of the input.
  public let input: Irreps<O3>
  /// The irreps of the output.
  public let output: Irreps<O3>
  /// The paths, ordered by input term, then by output term, as in e3nn. Terms of multiplicity 0 have none.
  public let paths: [Path]
  /// One weight [input channels, output channels] for each path; initially standard normal.
  public var weights: [Tensor<Scalar>]
  /// The biases of the channels of all 0e terms of the output, one after the other; initially 0.
  public var bias: Tensor<Scalar>?

  /// A map between two lists of irreps.
  public init(
    _ input: Irreps<O3>, to output: Irreps<O3>, bias: Bool = false, normalization: PathNormalization = .element,
    using generator: inout some RandomNumberGenerator
  ) {
    (self.input, self.output) = (input, output)
    let pairs = input.terms.indices.flatMap { i in
      output.terms.indices.filter { o in
        let (from, to) = (input.terms[i], output.terms[o])
        return from.irrep == to.irrep && from.multiplicity * to.multiplicity > 0
      }.map { (i, $0) }
    }
    paths = pairs.map { i, o in
      let sources = pairs.filter { $0.1 == o }.map { input.terms[$0.0].multiplicity }
      let count = normalization == .element ? sources.reduce(0, +) : sources.count * input.terms[i].multiplicity
      return Path(input: i, output: o, factor: 1 / Double(count).squareRoot())
    }
    weights = paths.map { .normal([input.terms[$0.input].multiplicity, output.terms[$0.output].multiplicity], using: &generator) }
    let scalars = output.multiplicity(of: .scalar)
    self.bias = bias && scalars > 0 ? .zeros([scalars]) : nil
  }

  /// The mapped features. Traps unless the features have the irreps ``input``.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>) -> IrrepsTensor<Scalar> {
    x.check(irreps: input)
    let parts = x.parts
    var sums = [Tensor<Scalar>?](repeating: nil, count: output.terms.count)
    for (path, weight) in zip(paths, weights) {
      let product = Tensor.matmul(parts[path.input], weight * Scalar(path.factor))
      sums[path.output] = sums[path.output].map { $0 + product } ?? product
    }
    var nextBias = 0
    let results = zip(sums, output.terms).map { sum, term in
      let linear = sum ?? .zeros(Shape(x.outerShape + [term.irrep.dimension, term.multiplicity]))
      guard let bias, term.irrep == .scalar else { return linear }
      defer { nextBias += term.multiplicity }
      return linear + bias.sliced(axis: 0, nextBias..<nextBias + term.multiplicity)
    }
    return IrrepsTensor(parts: results, irreps: output, outerShape: x.outerShape)
  }

  /// Visits weight.i.o for the path from input term i to output term o, and bias.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    for (i, path) in paths.enumerated() { visitor("weight.\(path.input).\(path.output)", &weights[i]) }
    visitor("bias", &bias)
  }
}

extension EquivariantLinear {
  /// All weights in e3nn's flat order, that of its parameter `weight`; `bias` is the same in both. A new value must have the same number of
  /// elements.
  public var e3nnWeight: Tensor<Scalar> {
    get { weights.isEmpty ? Tensor([]) : .concatenated(weights.map { $0.reshaped($0.count) }) }
    set {
      let count = weights.reduce(0) { $0 + $1.count }
      require(newValue.shape == [count], "expected \(count) weights from \(input) to \(output), received shape \(newValue.shape)")
      var start = 0
      for i in weights.indices {
        let range = start..<start + weights[i].count
        weights[i] = newValue.sliced(axis: 0, range).reshaped(to: weights[i].shape)
        start = range.upperBound
      }
    }
  }
}

extension O3.Irrep {
  /// The irrep 0e.
  static var scalar: O3.Irrep { O3.Irrep(degree: 0, parity: .even) }
}
