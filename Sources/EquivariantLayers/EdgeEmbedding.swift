import DifferentiableTensors
import FourierTransforms
import GroupTheory
import NeuralModules
import Requirements

/// The description of edges that equivariant convolutions use: the spherical harmonics of their directions, radial functions of their
/// lengths, and a cut-off. It is computed from the vectors of the edges, once for all layers.
///
/// ```swift
/// let embedding = EdgeEmbedding(degrees: 0...2, radius: 5)
/// let edges = embedding(graph.vectors(positions))     // differentiable: forces go through it
/// ```
public struct EdgeEmbedding: Sendable {
  /// The harmonics of the directions, in component normalisation.
  public let harmonics: SphericalHarmonics
  /// The radial functions of the lengths.
  public let basis: RadialBasis
  /// The cut-off, which is 1 at length 0 and 0 at the radius and has continuous derivatives.
  public let cutoff: CutoffFunction

  /// - Parameters:
  ///   - degrees: the degrees of the harmonics.
  ///   - radius: the length at which the cut-off reaches 0. Edges of that length, and longer ones, have no influence.
  ///   - basis: the family of radial functions, on 0 ... radius.
  ///   - functions: the number of radial functions.
  ///   - cutoff: how the cut-off falls.
  public init(
    degrees: ClosedRange<Int>, radius: Double, basis: RadialBasis.Family = .bessel, functions: Int = 8,
    cutoff: CutoffFunction.Shape = .polynomial()
  ) {
    harmonics = SphericalHarmonics(degrees: degrees, normalization: .component)
    self.basis = RadialBasis(basis, on: 0...radius, count: functions)
    self.cutoff = CutoffFunction(cutoff, radius: radius)
  }

  /// The description of edges with vectors [edges, 3].
  public func callAsFunction<Scalar: TensorScalar>(_ vectors: Tensor<Scalar>) -> EmbeddedEdges<Scalar> {
    require(vectors.rank == 2 && vectors.shape[1] == 3, "vectors [edges, 3] are expected, received \(vectors.shape)")
    let lengths = vectors.norm()
    return EmbeddedEdges(harmonics: harmonics.features(at: vectors), radial: basis(lengths), cutoff: cutoff(lengths))
  }
}

/// Edges as an ``EdgeEmbedding`` describes them.
public struct EmbeddedEdges<Scalar: TensorScalar>: Sendable {
  /// The harmonics of the directions, [edges, Σ(2l+1)].
  public var harmonics: IrrepsTensor<Scalar>
  /// The radial functions of the lengths, [edges, functions].
  public var radial: Tensor<Scalar>
  /// The cut-off at the lengths, [edges].
  public var cutoff: Tensor<Scalar>

  /// Edges with the given descriptions. Traps if the shapes do not fit.
  public init(harmonics: IrrepsTensor<Scalar>, radial: Tensor<Scalar>, cutoff: Tensor<Scalar>) {
    require(
      harmonics.outerShape.count == 1 && radial.rank == 2 && radial.shape[0] == harmonics.outerShape[0]
        && cutoff.shape.dimensions == harmonics.outerShape,
      "harmonics [edges, dimension], functions [edges, count] and cut-offs [edges] are expected, received \(harmonics.tensor.shape), "
        + "\(radial.shape) and \(cutoff.shape)")
    (self.harmonics, self.radial, self.cutoff) = (harmonics, radial, cutoff)
  }
}
