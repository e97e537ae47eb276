import Equivariant
import Foundation

/// Measurements of the errors of harmonics, Wigner matrices, transforms and coupling coefficients against references and identities, for
/// the command and for the tests.
enum PrecisionMeasurements {
  /// The folder of the reference values in the source tree.
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func archive(_ path: String) throws -> NumericArchive {
    try NumericArchive(contentsOf: root.appending(path: path).path)
  }

  /// The largest absolute error of orthonormal harmonics, by degree, against the 50-digit values of Data/precision.
  static func harmonics<S: TensorScalar>(_ type: S.Type, upTo top: Int) throws -> [Int: Double] {
    let archive = try archive("Data/precision/harmonics.npz")
    let (points, reference) = try (archive.doubles("points").map { S($0) }, archive.doubles("values"))
    let count = points.count / 3
    let harmonics = SphericalHarmonics(degrees: 0...top)
    let values = harmonics(Tensor(points, shape: [count, 3])).elements
    var (errors, offset) = ([Int: Double](), 0)
    for l in try archive.ints("degrees") {
      let width = 2 * l + 1
      if l <= top {
        errors[l] = largest(
          (0..<count * width).map { n in
            let (i, m) = (n / width, n % width - l)
            return Double(values[i * harmonics.count + harmonics.index(degree: l, order: m)])
              - reference[i * (reference.count / count) + offset + l + m]
          })
      }
      offset += width
    }
    return errors
  }

  /// The largest |Σₘ Y² 4π/(2l + 1) − 1| (Unsöld's theorem) of each degree of a range at the poles, beside them and at random points.
  static func unsoeld<S: TensorScalar>(_ type: S.Type, degrees: ClosedRange<Int>) -> [Int: Double] {
    var generator = RandomSource(seed: 3)
    let special = Tensor<S>(rows: [[0, 1, 0], [0, -1, 0], [1e-8, -1, 1e-9], [1, 0, 0], [0, 0, -1], [1e-3, 1, 2e-3]])
    let points = Tensor.concatenated([special, .normal([10, 3], using: &generator)], axis: 0)
    let harmonics = SphericalHarmonics(degrees: degrees)
    let values = harmonics(points).elements
    var errors: [Int: Double] = [:]
    for l in degrees {
      errors[l] = largest(
        (0..<points.shape[0]).map { i in
          let start = i * harmonics.count + harmonics.index(degree: l, order: -l)
          let square = values[start...start + 2 * l].reduce(0) { $0 + Double($1) * Double($1) }
          return square * 4 * .pi / Double(2 * l + 1) - 1
        })
    }
    return errors
  }

  /// The rotations at which a law is tried.
  enum Rotations: String, CaseIterable {
    case random = "random rotations"
    case nearIdentity = "within 1e-9 of the identity"
    case nearHalfTurn = "within 1e-9 of half turns"

    /// Pairs of rotations to be multiplied: both of the kind, and one of the kind with a random one.
    func pairs(_ count: Int) -> [(Rotation3, Rotation3)] {
      var generator = RandomSource(seed: 4)
      func member() -> Rotation3 {
        let random = SO3().randomElement(using: &generator)
        let deviation = Double.random(in: -1e-9...1e-9, using: &generator)
        return switch self {
        case .random: random
        case .nearIdentity: Rotation3(axis: random.axis, angle: deviation)
        case .nearHalfTurn: Rotation3(axis: random.axis, angle: .pi + deviation)
        }
      }
      return (0..<count).map { k in (member(), k.isMultiple(of: 2) ? member() : SO3().randomElement(using: &generator)) }
    }
  }

  /// Errors of Wigner matrices by degree, each divided by l + 1.
  struct WignerErrors {
    /// |D(R₁R₂) − D(R₁) D(R₂)|.
    var homomorphism: [Int: Double] = [:]
    /// |Dᵀ D − 1|.
    var orthogonality: [Int: Double] = [:]
    /// |D(R) Y(r) − Y(R r)| with orthonormal harmonics, the only error that shows when a small rotation is taken for the identity.
    var harmonics: [Int: Double] = [:]
  }

  /// The largest errors of Wigner matrices of type `S` at pairs of rotations.
  ///
  /// R₁ and R₂ are rounded to `S` first; everything but the matrices is in `Double`. The quaternion of R₁R₂ is rounded to `S` once more:
  /// half a unit in its last place turns the rotation by an angle of that size and changes D by up to l times as much, which the first
  /// error includes.
  static func wigner<S: TensorScalar>(
    _ type: S.Type, degrees: ClosedRange<Int>, _ rotations: Rotations, pairs: Int
  ) throws -> WignerErrors {
    func rounded(_ r: Rotation3) -> [S] { [S(r.w), S(r.x), S(r.y), S(r.z)] }
    func rotation(_ q: [S]) throws -> Rotation3 { try Rotation3(w: Double(q[0]), x: Double(q[1]), y: Double(q[2]), z: Double(q[3])) }
    let (matrices, harmonics) = (WignerMatrices(degrees: degrees), SphericalHarmonics(degrees: degrees))
    let points = [SIMD3(0.1, 0.7, -0.4), SIMD3(-0.9, 0.2, 0.3), SIMD3(0, 1, 0), SIMD3(1e-3, -1, 0)]
    /// The values of each degree, [points, 2l + 1].
    func values(_ points: [SIMD3<Double>]) -> [Tensor<Double>] {
      let all = harmonics(Tensor(rows: points.map { [$0.x, $0.y, $0.z] }))
      return degrees.map { l in
        let start = harmonics.index(degree: l, order: -l)
        return all.sliced(axis: 1, start..<start + 2 * l + 1)
      }
    }
    let before = values(points)
    var errors = WignerErrors()
    for (a, b) in rotations.pairs(pairs) {
      let (a, b) = (rounded(a), rounded(b))
      let product = try rounded(rotation(a) * rotation(b))
      let (da, db, dab) = (matrices(Tensor(a)), matrices(Tensor(b)), matrices(Tensor(product)))
      let turn = try rotation(a)
      let after = values(points.map { turn * $0 })
      for (i, l) in degrees.enumerated() {
        let (x, y, xy) = (da[i].converted(to: Double.self), db[i].converted(to: Double.self), dab[i].converted(to: Double.self))
        func note(_ law: WritableKeyPath<WignerErrors, [Int: Double]>, _ differences: [Double]) {
          errors[keyPath: law][l] = max(errors[keyPath: law][l] ?? 0, largest(differences) / Double(l + 1))
        }
        note(\.homomorphism, (Tensor.matmul(x, y) - xy).elements)
        note(\.harmonics, (Tensor.matmul(before[i], x, transposingSecond: true) - after[i]).elements)
        for d in [x, y, xy] {
          let square = Tensor.matmul(d, d, transposingFirst: true).elements
          note(\.orthogonality, square.indices.map { square[$0] - ($0.isMultiple(of: 2 * l + 2) ? 1 : 0) })
        }
      }
    }
    return errors
  }

  /// The largest error of the coefficients of a random signal after synthesis on the smallest grid and analysis, relative to the largest
  /// coefficient: on the sphere, by both ways about the axis.
  static func sphereRoundTrip<S: TensorScalar>(_ type: S.Type, degree: Int) -> Double {
    [AzimuthalMethod.matrix, .fft].map { method in
      let transform = SphereTransform<S>(degree: degree, method: method)
      return roundTrip(count: transform.coefficientCount) { transform.analysis(transform.synthesis($0)) }
    }.max()!
  }

  /// The largest error of the coefficients of a random signal on SO(3) after synthesis and analysis, relative to the largest coefficient.
  static func rotationGroupRoundTrip<S: TensorScalar>(_ type: S.Type, degree: Int) -> Double {
    [AzimuthalMethod.matrix, .fft].map { method in
      let transform = RotationGroupTransform<S>(degree: degree, method: method)
      return roundTrip(count: transform.coefficientCount) { transform.analysis(transform.synthesis($0)) }
    }.max()!
  }

  private static func roundTrip<S: TensorScalar>(count: Int, _ map: (Tensor<S>) -> Tensor<S>) -> Double {
    var generator = RandomSource(seed: 5)
    let coefficients = Tensor<S>.normal([count], using: &generator)
    return largest((map(coefficients) - coefficients).elements.map { Double($0) }) / largest(coefficients.elements.map { Double($0) })
  }

  /// The largest error of a coupling symbol, in units of the last place, against exact values rounded once (sympy), for largest spins
  /// within the range (a spin between two integers belongs to the upper one).
  static func coupling(_ symbol: CouplingSymbol, spins range: ClosedRange<Int>) throws -> Double {
    let archive = try archive("Tests/GroupTheoryTests/References/coupling-coefficients.npz")
    let values = try archive.doubles("\(symbol.rawValue)_values")
    let spins = try archive.ints("\(symbol.rawValue)_spins").map { HalfInteger(doubled: $0) }
    let width = spins.count / values.count
    return largest(
      values.enumerated().compactMap { i, expected in
        let j = Array(spins[i * width..<(i + 1) * width])
        guard range.contains((j.max()!.doubled + 1) / 2) else { return nil }
        let value = symbol.value(j)
        return value == expected ? 0 : (value - expected) / (expected == 0 ? .leastNonzeroMagnitude : expected.ulp)
      })
  }

  /// The largest magnitude; infinite if a number is not finite.
  private static func largest(_ errors: [Double]) -> Double {
    errors.reduce(0) { $1.isFinite ? max($0, $1.magnitude) : .infinity }
  }
}

/// The symbols of the committed reference values.
enum CouplingSymbol: String, CaseIterable {
  case threeJ = "3j"
  case sixJ = "6j"
  case nineJ = "9j"

  func value(_ j: [HalfInteger]) -> Double {
    switch self {
    case .threeJ: Wigner3j(j[0], j[1], j[2], j[3], j[4], j[5]).value
    case .sixJ: Wigner6j(j[0], j[1], j[2], j[3], j[4], j[5]).value
    case .nineJ: Wigner9j(j[0], j[1], j[2], j[3], j[4], j[5], j[6], j[7], j[8]).value
    }
  }
}
