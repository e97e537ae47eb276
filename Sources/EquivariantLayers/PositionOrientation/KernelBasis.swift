import DifferentiableTensors
import NeuralModules

/// The functions of pair invariants in which kernels are linear: a polynomial embedding, then a linear layer, GELU, another linear layer
/// and GELU (Bekkers et al. 2024, section 3.3).
///
/// Parameters are named `1` and `3`, as in the authors' code, where the embedding is number 0.
public struct KernelBasis<Scalar: TensorScalar>: Layer {
  /// The monomials of the invariants.
  public let embedding: PolynomialEmbedding
  /// The two linear layers.
  public var layers: [Linear<Scalar>]

  /// - Parameters:
  ///   - invariants: the number of invariants of each pair.
  ///   - degree: the degree of the polynomials.
  ///   - hidden: the width between the layers.
  ///   - basis: the number of functions.
  ///   - generator: the source of the initial values.
  public init(invariants: Int, degree: Int, hidden: Int, basis: Int, using generator: inout some RandomNumberGenerator) {
    embedding = PolynomialEmbedding(degree: degree)
    layers = [Linear(embedding.width(invariants), hidden, using: &generator), Linear(hidden, basis, using: &generator)]
  }

  /// The functions' values: [..., invariants] to [..., basis].
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public func callAsFunction(_ invariants: Tensor<Scalar>) -> Tensor<Scalar> {
    layers.reduce(embedding(invariants)) { x, layer in layer(x).gelu() }
  }

  /// Visits 1 and 3.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("", &layers, label: { String(2 * $0 + 1) }) }
}
