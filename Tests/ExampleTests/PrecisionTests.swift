import Equivariant
import Testing

@testable import benchmarks

/// The limits of `benchmarks precision` at some of its degrees, measured by its code.
@Suite struct PrecisionTests {
  @Test func harmonics() throws {
    let double = try PrecisionMeasurements.harmonics(Double.self, upTo: 128)
    let single = try PrecisionMeasurements.harmonics(Float.self, upTo: 64)
    #expect(double.count == 17 && single.count == 15)
    for (l, error) in double { #expect(error <= 1e-13, "double, degree \(l)") }
    for (l, error) in single { #expect(error <= 2e-6, "float, degree \(l)") }
    // What is too inexact is seen: numbers in Float do not pass for those in Double.
    #expect(double[128]! > 1e-16 && single[64]! > 1e-13)
  }

  @Test func finiteToDegree512() {
    for (l, error) in PrecisionMeasurements.unsoeld(Double.self, degrees: 505...512) { #expect(error <= 1e-12, "degree \(l)") }
  }

  /// The same limits hold next to the identity and next to half turns.
  @Test(arguments: PrecisionMeasurements.Rotations.allCases) func wigner(_ rotations: PrecisionMeasurements.Rotations) throws {
    let laws = [\PrecisionMeasurements.WignerErrors.homomorphism, \.orthogonality, \.harmonics]
    for l in [0, 1, 8, 32, 64, 128] {
      let double = try PrecisionMeasurements.wigner(Double.self, degrees: l...l, rotations, pairs: 2)
      let single = l > 64 ? nil : try PrecisionMeasurements.wigner(Float.self, degrees: l...l, rotations, pairs: 2)
      for law in laws {
        #expect(double[keyPath: law][l]! <= 2e-14, "double, degree \(l), \(law)")
        guard let single else { continue }
        #expect(single[keyPath: law][l]! <= 1e-6, "float, degree \(l), \(law)")
        // What is too inexact is seen: matrices in Float do not pass for those in Double.
        if rotations == .random && l > 0 { #expect(single[keyPath: law][l]! > 2e-14) }
      }
    }
  }

  @Test(arguments: [8, 64, 128]) func sphereRoundTrip(degree: Int) {
    #expect(PrecisionMeasurements.sphereRoundTrip(Double.self, degree: degree) <= 1e-12)
    if degree > 64 { return }
    let single = PrecisionMeasurements.sphereRoundTrip(Float.self, degree: degree)
    #expect(single <= 1e-5 && single > 1e-12)
  }

  @Test(arguments: [4, 16]) func rotationGroupRoundTrip(degree: Int) {
    #expect(PrecisionMeasurements.rotationGroupRoundTrip(Double.self, degree: degree) <= 1e-12)
    let single = PrecisionMeasurements.rotationGroupRoundTrip(Float.self, degree: degree)
    #expect(single <= 1e-5 && single > 1e-12)
  }

  @Test func couplingCoefficients() throws {
    for symbol in CouplingSymbol.allCases { #expect(try PrecisionMeasurements.coupling(symbol, spins: 0...60) <= 2, "\(symbol)") }
    #expect(try PrecisionMeasurements.coupling(.threeJ, spins: 61...200) <= 2)
  }

  /// A figure that is too large or no number does not pass.
  @Test func limitsCanFail() {
    #expect(PrecisionFigure(error: 1, limit: 1).passes)
    #expect(!PrecisionFigure(error: 1.1, limit: 1).passes && !PrecisionFigure(error: .nan, limit: 1).passes)
  }
}
