import CKernels
import DifferentiableTensors
import GroupTheory
import RealModule

/// The kernel by quadrature: Gauss-Legendre nodes of the polar angle, as few as are exact, and the convolution of Fourier series about the
/// axis at each of them. It takes O(L³) for the Legendre sums and for the convolutions, and is exact except for rounding.
struct SphereGridKernel<Scalar: TensorScalar>: SphereKernel {
  let work: Int
  private let nodes: Int
  private let fields: Int
  let components: [Int]
  private let used: SphereDegrees
  /// The tables for each of the three functions.
  private let synthesis: [[Scalar]], analysis: [[Scalar]]

  /// Pairs of nodes that the kernel treats together.
  private static var run: Int { 4 }

  init(_ operation: SphereOperation, _ degrees: SphereDegrees) {
    let used = degrees.used(in: operation)
    (components, self.used) = (operation.components(degrees), used)
    // Exact for polynomials of degree 2n − 1.
    let nodes = max(0, used.first + used.second + used.output - (operation == .bracket ? 1 : 0)) / 2 + 1
    self.nodes = nodes
    let fields = operation == .product ? 1 : 2
    self.fields = fields
    let rule = GaussLegendre(count: nodes)
    synthesis = used.all.map { Self.table($0, rule, fields == 1 ? [.value] : [.byPolarAngle, .byAzimuth]) }
    analysis = used.all.map { Self.table($0, rule, [.weighted]) }
    work = nodes * used.all.reduce(0) { $0 + ($1 + 1) * ($1 + 1) } * (1 + 2 * fields)
  }

  private enum Field { case value, byPolarAngle, byAzimuth, weighted }

  /// For each run of pairs of nodes, field, m and l the factors of the pairs.
  private static func table(_ degree: Int, _ rule: GaussLegendre, _ fields: [Field]) -> [Scalar] {
    let harmonics = HarmonicTable(degree: degree, normalization: .component)
    let n = rule.weights.count
    let pairs = (n + 1) / 2
    let polar = (0..<pairs).map { Legendre.orthonormal(harmonics, cosine: rule.cosines[$0], sine: rule.sines[$0]) }
    func factor(_ field: Field, _ i: Int, _ l: Int, _ m: Int) -> Double {
      let isEquator = 2 * i + 1 == n
      let turns = field == .byPolarAngle
      // An odd function of the height.
      if isEquator && (l + m + (turns ? 1 : 0)) % 2 == 1 { return 0 }
      func p(_ order: Int) -> Double { polar[i][l * (l + 1) / 2 + order] }
      let half = m == 0 ? 1.0 : 0.5
      switch field {
      case .value: return half * p(m)
      case .weighted: return p(m) * rule.weights[i] / 2
      case .byAzimuth: return half * Double(m) * p(m) / rule.sines[i]
      case .byPolarAngle: return half * Legendre.slope(l, m, p)
      }
    }
    return stride(from: 0, to: pairs, by: run).flatMap { start in
      fields.flatMap { field in
        (0...degree).flatMap { m in
          (m...degree).flatMap { l in
            (start..<start + run).map { $0 < pairs ? Scalar(factor(field, $0, l, m)) : 0 }
          }
        }
      }
    }
  }

  func run(
    _ columns: SphereColumns, x: UnsafePointer<Scalar>, y: UnsafePointer<Scalar>, g: UnsafePointer<Scalar>?,
    z: UnsafeMutablePointer<Scalar>?, gx: UnsafeMutablePointer<Scalar>?, gy: UnsafeMutablePointer<Scalar>?
  ) {
    var plan = ck_sphere_grid()
    let (l, n) = (used.all.map(Int32.init), components.map(Int32.init))
    (plan.degree, plan.components) = ((l[0], l[1], l[2]), (n[0], n[1], n[2]))
    (plan.nodes, plan.fields) = (Int32(nodes), Int32(fields))
    synthesis.withPointers { synthesis in
      analysis.withPointers { analysis in
        (plan.synthesis, plan.analysis) = (synthesis, analysis)
        ck_sphere_grid_product(
          Scalar.kernelType, &plan, columns.rows, columns.channels, columns.secondChannels, x, y, g, z, gx, gy)
      }
    }
  }
}

extension Legendre {
  /// The derivative by θ of the polar factor P(l, m) of orthonormal real harmonics, from those of all orders:
  /// ½ (√((l+m)(l−m+1)) P(l, m−1) − √((l−m)(l+m+1)) P(l, m+1)), where those of m > 0 have a factor √2 more.
  static func slope(_ l: Int, _ m: Int, _ factor: (_ order: Int) -> Double) -> Double {
    let upper = m == l ? 0 : Double.sqrt(Double((l - m) * (l + m + 1))) * factor(m + 1)
    if m == 0 { return -upper / Double.sqrt(2) }
    return (Double.sqrt(Double((l + m) * (l - m + 1)) * (m == 1 ? 2 : 1)) * factor(m - 1) - upper) / 2
  }
}
