import DifferentiableTensors
import GroupTheory
import NeuralModules
import Requirements

/// Activations on scalars, term by term; other terms pass.
///
/// Odd scalars (0o) take activations that are odd, and stay odd, or even, and become 0e.
public struct ScalarActivation<Scalar: TensorScalar>: Layer {
  /// The irreps of the input.
  public let input: Irreps<O3>
  /// The irreps of the output: those of the input, with 0o turned into 0e by even activations.
  public let output: Irreps<O3>
  /// One for each term; nil where it passes.
  public let activations: [Activation?]
  /// The factor of the activations.
  public let normalization: ActivationNormalization

  /// - Parameters:
  ///   - input: the irreps.
  ///   - activations: one for each term, nil for terms that pass, as all of degree above 0 must.
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

  /// The activated features; traps unless they are of ``input``.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>) -> IrrepsTensor<Scalar> {
    x.check(irreps: input)
    return IrrepsTensor(parts: zip(x.parts, activations).map { $1?($0, normalization) ?? $0 }, irreps: output, outerShape: x.outerShape)
  }

  /// Nothing.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {}
}
