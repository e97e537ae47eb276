import Equivariant

/// A network of any architecture as one type. The paths of its parameters are those of the network.
struct NBodyModel: Layer {
  var network: any NBodyNetwork

  /// The predicted positions of bodies whose features are speeds and charges.
  func callAsFunction(_ input: ParticleBatch<Float>) -> Tensor<Float> { network.prediction(input).positions }

  mutating func visit(_ visitor: inout ParameterVisitor<Float>) { network.visit(&visitor) }
}
