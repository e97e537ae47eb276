import CKernels
import DifferentiableTensors
import GroupTheory
import RealModule

/// The kernel by Fourier series on the torus, multiplied by FFTW (Luo, Chen and Krishnapriyan, ICLR 2024). It takes O(L³) to go there and
/// back, as order m couples to the azimuthal frequencies ±m alone, and O(L² log L) for the transforms.
struct SphereTorusKernel<Scalar: TensorScalar>: SphereKernel {
  let work: Int
  let components: [Int]
  private let used: SphereDegrees
  private let synthesis: [[Scalar]], forward: [[Scalar]], backward: [[Scalar]]
  /// The numbers of points in the polar and the azimuthal angle, for the product and for its gradients, whose series are longer.
  private let forwardGrid: Grid, backwardGrid: Grid

  private struct Grid: Hashable {
    let polar: Int
    let azimuthal: Int
    var count: Int { polar * azimuthal }
  }

  init(_ degrees: SphereDegrees) {
    let used = degrees.used(in: .product)
    (components, self.used) = (SphereOperation.product.components(degrees), used)
    let bands = Self.bands(used)
    func grid(_ band: Int) -> Grid {
      Grid(polar: Self.smooth(2 * band + 1), azimuthal: Self.smooth(used.all.reduce(0, +) + 1))
    }
    let (forwardGrid, backwardGrid) = (grid(bands[2]), grid(bands.max()!))
    (self.forwardGrid, self.backwardGrid) = (forwardGrid, backwardGrid)
    synthesis = used.all.map(Self.synthesisTable)
    forward = zip(used.all, bands).map { Self.analysisTable($0, band: $1, points: forwardGrid.count) }
    backward = zip(used.all, bands).map { Self.analysisTable($0, band: $1, points: backwardGrid.count) }
    work = 50 * forwardGrid.count
  }

  /// The degree of the product of the other two.
  private static func bands(_ used: SphereDegrees) -> [Int] {
    [used.second + used.output, used.first + used.output, used.first + used.second]
  }

  /// The least number from n on with no prime factor above 5.
  static func smooth(_ n: Int) -> Int {
    var candidate = n
    while true {
      var rest = candidate
      for p in [2, 3, 5] { while rest.isMultiple(of: p) { rest /= p } }
      if rest == 1 { return candidate }
      candidate += 1
    }
  }

  /// cos uθ for even m, sin uθ for odd m.
  private static func wave(_ m: Int, _ u: Int, _ angle: Double) -> Double {
    m.isMultiple(of: 2) ? Double.cos(Double(u) * angle) : Double.sin(Double(u) * angle)
  }

  /// The Fourier coefficients of the polar factors, by the sums over the midpoints of [0, π] that are exact for them.
  private static func synthesisTable(_ degree: Int) -> [Scalar] {
    let harmonics = HarmonicTable(degree: degree, normalization: .component)
    let n = degree + 2
    let angles = (0..<n).map { Double.pi * (Double($0) + 0.5) / Double(n) }
    let polar = angles.map { Legendre.orthonormal(harmonics, cosine: Double.cos($0), sine: Double.sin($0)) }
    return (0...degree).flatMap { m in
      (0...degree).flatMap { u in
        let first = max(m, u)
        return stride(from: first + (first ^ u) & 1, through: degree, by: 2).map { l in
          let sum = zip(angles, polar).reduce(0.0) { $0 + wave(m, u, $1.0) * $1.1[l * (l + 1) / 2 + m] }
          // 2/n of the cosine or sine series, 1/n at u = 0; one half for the exponentials of each of u and m that is not 0.
          return Scalar(sum / Double(n) * (m == 0 ? 1 : 0.5))
        }
      }
    }
  }

  /// ½ ∫ T_u P_lm sin θ dθ, over the number of points of the unnormalised transform, with the half of a packed pair.
  private static func analysisTable(_ degree: Int, band: Int, points: Int) -> [Scalar] {
    let harmonics = HarmonicTable(degree: degree, normalization: .component)
    let rule = GaussLegendre(count: (degree + band) / 2 + 1)
    let polar = zip(rule.cosines, rule.sines).map { Legendre.orthonormal(harmonics, cosine: $0, sine: $1) }
    return (0...degree).flatMap { m in
      (m...degree).flatMap { l in
        stride(from: l & 1, through: band, by: 2).map { u in
          var sum = 0.0
          for i in polar.indices { sum += rule.weights[i] * wave(m, u, rule.angles[i]) * polar[i][l * (l + 1) / 2 + m] }
          return Scalar(sum / 2 * (u == 0 ? 1 : 2) / 2 / Double(points))
        }
      }
    }
  }

  func run(
    _ columns: SphereColumns, x: UnsafePointer<Scalar>, y: UnsafePointer<Scalar>, g: UnsafePointer<Scalar>?,
    z: UnsafeMutablePointer<Scalar>?, gx: UnsafeMutablePointer<Scalar>?, gy: UnsafeMutablePointer<Scalar>?
  ) {
    let grid = z == nil ? backwardGrid : forwardGrid
    var plan = ck_sphere_torus()
    let (l, n, bands) = (used.all.map(Int32.init), components.map(Int32.init), Self.bands(used).map(Int32.init))
    (plan.degree, plan.components, plan.band) = ((l[0], l[1], l[2]), (n[0], n[1], n[2]), (bands[0], bands[1], bands[2]))
    (plan.polar, plan.azimuthal) = (Int32(grid.polar), Int32(grid.azimuthal))
    (plan.inverse, plan.forward) = TorusFFT.plans(Scalar.self, grid.polar, grid.azimuthal)
    plan.transform = TorusFFT.execute(Scalar.self)
    synthesis.withPointers { synthesis in
      (z == nil ? backward : forward).withPointers { analysis in
        (plan.synthesis, plan.analysis) = (synthesis, analysis)
        ck_sphere_torus_product(
          Scalar.kernelType, &plan, columns.rows, columns.channels, columns.secondChannels, x, y, g, z, gx, gy)
      }
    }
  }
}
