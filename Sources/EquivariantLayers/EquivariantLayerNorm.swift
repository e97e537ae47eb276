import DifferentiableTensors
import GroupTheory
import NeuralModules

/// Layer normalisation of irreps: all channels of one irrep together are divided by their root mean square over channels and components.
/// From those of 0e the mean over channels is subtracted first, and a bias is added afterwards (Liao and Smidt 2023).
///
/// The channels of one irrep belong together however they are grouped into terms.
public struct EquivariantLayerNorm<Scalar: TensorScalar>: Layer {
  /// The irreps of input and output.
  public let irreps: Irreps<O3>
  /// The number ε that is added to mean squares.
  public let epsilon: Scalar
  /// The factor of each channel of all terms; initially 1. Nil for a layer without parameters.
  public var weight: Tensor<Scalar>?
  /// The bias of each channel of 0e; initially 0. Nil for a layer without parameters.
  public var bias: Tensor<Scalar>?

  /// A layer normalisation of irreps.
  public init(_ irreps: Irreps<O3>, affine: Bool = true, epsilon: Scalar = 1e-5) {
    (self.irreps, self.epsilon) = (irreps, epsilon)
    weight = affine ? .ones([irreps.irrepCount]) : nil
    bias = affine ? .zeros([irreps.multiplicity(of: .scalar)]) : nil
  }

  /// The normalised features. Traps unless they have the ``irreps`` of the layer.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>) -> IrrepsTensor<Scalar> {
    x.check(irreps: irreps)
    var parts = x.parts
    for irrep in irreps.regrouped.terms.map(\.irrep) {
      let members = irreps.terms.indices.filter { irreps.terms[$0].irrep == irrep && irreps.terms[$0].multiplicity > 0 }
      var all = Tensor.concatenated(members.map { parts[$0] })
      if irrep == .scalar { all = all - all.mean(axis: -1, keepingDimensions: true) }
      all = all * (all.squared().mean(axes: [-2, -1], keepingDimensions: true) + epsilon).power(-0.5)
      var start = 0
      for i in members {
        let range = start..<start + irreps.terms[i].multiplicity
        parts[i] = all.sliced(axis: -1, range)
        start = range.upperBound
      }
    }
    guard let weight, let bias else { return IrrepsTensor(parts: parts, irreps: irreps, outerShape: x.outerShape) }
    var (channel, scalar) = (0, 0)
    for (i, term) in irreps.terms.enumerated() {
      parts[i] = parts[i] * weight.sliced(axis: 0, channel..<channel + term.multiplicity)
      channel += term.multiplicity
      guard term.irrep == .scalar else { continue }
      parts[i] = parts[i] + bias.sliced(axis: 0, scalar..<scalar + term.multiplicity)
      scalar += term.multiplicity
    }
    return IrrepsTensor(parts: parts, irreps: irreps, outerShape: x.outerShape)
  }

  /// Visits weight and bias.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {
    visitor("weight", &weight)
    visitor("bias", &bias)
  }
}
