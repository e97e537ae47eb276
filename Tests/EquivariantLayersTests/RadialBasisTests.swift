import Equivariant
import Foundation
import Testing

@Suite struct RadialBasisTests {
  @Test(
    arguments: [
      ("gaussian", RadialBasis.Family.gaussian), ("cosine", .cosine), ("smooth_finite", .smoothFinite), ("fourier", .fourier),
      ("bessel", .bessel),
    ],
    [false, true])
  func e3nn(_ family: (String, RadialBasis.Family), vanishing: Bool) throws {
    let references = try LayerReferences()
    let name = "\(family.0)_\(vanishing ? 1 : 0)"
    let basis = RadialBasis(family.1, on: 0...3, count: 5, vanishesOutside: vanishing)
    let r = try references.tensor(name, "r")
    let y = basis(r)
    #expect(y.shape == [8, 5])
    #expect(distance(y, try references.tensor(name, "out")) < 1e-14)
    let single = basis(r.converted(to: Float.self)).converted(to: Double.self)
    #expect(distance(single, y) < 2e-6)
    // Another interval is noticed.
    #expect(distance(RadialBasis(family.1, on: 0...3.01, count: 5, vanishesOutside: vanishing)(r), y) > 1e-4)
  }

  @Test func chebyshev() {
    let r = Tensor<Double>([1, 1.3, 2, 3.6, 4.99, 5.2, 0.9])
    let y = RadialBasis(.chebyshev, on: 1...5, count: 6)(r)
    for i in 0..<7 {
      let t = (r[i] - 3) / 2
      for n in 0..<6 { #expect(abs(y[i, n] - (abs(t) <= 1 ? cos(Double(n) * acos(t)) : 0)) < 1e-14) }
    }
    #expect(RadialBasis(.chebyshev, on: 1...5, count: 1)(r).shape == [7, 1])
  }

  @Test(arguments: RadialBasis.Family.allCases) func derivatives(_ family: RadialBasis.Family) {
    var generator = RandomSource(seed: 12)
    // Inside, beside zero, and at zero itself where differences may step over it.
    let basis = RadialBasis(family, on: 0...3, count: 4, vanishesOutside: family == .cosine)
    let r = Tensor<Double>(family == .cosine ? [0.35, 1.4, 2.45] : [0, 1e-9, 0.35, 0.9545, 1.4, 2.45])
    let report = checkDerivatives(of: { basis($0[0]) }, at: [r], order: 3, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
  }

  /// Three derivatives of the Bessel functions at 0, and at lengths of any smallness: series of k sin(kr)/(kr).
  @Test(arguments: [true, false]) func besselAtZero(vanishing: Bool) {
    let c = 3.0
    let basis = RadialBasis(.bessel, on: 0...c, count: 3, vanishesOutside: vanishing)
    for start in [0, 1e-200, 1e-12, 1e-8] {
      let r = Tensor<Double>([start]).asVariable()
      for n in 1...3 {
        let k = Double(n) * .pi / c
        let scale = (2 / c).squareRoot() * k
        var y = basis(r).selected(axis: -1, n - 1).sum()
        #expect(abs(y.item - scale) < 1e-14)
        for expected in [-k * k * start / 3 * scale, -k * k / 3 * scale, k * k * k * k * start / 5 * scale] {
          y = gradient(of: y, withRespectTo: r, keepingGraph: true).sum()
          #expect(abs(y.item - expected) < 1e-13)
        }
      }
    }
    // The plain quotient has no derivative there.
    let r = Tensor<Double>([0]).asVariable()
    #expect(!gradient(of: (r.sin() / r).sum(), withRespectTo: r).item.isFinite)
  }

  /// At the ends of supports no derivative is infinite or NaN.
  @Test(arguments: RadialBasis.Family.allCases) func finite(_ family: RadialBasis.Family) {
    let basis = RadialBasis(family, on: 0...3, count: 4)
    let r = Tensor<Double>([-1, 0, 0.6, 0.6 + 1e-10, 1.2 - 1e-300, 1.2, 1.8, 3 - 1e-12, 3, 3.5, 100]).asVariable()
    var y = basis(r).sum()
    for _ in 0..<3 {
      let slope = gradient(of: y, withRespectTo: r, keepingGraph: true)
      #expect(slope.elements.allSatisfy { $0.isFinite })
      y = slope.sum()
    }
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = RadialBasis(.gaussian, on: 1...1, count: 3) }
    await #expect(processExitsWith: .failure) { _ = RadialBasis(.gaussian, on: 0...1, count: 1, vanishesOutside: false) }
  }
}
