import DifferentiableTensors
import GroupTheory
import NeuralModules

/// A linear map that commutes with permutations, and an activation: y = σ(L x), entry by entry.
///
/// With features of orders 1 to 3 it is a layer of an invariant graph network (Maron et al. 2019), and on the weights of networks
/// (``WeightSpace``) one of a universal neural functional (Zhou et al. 2024).
public struct PermutationLayer<Scalar: TensorScalar>: Module {
  /// L.
  public var linear: PermutationLinear<Scalar>
  /// σ.
  public let activation: Activation

  /// A layer, by default with ReLU as in the papers.
  public init(
    from inputs: [TupleFeature], to outputs: [TupleFeature], subspace: TensorSubspace = [], normalization: TupleNormalization = .mean,
    activation: Activation = .relu, using generator: inout some RandomNumberGenerator
  ) {
    linear = PermutationLinear(from: inputs, to: outputs, subspace: subspace, normalization: normalization, using: &generator)
    self.activation = activation
  }

  /// The outputs [tuples, channels] of features on the tuples of a space.
  public func callAsFunction(_ features: [Tensor<Scalar>], on space: TupleSpace) -> [Tensor<Scalar>] {
    linear(features, on: space).map { activation($0) }
  }

  /// Visits linear.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("linear", &linear) }
}
