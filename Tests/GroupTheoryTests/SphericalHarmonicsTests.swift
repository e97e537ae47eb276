import FileFormats
import Foundation
import GroupTheory
import Testing

/// The 50-digit reference values of Data/precision.
struct HarmonicReference {
  let points: [SIMD3<Double>]
  /// degree → values [point][order + degree]
  var values: [Int: [[Double]]] = [:]

  static let shared = try! HarmonicReference()

  private init() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let archive = try NumericArchive(contentsOf: folder.appending(path: "Data/precision/harmonics.npz").path)
    let (flat, degrees, numbers) = try (archive.doubles("points"), archive.doubles("degrees"), archive.doubles("values"))
    points = stride(from: 0, to: flat.count, by: 3).map { SIMD3(flat[$0], flat[$0 + 1], flat[$0 + 2]) }
    let width = numbers.count / points.count
    var offset = 0
    for l in degrees {
      values[Int(l)] = points.indices.map { i in
        let start = i * width + offset
        return Array(numbers[start...start + 2 * Int(l)])
      }
      offset += 2 * Int(l) + 1
    }
  }
}

@Suite struct SphericalHarmonicsTests {
  @Test func fiftyDigitReference() {
    let reference = HarmonicReference.shared
    #expect(reference.points.count == 22 && reference.values.count == 17)
    let harmonics = SphericalHarmonics(degrees: 0...128)
    var worst = 0.0
    for (i, point) in reference.points.enumerated() {
      let values = harmonics(point)
      for (l, expected) in reference.values {
        for m in -l...l {
          let error = abs(values[harmonics.index(degree: l, order: m)] - expected[i][l + m])
          worst = max(worst, error)
          #expect(error < 2e-16 * Double(l + 4), "degree \(l), order \(m) at \(point)")
        }
      }
    }
    #expect(worst < 1e-13 && worst > 0)
  }

  /// Golden values of e3nn 0.6.
  @Test func conventions() {
    let r = SIMD3(1.0, 2, 3)
    let expected = [
      1.038174418125, 1.173691194654, 0.185576872240, -1.111167799007, 0.556730616719, 1.564921592872, 0.718736135625,
    ]
    for (value, golden) in zip(SphericalHarmonics(degrees: 3...3, normalization: .component)(r), expected) {
      #expect(abs(value - golden) < 1e-12)
    }
    let root3 = 3.0.squareRoot()
    let solid = SphericalHarmonics(degrees: 1...2, normalization: .component, normalizingInput: false)(r)
    let (root15, root5) = (15.0.squareRoot(), 5.0.squareRoot())
    let second: [Double] = [root15 * 3, root15 * 2, root5 * -1, root15 * 6, root15 * 4]
    for (value, golden) in zip(solid, [root3, 2 * root3, 3 * root3] + second) {
      #expect(abs(value - golden) < 1e-13)
    }
  }

  @Test(arguments: SphericalHarmonics.Normalization.allCases) func normalizations(_ normalization: SphericalHarmonics.Normalization) {
    let harmonics = SphericalHarmonics(degrees: 0...20, normalization: normalization)
    let values = harmonics(SIMD3(0.3, -2, 0.7))
    for l in 0...20 {
      let squares = (-l...l).reduce(0.0) {
        $0 + values[harmonics.index(degree: l, order: $1)] * values[harmonics.index(degree: l, order: $1)]
      }
      let expected =
        switch normalization {
        case .component: Double(2 * l + 1)
        case .integral: Double(2 * l + 1) / (4 * .pi)
        case .norm: 1.0
        }
      #expect(abs(squares / expected - 1) < 1e-14)
    }
  }

  /// A range that starts above 0 gives the same numbers as the whole.
  @Test func degreesAreIndependent() {
    let (all, some) = (SphericalHarmonics(degrees: 0...9), SphericalHarmonics(degrees: 4...7))
    let r = SIMD3(0.2, 0.5, -1)
    #expect(some.count == 48)
    #expect(Array(all(r)[16..<64]) == some(r))
    #expect(Array(all.gradients(at: r)[16..<64]) == some.gradients(at: r))
  }

  /// Derivatives against differences of values and of gradients, also beside the poles; both kinds of input.
  @Test(arguments: [true, false]) func derivatives(normalizing: Bool) {
    let harmonics = SphericalHarmonics(degrees: 0...8, normalization: .component, normalizingInput: normalizing)
    let h = 1e-4
    for r in [SIMD3(0.3, -0.8, 0.5), SIMD3(0, 1.3, 0), SIMD3(1e-3, -0.7, 1e-3), SIMD3(0.5, 0, 0)] {
      let (gradients, hessians) = (harmonics.gradients(at: r), harmonics.hessians(at: r))
      for axis in 0..<3 {
        func along(_ s: Double) -> SIMD3<Double> {
          var moved = r
          moved[axis] += s * h
          return moved
        }
        // Fourth-order differences.
        let (a, b, c, d) = (harmonics(along(-2)), harmonics(along(-1)), harmonics(along(1)), harmonics(along(2)))
        let (p, q) = (harmonics.gradients(at: along(-1)), harmonics.gradients(at: along(1)))
        let (o, s) = (harmonics.gradients(at: along(-2)), harmonics.gradients(at: along(2)))
        for i in 0..<harmonics.count {
          #expect(abs((a[i] - 8 * b[i] + 8 * c[i] - d[i]) / (12 * h) - gradients[i][axis]) < 2e-7)
          let second = (o[i] - 8 * p[i] + 8 * q[i] - s[i]) / (12 * h)
          for other in 0..<3 { #expect(abs(second[other] - hessians[i][axis, other]) < 1e-5) }
        }
      }
    }
  }

  /// Harmonics solve Laplace's equation; on the sphere the Laplacian has the eigenvalue −l (l + 1).
  @Test func laplace() {
    let r = SIMD3(0.4, 0.3, -1.1)
    let solid = SphericalHarmonics(degrees: 0...30, normalizingInput: false)
    let surface = SphericalHarmonics(degrees: 0...30)
    let (values, squared) = (surface(r), (r * r).sum())
    let (inner, outer) = (solid.hessians(at: r), surface.hessians(at: r))
    for l in 0...30 {
      for m in -l...l {
        let i = solid.index(degree: l, order: m)
        #expect(abs(inner[i].trace) < 1e-13 * max(1, inner[i].maximumNorm))
        #expect(abs(outer[i].trace * squared + Double(l * (l + 1)) * values[i]) < 1e-12 * Double((l + 1) * (l + 1)))
      }
    }
  }

  @Test func zeroVector() {
    for normalizing in [true, false] {
      let harmonics = SphericalHarmonics(degrees: 0...4, normalization: .component, normalizingInput: normalizing)
      #expect(harmonics(.zero) == [1] + Array(repeating: 0, count: 24))
      let gradients = harmonics.gradients(at: .zero)
      let linear = normalizing ? 0 : 3.0.squareRoot()
      for (i, gradient) in gradients.enumerated() {
        let expected: SIMD3<Double> = (1...3).contains(i) ? SIMD3(i == 1 ? linear : 0, i == 2 ? linear : 0, i == 3 ? linear : 0) : .zero
        #expect(((gradient - expected) * (gradient - expected)).sum() < 1e-28)
      }
      let hessians = harmonics.hessians(at: .zero)
      #expect(abs(hessians[6][1, 1] - (normalizing ? 0 : 2 * 5.0.squareRoot())) < 1e-14)
      let higher = hessians[10...].map(\.maximumNorm)
      #expect(higher == Array(repeating: 0, count: 15))
    }
  }

  @Test func finiteToDegree512() {
    let harmonics = SphericalHarmonics(degrees: 0...512)
    for r in [SIMD3(0.0, 1, 0), SIMD3(1e-8, -1, 1e-9), SIMD3(0.1, 1, 0.2), SIMD3(1, 1, 1), SIMD3(1, 0, 0)] {
      let values = harmonics(r)
      for l in [0, 1, 200, 511, 512] {
        // Unsöld's theorem: Σ Y² = (2l + 1)/4π.
        let squares = values[(l * l)..<((l + 1) * (l + 1))].reduce(0) { $0 + $1 * $1 }
        #expect(abs(squares * 4 * .pi / Double(2 * l + 1) - 1) < 1e-12)
      }
      let finite = values.allSatisfy { $0.isFinite }
      #expect(finite)
    }
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = SphericalHarmonics(degrees: -1...2) }
    await #expect(processExitsWith: .failure) { _ = SphericalHarmonics(degrees: 1...2).index(degree: 3, order: 0) }
  }

  @Test func notANumberIsNotTheZeroVector() {
    let harmonics = SphericalHarmonics(degrees: 1...3)
    for axis in 0..<3 {
      var r = SIMD3<Double>.zero
      r[axis] = .nan
      #expect(harmonics(r).allSatisfy { $0.isNaN })
      #expect(harmonics.gradients(at: r).allSatisfy { $0.x.isNaN })
      #expect(harmonics.hessians(at: r).allSatisfy { $0.maximumNorm.isNaN })
    }
  }

  /// The largest degree there is: by the addition theorem the squares sum to (2l + 1)/4π.
  @Test func largestDegree() {
    let values = SphericalHarmonics(degrees: 1400...1400)(SIMD3(0.3, 0.5, 0.1))
    let sum = values.reduce(0) { $0 + $1 * $1 }
    #expect(abs(sum * 4 * Double.pi / 2801 - 1) < 1e-12)
  }
}
