import DifferentiableTensors
import FourierTransforms
import GroupTheory
import NeuralModules
import Requirements

/// What an equivariant convolution knows of edges, made from their vectors once for all layers: the harmonics of the directions, functions of
/// the lengths, and a cut-off.
///
/// ```swift
/// let embedding = EdgeEmbedding(degrees: 0...2, radius: 5)
/// let edges = embedding(graph.vectors(positions))     // differentiable: forces go through it
/// ```
public struct EdgeEmbedding: Sendable {
  /// Of the directions, in component normalisation.
  public let harmonics: SphericalHarmonics
  /// Of the lengths.
  public let basis: RadialBasis
  /// 1 at length 0 and 0 at the radius, with continuous derivatives.
  public let cutoff: CutoffFunction

  /// - Parameters:
  ///   - degrees: of the harmonics.
  ///   - radius: where the cut-off ends; edges that long, and longer ones, have no influence.
  ///   - basis: the family of radial functions, on 0 ... radius.
  ///   - functions: how many of them.
  ///   - cutoff: how it falls.
  public init(
    degrees: ClosedRange<Int>, radius: Double, basis: RadialBasis.Family = .bessel, functions: Int = 8,
    cutoff: CutoffFunction.Shape = .polynomial()
  ) {
    harmonics = SphericalHarmonics(degrees: degrees, normalization: .component)
    self.basis = RadialBasis(basis, on: 0...radius, count: functions)
    self.cutoff = CutoffFunction(cutoff, radius: radius)
  }

  /// Edges of vectors [edges, 3].
  public func callAsFunction<Scalar: TensorScalar>(_ vectors: Tensor<Scalar>) -> EmbeddedEdges<Scalar> {
    require(vectors.rank == 2 && vectors.shape[1] == 3, "vectors [edges, 3] are expected, received \(vectors.shape)")
    let lengths = vectors.norm()
    return EmbeddedEdges(harmonics: harmonics.features(at: vectors), radial: basis(lengths), cutoff: cutoff(lengths))
  }
}

/// Edges as ``EdgeEmbedding`` describes them.
public struct EmbeddedEdges<Scalar: TensorScalar>: Sendable {
  /// Of the directions, [edges, Σ(2l+1)].
  public var harmonics: IrrepsTensor<Scalar>
  /// Functions of the lengths, [edges, functions].
  public var radial: Tensor<Scalar>
  /// Of the lengths, [edges].
  public var cutoff: Tensor<Scalar>

  /// From its parts; shapes are checked.
  public init(harmonics: IrrepsTensor<Scalar>, radial: Tensor<Scalar>, cutoff: Tensor<Scalar>) {
    require(
      harmonics.outerShape.count == 1 && radial.rank == 2 && radial.shape[0] == harmonics.outerShape[0]
        && cutoff.shape.dimensions == harmonics.outerShape,
      "harmonics [edges, dimension], functions [edges, count] and cut-offs [edges] are expected, received \(harmonics.tensor.shape), "
        + "\(radial.shape) and \(cutoff.shape)")
    (self.harmonics, self.radial, self.cutoff) = (harmonics, radial, cutoff)
  }
}
