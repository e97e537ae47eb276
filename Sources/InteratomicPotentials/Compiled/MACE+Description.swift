import DifferentiableTensors
import EquivariantLayers
import Foundation
import GroupTheory
import NeuralModules
import Requirements

extension DenseMatrix {
  /// A matrix of doubles from a tensor of two axes, times a factor.
  init<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>, times factor: Double = 1) {
    self.init(tensor.elements.map { Double($0) * factor }, rows: tensor.shape[0], columns: tensor.shape[1])
  }
}

/// Why a model is not compiled. The differentiable model itself computes the same, more slowly.
public struct CompilationError: Error, CustomStringConvertible, Sendable {
  /// What of the model the kernels do not know.
  public let cause: String
  /// `this model is not compiled: cause; use the differentiable model`
  public var description: String { "this model is not compiled: \(cause); use the differentiable model" }
}

/// The 3j coefficients with the factor √(2l₃+1), as a model keeps them.
func planCoefficients(rounded: Bool) -> @Sendable (Int, Int, Int) -> [Double] {
  { l1, l2, l3 in
    let exact = CouplingCoefficients.wigner3j(l1, l2, l3).dense
    let values = rounded && l1 * l2 * l3 > 0 ? exact.map { Double(Float($0)) } : exact
    return values.map { $0 * Double(2 * l3 + 1).squareRoot() }
  }
}

extension EquivariantLinear {
  /// The matrix from one term to another, with its factor.
  func matrix(_ input: Int, _ output: Int) -> DenseMatrix {
    for (path, weight) in zip(paths, weights) where path.input == input && path.output == output {
      return DenseMatrix(weight, times: path.factor)
    }
    return .zero(self.input.terms[input].multiplicity, self.output.terms[output].multiplicity)
  }
}

extension ElementLinear {
  /// The matrix of an element from one term to another, with its factor.
  func matrix(_ input: Int, _ output: Int, element: Int) -> DenseMatrix {
    for (path, weight) in zip(paths, weights) where path.input == input && path.output == output {
      return DenseMatrix(weight.selected(axis: 0, elements == 1 ? 0 : element), times: path.factor)
    }
    return .zero(self.input.terms[input].multiplicity, self.output.terms[output].multiplicity)
  }
}

extension RadialNetwork where Scalar == Double {
  /// What the last matrix is multiplied with, times factors of each length.
  func features(_ functions: Tensor<Double>, scale: Double, envelope: Tensor<Double>?) -> DenseMatrix {
    var h = hidden(functions) * scale
    if let envelope { h = h * envelope.expandingAxis(-1) }
    return DenseMatrix(h)
  }
}

/// Lengths for functions with a division by them: those of 0 are moved by less than any rounding.
func positiveLengths(_ lengths: [Double]) -> Tensor<Double> { Tensor(lengths.map { max($0, 1e-7) }) }

extension MACE where Scalar == Double {
  /// The matrices from which a plan is compiled.
  func described() throws -> MACEDescription {
    require(configuration.heads.indices.contains(head), "a head below \(configuration.heads.count) is expected, received \(head)")
    let count = elements.count
    var described: [MACEDescription.Layer] = []
    let scale = scales.elements[head]
    for (t, layer) in layers.enumerated() {
      if layer.interaction.hasDensity { throw CompilationError(cause: "its layer \(t) divides by a density of neighbours") }
      guard let contraction = layer.contraction else { throw CompilationError(cause: "its layer \(t) has Gaunt products") }
      let (channels, degree) = (configuration.channels, configuration.degree)
      let paths = layer.paths.map { path in
        (
          inputDegree: layer.input.terms[path.input].irrep.degree, harmonic: path.degree,
          degree: layer.product.output.terms[path.output].irrep.degree, weight: path.columns.lowerBound
        )
      }
      let mixing = (0...degree).map { l in
        DenseMatrix.stacked(paths.indices.filter { paths[$0].degree == l }.map { layer.linear.matrix($0, l) })
      }
      let sums = contraction.polynomials
      var monomials: Set<PolynomialPlan.Monomial> = []
      var terms: [(monomial: PolynomialPlan.Monomial, path: Int, value: Double)] = []
      for (p, components) in sums.enumerated() {
        let l = contraction.paths[p].output
        for (m, sum) in components.enumerated() {
          for (variables, value) in sum {
            let monomial = PolynomialPlan.Monomial(output: l * l + m, variables: variables)
            monomials.insert(monomial)
            terms.append((monomial, p, value))
          }
        }
      }
      let known = terms.sorted { ($0.path, $0.monomial.variables.count) < ($1.path, $1.monomial.variables.count) }
      let weights = contraction.weights
      let isLast = t == layers.count - 1
      described.append(
        MACEDescription.Layer(
          hidden: radialFeatures(layer), weights: DenseMatrix(layer.radial.last), radialKnowsElements: transform != nil,
          inputDegree: layer.input.terms.count - 1, channels: channels,
          up: layer.input.terms.indices.map { layer.up.matrix($0, $0) }, paths: paths, mixing: mixing,
          centre: layer.interaction.isResidual
            ? nil : (0...degree).map { l in (0..<count).map { layer.skip.matrix(l, l, element: $0) } },
          sumDegree: degree, outputDegree: layer.output.terms.count - 1, monomials: Array(monomials),
          coefficients: { element in
            let table = DenseMatrix(weights.selected(axis: 0, weights.shape[0] == 1 ? 0 : element))
            var result: [PolynomialPlan.Monomial: [Double]] = [:]
            for (monomial, path, value) in known {
              var sum = result[monomial] ?? [Double](repeating: 0, count: channels)
              for c in 0..<channels { sum[c] += value * table[path, c] }
              result[monomial] = sum
            }
            return result
          },
          product: layer.output.terms.indices.map { layer.out.matrix($0, $0) },
          skip: layer.interaction.isResidual
            ? (0..<min(layer.input.terms.count, layer.output.terms.count)).map { l in
              (0..<count).map { layer.skip.matrix(l, l, element: $0) }
            } : nil,
          readout: readout(t, isLast: isLast, scale: scale)))
    }
    let scalars = DenseMatrix(embedding)
    return MACEDescription(
      elements: elements, cutoff: cutoff, directionSign: -1, embedding: (0..<count).map { scalars.rows($0..<$0 + 1).elements },
      offsets: shifts.selected(axis: 0, head).elements, layers: described, steepestElement: transform?.smallestElement ?? 0,
      coefficients: planCoefficients(rounded: configuration.roundsCoefficients))
  }

  private func readout(_ t: Int, isLast: Bool, scale: Double) -> MACEDescription.Readout {
    if isLast, let lastHidden, let lastReadout {
      let width = configuration.readoutWidth
      let units = head * width..<(head + 1) * width
      return .network(
        DenseMatrix(lastHidden).columns(units), constant: 1,
        lastReadout.sliced(axis: 0, units).sliced(axis: 1, head..<head + 1).elements.map { $0 * scale })
    }
    let number = configuration.readsLastLayerOnly ? t - (layers.count - 1) : t
    guard readouts.indices.contains(number) else { return .linear([Double](repeating: 0, count: configuration.channels)) }
    return .linear(readouts[number].sliced(axis: 1, head..<head + 1).elements.map { $0 * scale })
  }

  /// The hidden features of the radial network of a layer at lengths.
  private func radialFeatures(_ layer: MACELayer<Double>) -> @Sendable ([Double], Int, Int) -> DenseMatrix {
    let (basis, transform, envelope, onWeights) = (basis, transform, envelope, configuration.envelopeOnWeights)
    return { lengths, centre, neighbor in
      let r = basis.family == .bessel ? positiveLengths(lengths) : Tensor(lengths)
      let cutoff = envelope(Tensor(lengths))
      let argument = transform.map { $0.values(lengths.map { max($0, 1e-7) }, centre, neighbor) } ?? r
      var functions = basis(argument)
      if !onWeights { functions = functions * cutoff.expandingAxis(-1) }
      return layer.radial.features(functions, scale: layer.scale, envelope: onWeights ? cutoff : nil)
    }
  }
}

extension AgnesiTransform where Scalar == Double {
  /// The element of the smallest radius.
  var smallestElement: Int {
    let radii = radii.elements
    return radii.indices.min { radii[$0] < radii[$1] }!
  }

  /// x at lengths between two elements.
  func values(_ lengths: [Double], _ first: Int, _ second: Int) -> Tensor<Double> {
    let (radii, numbers) = (radii.elements, numbers.elements)
    let scale = 2 / (radii[first] + radii[second])
    return Tensor(
      lengths.map { r in
        let s = r * scale
        let powers = numbers[0] * pow(s, numbers[1]) / (1 + pow(s, numbers[1] - numbers[2]))
        return 1 / (1 + powers)
      })
  }
}
