import RealModule
import Requirements

/// Real spherical harmonics of a range of degrees, in Cartesian form, with derivatives, for one point at a time in `Double`.
///
/// The convention is e3nn's: the polar axis is y, (Y¹₋₁, Y¹₀, Y¹₁) is proportional to (x, y, z), there is no Condon-Shortley sign, and
/// Y(R r) = D(R) Y(r) with the Wigner matrices of ``WignerD``. The values at a point come degree by degree, with orders −l ... l within a
/// degree.
///
/// With `normalizingInput` (the default) the harmonics are those of the direction r/|r|; otherwise they are the solid harmonics |r|^l
/// Y(r/|r|), which are polynomials. At the zero vector every value and derivative of positive degree that is not determined is 0; nothing
/// is NaN.
///
/// Degrees go up to 1400, where the recurrences would leave the range of `Double`. The relative error of values on the unit sphere is a few
/// 10⁻¹⁷ (l + 1) of the largest (see *Precision*), and values stay finite beyond l = 512. With `FourierTransforms` the same value can be
/// called with tensors of points. ``HarmonicConvention`` gives the harmonics of other programs.
///
/// ```swift
/// let harmonics = SphericalHarmonics(degrees: 0...3, normalization: .component)
/// let values = harmonics(SIMD3(1, 2, 3))               // 16 numbers
/// let gradients = harmonics.gradients(at: SIMD3(1, 2, 3))
/// ```
public struct SphericalHarmonics: Sendable {
  /// The scale of harmonics.
  public enum Normalization: String, Sendable, CaseIterable {
    /// Σₘ (Yˡₘ)² = 2l + 1: each component has mean square 1 on the sphere.
    case component
    /// Orthonormal: ∫ Yˡₘ Yᵏₙ dΩ = δ; `component` divided by √(4π).
    case integral
    /// Σₘ (Yˡₘ)² = 1; `component` divided by √(2l + 1).
    case norm

    /// The factor by which the component normalisation is multiplied.
    package func factor(degree l: Int) -> Double {
      switch self {
      case .component: 1
      case .integral: 1 / Double.sqrt(4 * .pi)
      case .norm: 1 / Double.sqrt(Double(2 * l + 1))
      }
    }
  }

  /// The degrees l.
  public let degrees: ClosedRange<Int>
  /// The scale of the values.
  public let normalization: Normalization
  /// Whether the harmonics are those of the direction r/|r| instead of the solid harmonics.
  public let normalizingInput: Bool
  /// The coefficients of the recurrences.
  package let table: HarmonicTable

  /// Harmonics of the given degrees.
  public init(degrees: ClosedRange<Int>, normalization: Normalization = .integral, normalizingInput: Bool = true) {
    require(degrees.lowerBound >= 0, "expected degrees of at least 0, received \(degrees)")
    self.degrees = degrees
    self.normalization = normalization
    self.normalizingInput = normalizingInput
    table = HarmonicTable(degree: degrees.upperBound, normalization: normalization)
  }

  /// The number of harmonics: (l₁ + 1)² − l₀² for degrees l₀ ... l₁.
  public var count: Int { (degrees.upperBound + 1) * (degrees.upperBound + 1) - offset }

  /// The irreps by which the harmonics transform under O(3): 1x0e + 1x1o + 1x2e + ... of the degrees.
  public var irreps: Irreps<O3> { Irreps(degrees.map { .init(1, .sphericalHarmonic(degree: $0)) }) }

  /// The place of the harmonic of a degree and an order −l ... l among the values.
  public func index(degree l: Int, order m: Int) -> Int {
    require(degrees.contains(l) && m.magnitude <= l, "expected a degree in \(degrees) and an order of it, received (\(l), \(m))")
    return l * l + l + m - offset
  }

  private var offset: Int { degrees.lowerBound * degrees.lowerBound }

  /// The values at r, ``count`` of them.
  public func callAsFunction(_ r: SIMD3<Double>) -> [Double] {
    let point = UnitPoint(r)
    var values = unitValues(at: point)
    if normalizingInput && point.radius > 0 { return Array(values[offset...]) }
    scale(&values, by: point.radius, loweredBy: 0)
    return Array(values[offset...])
  }

  /// The gradients (∂_x, ∂_y, ∂_z) of the values at r.
  public func gradients(at r: SIMD3<Double>) -> [SIMD3<Double>] {
    let point = UnitPoint(r)
    let values = unitValues(at: point)
    var gradients = [SIMD3<Double>](repeating: .zero, count: values.count)
    for l in stride(from: 1, through: degrees.upperBound, by: 1) {
      lower(degree: l, values[((l - 1) * (l - 1))...]) { gradients[l * l + $0][$1] = $2 }
    }
    if normalizingInput {
      if point.radius == 0 { return Array(repeating: .zero, count: count) }
      eachDegree { l, i in gradients[i] = (gradients[i] - Double(l) * values[i] * point.direction) / point.radius }
    } else {
      scale(&gradients, by: point.radius, loweredBy: 1)
    }
    return Array(gradients[offset...])
  }

  /// The matrices of second derivatives of the values at r, 3×3 and symmetric.
  public func hessians(at r: SIMD3<Double>) -> [Matrix<Double>] {
    let point = UnitPoint(r)
    let values = unitValues(at: point)
    var gradients = [SIMD3<Double>](repeating: .zero, count: values.count)
    var hessians = [Matrix<Double>](repeating: Matrix(zeros: 3, 3), count: values.count)
    for l in stride(from: 1, through: degrees.upperBound, by: 1) {
      lower(degree: l, values[((l - 1) * (l - 1))...]) { gradients[l * l + $0][$1] = $2 }
      for axis in 0..<3 {
        lower(degree: l, gradients[((l - 1) * (l - 1))..<(l * l)].map { $0[axis] }[...]) { hessians[l * l + $0][axis, $1] = $2 }
      }
    }
    if normalizingInput {
      if point.radius == 0 { return Array(repeating: Matrix(zeros: 3, 3), count: count) }
      let u = point.direction
      eachDegree { l, i in
        let (n, value, gradient) = (Double(l), values[i], gradients[i])
        for a in 0..<3 {
          for b in 0..<3 {
            let mixed = u[a] * gradient[b] + u[b] * gradient[a]
            let radial = n * (n + 2) * u[a] * u[b] * value - (a == b ? n * value : 0)
            hessians[i][a, b] = (hessians[i][a, b] - n * mixed + radial) / point.radius / point.radius
          }
        }
      }
    } else {
      scale(&hessians, by: point.radius, loweredBy: 2)
    }
    return Array(hessians[offset...])
  }
}

/// A vector as direction and length, at any size; the direction of the zero vector is the zero vector.
struct UnitPoint {
  let direction: SIMD3<Double>
  let radius: Double

  init(_ r: SIMD3<Double>) {
    let largest = max(r.x.magnitude, r.y.magnitude, r.z.magnitude)
    // Not `largest == 0`: the maximum passes over NaN.
    if r == .zero {
      (direction, radius) = (.zero, 0)
      return
    }
    // Scaled first, so that squares neither overflow nor vanish.
    let scaled = r / largest
    let length = Double.sqrt((scaled * scaled).sum())
    direction = scaled / length
    radius = largest * length
  }
}

extension SphericalHarmonics {
  /// The harmonics of degrees 0 ... at a unit vector (see ``HarmonicTable``).
  func unitValues(at point: UnitPoint) -> [Double] {
    let top = degrees.upperBound
    let (x, y, z) = (point.direction.z, point.direction.x, point.direction.y)
    let t = -(x * x + y * y) / (1 + z.magnitude)
    var values = [Double](repeating: 0, count: (top + 1) * (top + 1))
    var (cosine, sine) = (1.0, 0.0)
    table.entries.withUnsafeBufferPointer { entries in
      for m in 0...top {
        var (g, d) = (1.0, 0.0)
        for l in m...top {
          let place = 6 * (l * (l + 1) / 2 + m)
          if l > m {
            d = entries[place] * (t * g) + entries[place + 1] * d
            g += d
          }
          let weight = entries[place + 2] * g * (z < 0 && (l + m) & 1 == 1 ? -1 : 1)
          values[l * l + l + m] = weight * cosine
          if m > 0 { values[l * l + l - m] = weight * sine }
        }
        (cosine, sine) = (cosine * x - sine * y, cosine * y + sine * x)
      }
    }
    return values
  }

  /// Derivatives of the solid harmonics of degree l, of what is a solid harmonic's values of degree l − 1 in `source`: calls
  /// `store`(l + m, axis, value) for the axes x, y, z.
  private func lower(degree l: Int, _ source: ArraySlice<Double>, store: (Int, Int, Double) -> Void) {
    let centre = source.startIndex + l - 1
    func c(_ m: Int) -> Double { m < l ? source[centre + m] : 0 }
    func s(_ m: Int) -> Double { m < l && m > 0 ? source[centre - m] : 0 }
    for m in 0...l {
      let place = 6 * (l * (l + 1) / 2 + m)
      let (up, down, along) = (table.entries[place + 3], table.entries[place + 4], table.entries[place + 5])
      let (cUp, sUp) = m > 0 ? (up * c(m - 1), up * s(m - 1)) : (0, 0)
      let (cDown, sDown) = (down * c(m + 1), down * s(m + 1))
      store(l + m, 2, cUp - cDown)
      store(l + m, 0, -sUp - sDown)
      store(l + m, 1, along * c(m))
      if m > 0 {
        store(l - m, 2, sUp - sDown)
        store(l - m, 0, cUp + cDown)
        store(l - m, 1, along * s(m))
      }
    }
  }

  private func eachDegree(_ body: (_ degree: Int, _ index: Int) -> Void) {
    for l in 0...degrees.upperBound {
      for i in l * l..<(l + 1) * (l + 1) { body(l, i) }
    }
  }

  /// Multiplies what belongs to degree l by radius^(l − order); 0⁰ = 1, and what has a negative exponent is 0 anyway.
  private func scale<Value: Scalable>(_ values: inout [Value], by radius: Double, loweredBy order: Int) {
    var power = 1.0
    for l in 0...degrees.upperBound {
      if l > order { power *= radius }
      for i in l * l..<(l + 1) * (l + 1) { values[i] = power * values[i] }
    }
  }
}

/// Values, gradients and Hessians alike.
private protocol Scalable { static func * (s: Double, value: Self) -> Self }
extension Double: Scalable {}
extension SIMD3: Scalable where Scalar == Double {}
extension Matrix: Scalable where Scalar == Double {}
