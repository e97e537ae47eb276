import DifferentiableTensors
import FourierTransforms
import GroupTheory
import NeuralModules
import RealModule
import Requirements

/// An activation of signals on the sphere, point by point on a grid (Cohen et al. 2018; e3nn's `S2Activation`).
///
/// Channels are signals of degree L. Their coefficients x_lm become values f = Σ x_lm Y_lm / √((2l+1)(L+1)), with harmonics in component
/// normalisation; φ is applied; and coefficients up to the degree of the output are computed by quadrature. Since φ makes harmonics of all
/// degrees, the map is equivariant only up to aliasing on the grid. The error falls with the resolution, quickly if φ is smooth.
public struct S2Activation<Scalar: TensorScalar>: Layer {
  /// The grid.
  public enum Grid: Sendable {
    /// A grid of Gauss-Legendre latitudes, which is the more accurate one.
    case gaussLegendre(SphereGrid)
    /// The grid of e3nn, of an even resolution of at least 2(L + 1), with equispaced latitudes and one longitude less.
    case e3nn(resolution: Int)
  }
  private enum Transform: Sendable {
    case fast(synthesis: SphereTransform<Scalar>, analysis: SphereTransform<Scalar>)
    /// [points, (L + 1)²] and [(L' + 1)², points].
    case matrices(synthesis: Tensor<Scalar>, analysis: Tensor<Scalar>)
  }

  /// The irreps of the input.
  public let input: Irreps<O3>
  /// The irreps of the output.
  public let output: Irreps<O3>
  /// The function φ.
  public let activation: Activation
  /// The factor of φ.
  public let normalization: ActivationNormalization
  private let transform: Transform
  private let degree: Int

  /// - Parameters:
  ///   - input: one term for each degree 0 ... L, with equal multiplicities, and parities p qˡ for some p and q, such as "8x0e + 8x1o + 8x2e".
  ///   - activation: the function φ, which must be even or odd if the first irrep is 0o.
  ///   - outputDegree: the largest degree of the output; by default L.
  ///   - grid: the grid; by default Gauss-Legendre with 4(L + 1) × (8L + 7) points.
  ///   - normalization: the factor of φ.
  public init(
    _ input: Irreps<O3>, _ activation: Activation, outputDegree: Int? = nil, grid: Grid? = nil,
    normalization: ActivationNormalization = .secondMoment
  ) {
    let degree = input.terms.count - 1
    let multiplicity = input.terms.first?.multiplicity ?? 0
    require(
      degree >= 0 && multiplicity > 0
        && zip(0..., input.terms).allSatisfy { $1.irrep.degree == $0 && $1.multiplicity == multiplicity },
      "expected one term for each degree 0 ... L with equal multiplicities, received \(input)")
    let value = input.terms[0].irrep.parity
    let argument = degree > 0 ? value * input.terms[1].irrep.parity : .odd
    func signal(_ p: Parity, _ degree: Int) -> Irreps<O3> {
      Irreps((0...degree).map { Irreps.Term(multiplicity, O3.Irrep(degree: $0, parity: $0.isMultiple(of: 2) ? p : p * argument)) })
    }
    require(input == signal(value, degree), "expected parities p qˡ for some p and q, received \(input)")
    let outputDegree = outputDegree ?? degree
    (self.input, self.activation, self.normalization, self.degree) = (input, activation, normalization, degree)
    output = signal(activation.parity(ofValueAt: value), outputDegree)
    switch grid ?? .gaussLegendre(SphereGrid(latitudes: 4 * degree + 4, longitudes: 8 * degree + 7)) {
    case .gaussLegendre(let grid):
      transform = .fast(
        synthesis: SphereTransform(degree: degree, grid: grid, normalization: .norm),
        analysis: SphereTransform(degree: outputDegree, grid: grid, normalization: .norm))
    case .e3nn(let resolution):
      transform = Self.equispaced(resolution, degree, outputDegree)
    }
  }

  /// The activated features. Traps unless the features have the irreps ``input``.
  public func callAsFunction(_ x: IrrepsTensor<Scalar>) -> IrrepsTensor<Scalar> {
    x.check(irreps: input)
    let channels = input.terms[0].multiplicity
    // Terms of all degrees with equal multiplicities are [(L + 1)², channels] as they lie.
    let coefficients = x.tensor.reshaped(to: Shape(x.outerShape + [x.irreps.dimension / channels, channels]))
    let scale = Scalar(degree + 1).squareRoot()
    let result: Tensor<Scalar>
    switch transform {
    case .fast(let synthesis, let analysis):
      let signal = activation(synthesis.synthesis(coefficients, axis: -2) * (1 / scale), normalization)
      result = analysis.analysis(signal, axis: -2)
    case .matrices(let synthesis, let analysis):
      result = Tensor.matmul(analysis, activation(Tensor.matmul(synthesis, coefficients) * (1 / scale), normalization))
    }
    return IrrepsTensor((result * scale).reshaped(to: Shape(x.outerShape + [output.dimension])), irreps: output)
  }

  /// Visits nothing, since the layer has no parameters.
  public mutating func visit(_ visitor: inout ParameterVisitor<Scalar>) {}

  /// Polar angles π(i + ½)/N with the weights of Kostelec and Rockmore (FFTs on the rotation group, 2008), azimuths 2πj/M.
  private static func equispaced(_ n: Int, _ degree: Int, _ outputDegree: Int) -> Transform {
    require(
      n.isMultiple(of: 2) && n >= 2 * (max(degree, outputDegree) + 1),
      "expected an even resolution of at least \(2 * (max(degree, outputDegree) + 1)), received \(n)")
    let longitudes = n - 1
    var points: [[Scalar]] = []
    var weights: [Scalar] = []
    for i in 0..<n {
      let beta = Double.pi * (Double(i) + 0.5) / Double(n)
      let (cosine, sine) = (Double.cos(beta), Double.sin(beta))
      var sum = 0.0
      for k in stride(from: 1, to: n, by: 2) { sum += Double.sin(Double(k) * beta) / Double(k) }
      let weight = 2 * sine * sum / Double(n * longitudes)
      for j in 0..<longitudes {
        let alpha = 2 * Double.pi * Double(j) / Double(longitudes)
        points.append([Scalar(sine * Double.sin(alpha)), Scalar(cosine), Scalar(sine * Double.cos(alpha))])
        weights.append(Scalar(weight))
      }
    }
    func harmonics(_ degree: Int) -> Tensor<Scalar> {
      SphericalHarmonics(degrees: 0...degree, normalization: .norm)(Tensor(rows: points))
    }
    let squares: [Scalar] = (0...outputDegree).flatMap { l -> [Scalar] in Array(repeating: Scalar(2 * l + 1), count: 2 * l + 1) }
    let weighted = harmonics(outputDegree) * Tensor<Scalar>(weights).reshaped(weights.count, 1) * Tensor<Scalar>(squares)
    return .matrices(synthesis: harmonics(degree), analysis: weighted.transposed())
  }
}
