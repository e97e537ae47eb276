import DifferentiableTensors
import GroupTheory
import NeuralModules
import Requirements

/// Activations of scalars, term by term. Other terms are not changed.
///
/// Activations of odd scalars (0o) must be odd, so that these stay odd, or even, so that these become 0e.
public struct ScalarActivation<Scalar: TensorScalar>: Layer {
  /// The irreps of the input.
  public let input: Irreps<O3>
  /// The irreps of the output: those of the input, with 0o turned into 0e by even activations.
  public let output: Irreps<O3>
  /// The activation of each term; nil for a term that is not changed.
  public let activations: [Activation?]
  /// The factor of the activations.
  public let normalization: ActivationNormalization

  /// - Parameters:
  ///   - input: the irreps of the input.
  ///   - activations: the activation of each term, or nil for a term that is not changed, as it must be for degrees above 0.
  ///   - normalization: the factor of the activations.
  public init(_ input: Irreps<O3>, _ activations: [Activation?], normalization: ActivationNormalization = .secondMoment) {
    require(
      activations.count == input.terms.count, "expected one activation for each term of \(input), received \(activations.count)")
    (self.input, self.activations, self.normalization) = (input, activations, normalization)
    output = Irreps(
      zip(input.terms, activations).map { term, activation in
        guard let activation else { return term }
        require(term.irrep.degree == 0, "expected no activation for \(term), which is not scalar, received \(activation)")
        return Irreps.Term(term.multiplicity, O3.Irrep(degree: 0, parity: activation.parity(ofValueAt: term.irrep.parity)))
      })
  }

  /// The activated features. Traps unless the features have the irreps ``input``.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>) -> IrrepsTensor<Scalar> {
    x.check(irreps: input)
    return IrrepsTensor(parts: zip(x.parts, activations).map { $1?($0, normalization) ?? $0 }, irreps: output, outerShape: x.outerShape)
  }

  /// Visits nothing, since the layer has no parameters.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {}
}
