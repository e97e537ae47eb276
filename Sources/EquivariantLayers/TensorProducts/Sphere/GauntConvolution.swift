import DifferentiableTensors
import FourierTransforms
import GroupTheory
import NeuralModules
import Requirements

/// The Gaunt product of features with the harmonics of an edge's direction, in the rotated frame (Luo, Chen and Krishnapriyan, ICLR 2024,
/// after Passaro and Zitnick's eSCN, ICML 2023).
///
/// It is exactly the ``GauntTensorProduct`` of x with the filter Σ_l w_l Y_l(r), with harmonics of component normalisation. A rotation
/// brings r to the polar axis, where only m = 0 of the filter is left, so that order m of x meets order m of the result alone. Rotating
/// there and back is O(L³) for each edge and channel. With a ``method`` it is computed without the rotation instead, with the same result.
/// ```swift
/// let harmonics = Irreps<O3>.sphericalHarmonics(upTo: 3)
/// let convolution = GauntConvolution<Float>("64x0e + 64x1o", harmonics, to: "64x0e + 64x1o", using: &generator)
/// let messages = convolution(x, along: vectors, weights: radial)      // x [edges, ·], vectors [edges, 3], radial [edges, 4, 64]
/// ```
public struct GauntConvolution<Scalar: TensorScalar>: Module {
  /// The irreps of the features.
  public var first: Irreps<O3> { core.first.irreps }
  /// The irreps of the harmonics.
  public var filter: Irreps<O3> { core.second.irreps }
  /// The irreps of the result.
  public var output: Irreps<O3> { core.output.irreps }
  /// w, [degrees of the filter, channels]; nil for ones.
  public var weights: Tensor<Scalar>?
  private let core: SphereProductCore
  /// How the products are computed: in the frame of the edge where nil, otherwise as by ``GauntTensorProduct``.
  public let method: GauntMethod?
  private let matrices: WignerMatrices
  private let harmonics: SphericalHarmonics

  /// A convolution with weights of its own, which are initially standard normal.
  /// - Parameters:
  ///   - first: functions on the sphere: distinct degrees in ascending order with equal multiplicities, and parities (−1)^l or all
  ///     opposite.
  ///   - filter: the irreps of the harmonics of degrees 0 ... L.
  ///   - output: the same as for `first`; traps where no path reaches an irrep.
  ///   - method: nil for the frame of the edge.
  ///   - generator: the source of the weights.
  public init(
    _ first: Irreps<O3>, _ filter: Irreps<O3>, to output: Irreps<O3>, method: GauntMethod? = nil,
    using generator: inout some RandomNumberGenerator
  ) {
    self.init(first, filter, to: output, method: method)
    weights = .normal([core.second.degree + 1, core.first.channels], using: &generator)
  }

  /// A convolution whose weights come with each call, or are ones.
  public init(_ first: Irreps<O3>, _ filter: Irreps<O3>, to output: Irreps<O3>, method: GauntMethod? = nil) {
    self.method = method
    core = SphereProductCore(.product, "Gaunt convolution", first, filter, output, .automatic, .measured)
    require(
      filter == .sphericalHarmonics(upTo: core.second.degree), "expected the irreps of harmonics of degrees 0 ... L, received \(filter)")
    matrices = WignerMatrices(degrees: 0...max(core.first.degree, core.output.degree))
    harmonics = SphericalHarmonics(degrees: 0...core.second.degree, normalization: .component)
  }

  /// The products with the harmonics of vectors.
  /// - Parameters:
  ///   - x: features of ``first``, [..., dimension].
  ///   - vectors: [..., 3], of any length; for a zero vector only Y₀ is left.
  ///   - given: [..., degrees of the filter, channels or 1], in the place of ``weights``.
  public func callAsFunction(
    _ x: IrrepsTensor<Scalar>, along vectors: Tensor<Scalar>, weights given: Tensor<Scalar>? = nil
  ) -> IrrepsTensor<Scalar> {
    require(
      vectors.shape.dimensions == x.outerShape + [3], "expected vectors \(Shape(x.outerShape + [3])), received \(vectors.shape)")
    check(given, at: vectors)
    let degrees = SphereDegrees(first: core.first.degree, second: core.second.degree, output: core.output.degree)
    if let method {
      let filter = harmonics(vectors).expandingAxis(-1) * core.second.expanded(given ?? weights ?? .ones([degrees.second + 1, 1]))
      let z = Tensor.sphereOperation(
        .product, core.first.coefficients(x), filter, degrees: degrees, method: method, table: .measured)
      return core.output.features(z)
    }
    let rotations = matrices(.rotations(fromPoleTo: vectors))
    let turned = Self.rotate(core.first.coefficients(x), by: rotations, back: true)
    let z = Tensor.sphereOperation(
      .zonalFilter, turned, polarFilter(vectors, given), degrees: degrees, method: .automatic, table: .measured)
    return core.output.features(Self.rotate(z, by: rotations, back: false))
  }

  private func check(_ given: Tensor<Scalar>?, at vectors: Tensor<Scalar>) {
    guard let given else { return }
    let (degree, channels) = (core.second.degree, core.first.channels)
    let outer = vectors.shape.dimensions.dropLast()
    let width = given.rank > 0 ? given.shape[-1] : 0
    require(
      given.shape.dimensions == outer + [degree + 1, width] && (width == channels || width == 1),
      "expected weights \(Shape(outer + [degree + 1, channels])) or \(Shape(outer + [degree + 1, 1])), received \(given.shape)")
  }

  /// The components m = 0 of the filter along the polar axis, w_l Y_l0 = w_l √(2l+1).
  private func polarFilter(_ vectors: Tensor<Scalar>, _ given: Tensor<Scalar>?) -> Tensor<Scalar> {
    let degree = core.second.degree
    let values = Tensor<Scalar>((0...degree).map { Scalar(2 * $0 + 1).squareRoot() }, shape: [degree + 1, 1])
    let lengths = vectors.detached.norm(keepingDimensions: true).expandingAxis(-1)
    // 0 in the degrees above 0 of a zero vector.
    let first = Tensor<Scalar>((0...degree).map { $0 == 0 ? 1 : 0 }, shape: [degree + 1, 1])
    let present = Tensor.maximum(lengths .> 0, first)
    return values * present * (given ?? weights ?? .ones([1, 1]))
  }

  /// D x, or Dᵀ x, degree by degree, of coefficients [..., (L+1)², channels].
  private static func rotate(_ x: Tensor<Scalar>, by rotations: [Tensor<Scalar>], back: Bool) -> Tensor<Scalar> {
    var parts: [Tensor<Scalar>] = []
    var l = 0
    while l * l < x.shape[-2] {
      let part = x.sliced(axis: -2, l * l..<(l + 1) * (l + 1))
      parts.append(l == 0 ? part : Tensor.matmul(rotations[l], part, transposingFirst: back))
      l += 1
    }
    return .concatenated(parts, axis: -2)
  }

  /// Visits weights.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) { visitor("weights", &weights) }
}
