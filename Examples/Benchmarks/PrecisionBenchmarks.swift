import Equivariant
import Foundation

/// An error with its limit.
struct PrecisionFigure {
  let error: Double
  let limit: Double
  /// Whether the error is within the limit; false if it is not a number.
  var passes: Bool { error <= limit }
}

/// The table of errors by degree.
struct PrecisionBenchmarks {
  /// The number of figures above their limit so far.
  private(set) var failures = 0

  mutating func run() throws {
    try harmonics()
    for rotations in PrecisionMeasurements.Rotations.allCases { try wigner(rotations) }
    roundTrips()
    try coupling()
    print(failures == 0 ? "\nAll figures are within their limits." : "\n\(failures) figures are above their limits.")
  }

  private mutating func harmonics() throws {
    section(
      "Spherical harmonics, orthonormal: largest absolute error against 50-digit values, by l",
      elsewhere: "e3nn 3e-15 at l = 11, none above 12; sphericart 1e-13 at l = 64, wrong by 1.3 at 96, in float by 0.9 at 24, NaN at 32")
    let (double, single) = try (
      PrecisionMeasurements.harmonics(Double.self, upTo: 128), PrecisionMeasurements.harmonics(Float.self, upTo: 64)
    )
    for l in double.keys.sorted() {
      row("\(l)", [double[l].map { .init(error: $0, limit: 1e-13) }, single[l].map { .init(error: $0, limit: 2e-6) }])
    }
    section("Spherical harmonics: largest relative error of Σ Y² = (2l + 1)/4π, by l", elsewhere: nil)
    let sums = PrecisionMeasurements.unsoeld(Double.self, degrees: 129...512)
    for range in [129...256, 257...384, 385...512] { row(range, (sums, 1e-12)) }
  }

  private mutating func wigner(_ rotations: PrecisionMeasurements.Rotations) throws {
    let double = try PrecisionMeasurements.wigner(Double.self, degrees: 0...128, rotations, pairs: 6)
    let single = try PrecisionMeasurements.wigner(Float.self, degrees: 0...64, rotations, pairs: 6)
    let ranges = [0...4, 5...8, 9...16, 17...32, 33...64, 65...128]
    let laws: [(String, WritableKeyPath<PrecisionMeasurements.WignerErrors, [Int: Double]>, String?)] = [
      (
        "|D(R₁R₂) − D(R₁) D(R₂)|", \.homomorphism,
        rotations == .random ? "undivided: e3nn 2e-14 at l = 11; e3nn-jax 8e-15 at l = 11, 1e-10 at l = 16" : nil
      ),
      ("|Dᵀ D − 1|", \.orthogonality, nil),
      (
        "|D(R) Y(r) − Y(R r)|", \.harmonics,
        rotations == .nearIdentity ? "e3nn and e3nn-jax take a rotation by 7e-10 for none: |D¹(R) − R| = 7e-10" : nil
      ),
    ]
    for (law, errors, elsewhere) in laws {
      section("Wigner matrices, \(rotations.rawValue): largest \(law) / (l + 1), by l", elsewhere: elsewhere)
      for range in ranges { row(range, (double[keyPath: errors], 2e-14), (single[keyPath: errors], 1e-6)) }
    }
  }

  private mutating func roundTrips() {
    section("Sphere: largest relative error of coefficients after synthesis and analysis, by the degree of the signal", elsewhere: nil)
    for degree in [4, 8, 16, 32, 64, 128] {
      row(
        "\(degree)",
        [
          .init(error: PrecisionMeasurements.sphereRoundTrip(Double.self, degree: degree), limit: 1e-12),
          degree > 64 ? nil : .init(error: PrecisionMeasurements.sphereRoundTrip(Float.self, degree: degree), limit: 1e-5),
        ])
    }
    section("SO(3): the same", elsewhere: nil)
    for degree in [2, 4, 8, 16] {
      row(
        "\(degree)",
        [
          .init(error: PrecisionMeasurements.rotationGroupRoundTrip(Double.self, degree: degree), limit: 1e-12),
          .init(error: PrecisionMeasurements.rotationGroupRoundTrip(Float.self, degree: degree), limit: 1e-5),
        ])
    }
  }

  private mutating func coupling() throws {
    section(
      "Coupling coefficients: largest error in units of the last place, by the largest spin",
      elsewhere: "Clebsch-Gordan coefficients of e3nn: 0 in place of 0.09 at l = 60, an exception from l = 119")
    let symbols: [(CouplingSymbol, [ClosedRange<Int>])] = [
      (.threeJ, [0...60, 61...200]), (.sixJ, [0...60, 61...200]), (.nineJ, [0...15]),
    ]
    for (symbol, ranges) in symbols {
      for range in ranges {
        let error = try PrecisionMeasurements.coupling(symbol, spins: range)
        row("\(symbol.rawValue) \(label(range))", [.init(error: error, limit: 2), nil])
      }
    }
  }

  // MARK: The page

  private func section(_ title: String, elsewhere: String?) {
    print("\n\(title)")
    if let elsewhere { print("  elsewhere: \(elsewhere)") }
    print("  " + cell("", 14) + cell("double", 11) + cell("limit", 22) + cell("float", 11) + "limit")
  }

  /// Prints the worst errors in a range of degrees, in double and in single precision.
  private mutating func row(_ range: ClosedRange<Int>, _ columns: (errors: [Int: Double], limit: Double)...) {
    row(
      label(range),
      columns.map { errors, limit in
        errors[range.upperBound].map { _ in .init(error: range.map { errors[$0]! }.max()!, limit: limit) }
      })
  }

  private mutating func row(_ label: String, _ figures: [PrecisionFigure?]) {
    let cells = figures.compactMap { figure in
      figure.map {
        if !$0.passes { failures += 1 }
        return cell(number($0.error), 11) + cell("<= \(number($0.limit)) \($0.passes ? "ok" : "FAILED")", 22)
      }
    }
    print("  " + cell(label, 14) + cells.joined())
  }

  private func label(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound)–\(range.upperBound)" }
  private func number(_ x: Double) -> String { x == x.rounded() ? String(format: "%.0f", x) : String(format: "%.1e", x) }
  private func cell(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(1, width - text.count)) }
}
