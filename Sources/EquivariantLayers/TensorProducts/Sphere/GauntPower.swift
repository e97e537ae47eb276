import DifferentiableTensors
import GroupTheory
import NeuralModules
import Requirements

/// The many-body Gaunt product (Luo, Chen and Krishnapriyan, ICLR 2024): powers of functions on the sphere, weighted and summed over the
/// orders, in the place of a symmetric contraction of Clebsch-Gordan products.
///
/// With f = Σ x_lm Y_lm in harmonics of component normalisation, channel by channel, the result holds the coefficients
///
///     z_lm = Σ_ν w_ν,l ⟨f^ν Y_lm⟩,   ν = 1 ... N,
///
/// where ⟨⟩ is the mean over the sphere, with weights by order, degree and channel and, where wanted, by the species of each row. Each
/// power is the product of two of half the order, which carry no degree that the results do not need.
public struct GauntPower<Scalar: TensorScalar>: Layer {
  /// The irreps of the features.
  public var input: Irreps<O3> { first.irreps }
  /// The irreps of the result.
  public var output: Irreps<O3> { result.irreps }
  /// N.
  public let order: Int
  /// w, [species, orders · degrees of the result, channels]: by order, then by degree.
  public var weights: Tensor<Scalar>
  private let first: SphereSignal
  private let result: SphereSignal
  private let method: GauntMethod
  private let table: GauntMethodTable

  /// - Parameters:
  ///   - input: functions on the sphere: distinct degrees in ascending order with equal multiplicities, and parities (−1)^l.
  ///   - order: N, at least 1.
  ///   - output: the same, with the channels of `input`; traps where not even the power N reaches a degree.
  ///   - species: the number of sets of weights.
  ///   - method: how products are computed.
  ///   - table: the table by which `.automatic` chooses.
  ///   - generator: the source of the weights, which are initially standard normal.
  public init(
    _ input: Irreps<O3>, order: Int, to output: Irreps<O3>, species: Int = 1, method: GauntMethod = .automatic,
    table: GauntMethodTable = .measured, using generator: inout some RandomNumberGenerator
  ) {
    (first, result, self.order, self.method, self.table) = (SphereSignal(input), SphereSignal(output), order, method, table)
    require(order >= 1 && species >= 1, "expected at least one order and one species, received \(order) and \(species)")
    require(
      first.parity == .even && result.parity == .even,
      "expected parities (-1)^l, whose powers have them too, received \(input) and \(output)")
    require(first.channels == result.channels, "expected \(first.channels) channels, received \(result.channels)")
    // Degrees of ever longer products of the ones that occur.
    var reached = Set(first.degrees)
    for _ in 1..<order {
      for l1 in reached {
        for l2 in first.degrees { for l in stride(from: abs(l1 - l2), through: l1 + l2, by: 2) { reached.insert(l) } }
      }
    }
    for term in output.terms {
      require(reached.contains(term.irrep.degree), "no path of powers up to \(order) of \(input) reaches \(term.irrep)")
    }
    weights = .normal([species, order * result.degrees.count, first.channels], using: &generator)
  }

  /// The weighted powers, where there is one species; traps unless the features are of ``input``.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>) -> IrrepsTensor<Scalar> {
    require(weights.shape[0] == 1, "expected the species of each row, out of \(weights.shape[0]), received none")
    return sum(x) { $0.reshaped($0.shape[1], first.channels) }
  }

  /// The powers of features [rows, dimension] weighted by the species of each row.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>, species: RowIndex) -> IrrepsTensor<Scalar> {
    require(
      [species.count] == x.outerShape && species.rowCount == weights.shape[0],
      "expected a species, out of \(weights.shape[0]), for each row of \(x.tensor.shape), received \(species.count) of \(species.rowCount)")
    return sum(x) { $0.gathered(species) }
  }

  /// - Parameter rows: gives the factors of the coefficients from weights [species, (L+1)², channels].
  private func sum(_ x: IrrepsTensor<Scalar>, rows: (Tensor<Scalar>) -> Tensor<Scalar>) -> IrrepsTensor<Scalar> {
    let degrees = result.degrees.count
    var sum: Tensor<Scalar>?
    for (i, power) in powers(of: first.coefficients(x)).enumerated() {
      let term = resized(power) * rows(result.expanded(weights.sliced(axis: 1, i * degrees..<(i + 1) * degrees)))
      sum = sum.map { $0 + term } ?? term
    }
    return result.features(sum!)
  }

  /// The coefficients of f, f² ... f^N, up to the degrees that are needed.
  private func powers(of f: Tensor<Scalar>) -> [Tensor<Scalar>] {
    func halves(_ power: Int) -> (Int, Int) { (power / 2, power - power / 2) }
    var degrees = (0...order).map { min($0 * first.degree, result.degree) }
    for power in stride(from: order, to: 1, by: -1) {
      let (a, b) = halves(power)
      // Of a factor, what the other can bring down to a degree that is kept.
      degrees[a] = max(degrees[a], min(a * first.degree, b * first.degree + degrees[power]))
      degrees[b] = max(degrees[b], min(b * first.degree, a * first.degree + degrees[power]))
    }
    degrees[1] = first.degree
    var powers = [f, f]
    for power in stride(from: 2, through: order, by: 1) {
      let (a, b) = halves(power)
      powers.append(
        .sphereOperation(
          .product, powers[a], powers[b], degrees: SphereDegrees(first: degrees[a], second: degrees[b], output: degrees[power]),
          method: method, table: table))
    }
    return Array(powers.dropFirst())
  }

  /// The coefficients, cut off at the degree of the result or continued by zeros up to it.
  private func resized(_ f: Tensor<Scalar>) -> Tensor<Scalar> {
    let (count, wanted) = (f.shape[-2], (result.degree + 1) * (result.degree + 1))
    if count >= wanted { return count == wanted ? f : f.sliced(axis: -2, 0..<wanted) }
    return .concatenated([f, .zeros(Shape(f.shape.dimensions.dropLast(2) + [wanted - count, first.channels]))], axis: -2)
  }

  /// Visits weights.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("weights", &weights) }
}
