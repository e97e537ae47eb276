import CKernels
import DifferentiableTensors
import GroupTheory
import RealModule
import Requirements

/// The transform between the coefficients of signals on the sphere, f(r) = Σ c_lm Y_lm(r) for l ≤ L, and their values on a ``SphereGrid``.
///
/// The harmonics are real, and coefficients are in the order l² + l + m. Everything is linear and differentiable to any order. A signal
/// costs O(L³) in the polar angle, as matrix products, and O(L² log L) about the axis, through FFTW, or O(L³) as matrix products where
/// these are faster.
///
/// ```swift
/// let transform = SphereTransform<Double>(degree: 8)
/// let signal = transform.synthesis(coefficients)       // [..., 81] to [..., 9, 17]
/// let same = transform.analysis(signal)                // [..., 81]
/// ```
///
/// With `axis: -2`, channels are innermost: [..., 81, channels] to [..., 9, 17, channels].
public struct SphereTransform<Scalar: TensorScalar>: Sendable {
  /// The largest degree L.
  public let degree: Int
  /// The grid.
  public let grid: SphereGrid
  /// The scale of the harmonics.
  public let normalization: SphericalHarmonics.Normalization
  private let azimuth: AzimuthalTransform<Scalar>
  /// The polar factors of the harmonics of order m, [latitudes, L + 1 − m], for synthesis; times the weights of the grid, for analysis.
  private let harmonics: [[Scalar]], weighted: [[Scalar]]

  /// A transform of signals up to a degree.
  /// - Parameters:
  ///   - degree: L.
  ///   - grid: at least (L + 1) × (2L + 1), the default; more where products or other functions of signals are to be analysed.
  ///   - normalization: of the harmonics; orthonormal by default.
  ///   - method: how sums about the axis are computed.
  public init(
    degree: Int, grid: SphereGrid? = nil, normalization: SphericalHarmonics.Normalization = .integral, method: AzimuthalMethod = .automatic
  ) {
    require(degree >= 0, "a degree of at least 0 is expected, received \(degree)")
    let grid = grid ?? SphereGrid(degree: degree)
    require(
      grid.latitudes.weights.count >= degree + 1,
      "at least \(degree + 1) latitudes are expected for signals of degree \(degree), received \(grid.latitudes.weights.count)")
    self.degree = degree
    self.grid = grid
    self.normalization = normalization
    azimuth = AzimuthalTransform(degree: degree, angles: grid.longitudes, method: method)
    let table = HarmonicTable(degree: degree, normalization: normalization)
    let polar = zip(grid.latitudes.cosines, grid.latitudes.sines).map { Legendre.orthonormal(table, cosine: $0, sine: $1) }
    harmonics = (0...degree).map { m in polar.flatMap { p in (m...degree).map { Scalar(p[$0 * ($0 + 1) / 2 + m]) } } }
    weighted = (0...degree).map { m in
      zip(polar, grid.latitudes.weights).flatMap { p, weight in
        (m...degree).map { l in
          // Over the squared norm of the harmonic, 4π times the squared factor of its normalisation.
          let norm = 4 * .pi * normalization.factor(degree: l) * normalization.factor(degree: l)
          return Scalar(p[l * (l + 1) / 2 + m] * weight * 2 * .pi / Double(grid.longitudes) / norm)
        }
      }
    }
  }

  /// The number of coefficients, (L + 1)².
  public var coefficientCount: Int { (degree + 1) * (degree + 1) }

  /// The values on the grid of the signals of given coefficients: [..., (L + 1)²] to [..., latitudes, longitudes].
  public func synthesis(_ coefficients: Tensor<Scalar>, axis: Int = -1) -> Tensor<Scalar> {
    evaluate(coefficients, axis, weighting: false)
  }

  /// The coefficients c_lm = ∫ f Y_lm dΩ / ∫ Y_lm² dΩ up to degree L of signals on the grid, by quadrature:
  /// [..., latitudes, longitudes] to [..., (L + 1)²]; the inverse of ``synthesis(_:axis:)`` on signals of degree L.
  public func analysis(_ signal: Tensor<Scalar>, axis: Int = -1) -> Tensor<Scalar> { project(signal, axis, weighting: true) }

  /// The transpose of ``synthesis(_:axis:)``: Σ over the grid of f Y_lm.
  public func adjointSynthesis(_ signal: Tensor<Scalar>, axis: Int = -1) -> Tensor<Scalar> { project(signal, axis, weighting: false) }

  /// The transpose of ``analysis(_:axis:)``.
  public func adjointAnalysis(_ coefficients: Tensor<Scalar>, axis: Int = -1) -> Tensor<Scalar> {
    evaluate(coefficients, axis, weighting: true)
  }
}

extension SphereTransform {
  private var latitudes: Int { grid.latitudes.weights.count }
  private var work: Int { azimuth.orders * latitudes + grid.longitudes * latitudes }
  private var gridOrder: RowOrder { RowOrder(slow: grid.longitudes, fast: latitudes) }

  private func evaluate(_ c: Tensor<Scalar>, _ axis: Int, weighting: Bool) -> Tensor<Scalar> {
    let place = axis < 0 ? axis + c.rank : axis
    require(
      place >= 0 && place < c.rank && c.shape[place] == coefficientCount,
      "\(coefficientCount) coefficients on axis \(axis) are expected, received \(c.shape)")
    let (outer, inner) = (c.shape.dimensions.prefix(place), c.shape.dimensions.dropFirst(place + 1))
    let width = inner.reduce(1, *)
    let value = transformColumns(
      c, inner: width, from: RowOrder(slow: coefficientCount), to: gridOrder,
      shape: Shape(outer + [latitudes, grid.longitudes] + inner), workPerColumn: work
    ) { n, c, f in
      let orders = Tensor<Scalar>(uninitialized: [azimuth.orders, latitudes * n])
      let rows = Tensor<Scalar>(uninitialized: [degree + 1, n])
      for m in -degree...degree {
        let count = degree + 1 - abs(m)
        for l in abs(m)...degree { copyRow(c + (l * l + l + m) &* n, rows.pointer + (l - abs(m)) &* n, n) }
        (weighting ? weighted : harmonics)[abs(m)].withUnsafeBufferPointer {
          ck_gemm(
            Scalar.kernelType, 0, 0, latitudes, n, count, $0.baseAddress!, count, rows.pointer, n, 0, nil,
            orders.pointer + (degree + m) &* latitudes &* n, n)
        }
      }
      azimuth.synthesize(orders.pointer, latitudes &* n, f)
      withExtendedLifetime((orders, rows)) {}
    }
    return .operation([c], value: value) { _, g in [project(g, place - c.rank, weighting: weighting)] }
  }

  private func project(_ f: Tensor<Scalar>, _ axis: Int, weighting: Bool) -> Tensor<Scalar> {
    let place = axis < 0 ? axis + f.rank : axis
    require(
      place >= 1 && place < f.rank && f.shape[place] == grid.longitudes && f.shape[place - 1] == latitudes,
      "a grid of \(latitudes)×\(grid.longitudes) up to axis \(axis) is expected, received \(f.shape)")
    let (outer, inner) = (f.shape.dimensions.prefix(place - 1), f.shape.dimensions.dropFirst(place + 1))
    let width = inner.reduce(1, *)
    let value = transformColumns(
      f, inner: width, from: gridOrder, to: RowOrder(slow: coefficientCount), shape: Shape(outer + [coefficientCount] + inner),
      workPerColumn: work
    ) { n, f, c in
      let orders = Tensor<Scalar>(uninitialized: [azimuth.orders, latitudes * n])
      let rows = Tensor<Scalar>(uninitialized: [degree + 1, n])
      azimuth.project(f, latitudes &* n, orders.pointer)
      for m in -degree...degree {
        let count = degree + 1 - abs(m)
        (weighting ? weighted : harmonics)[abs(m)].withUnsafeBufferPointer {
          ck_gemm(
            Scalar.kernelType, 1, 0, count, n, latitudes, $0.baseAddress!, count, orders.pointer + (degree + m) &* latitudes &* n, n, 0,
            nil, rows.pointer, n)
        }
        for l in abs(m)...degree { copyRow(rows.pointer + (l - abs(m)) &* n, c + (l * l + l + m) &* n, n) }
      }
      withExtendedLifetime((orders, rows)) {}
    }
    return .operation([f], value: value) { _, g in [evaluate(g, place - f.rank, weighting: weighting)] }
  }
}

@inline(__always)
func copyRow<Scalar: TensorScalar>(_ source: UnsafePointer<Scalar>, _ target: UnsafeMutablePointer<Scalar>, _ n: Int) {
  let bytes = n &* MemoryLayout<Scalar>.stride
  ck_copy_rows(1, bytes, source, bytes, target, bytes)
}
