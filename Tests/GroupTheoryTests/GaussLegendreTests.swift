import GroupTheory
import RealModule
import Testing

@Suite struct GaussLegendreTests {
  /// numpy.polynomial.legendre.leggauss and the closed forms.
  @Test func knownRules() {
    let three = GaussLegendre(count: 3)
    #expect(abs(three.cosines[0] - 0.6.squareRoot()) < 2e-16 && three.cosines[1] == 0)
    #expect(abs(three.weights[0] - 5.0 / 9) < 2e-16 && abs(three.weights[1] - 8.0 / 9) < 2e-16)
    let five = GaussLegendre(count: 5)
    #expect(abs(five.cosines[0] - 0.906179845938663992797626878299) < 2e-16)
    #expect(abs(five.weights[0] - 0.236926885056189087514264040720) < 2e-16)
    #expect(GaussLegendre(count: 1).weights == [2])
  }

  @Test(arguments: [1, 2, 7, 34, 129, 400]) func exactness(n: Int) {
    let rule = GaussLegendre(count: n)
    func integral(degree: Int) -> Double {
      zip(rule.cosines, rule.weights).reduce(0) { $0 + Legendre.polynomials(upTo: degree, at: $1.0)[degree] * $1.1 }
    }
    #expect(abs(integral(degree: 0) - 2) < 1e-14)
    for degree in Set([1, n, 2 * n - 2, 2 * n - 1]) where degree > 0 { #expect(abs(integral(degree: degree)) < 1e-14) }
    // The first degree that the rule cannot integrate.
    #expect(abs(integral(degree: 2 * n)) > 1e-3)
    for (c, s) in zip(rule.cosines, rule.sines) { #expect(abs(c * c + s * s - 1) < 4e-16) }
  }

  @Test func legendrePolynomials() {
    let x = 0.3
    let p = Legendre.polynomials(upTo: 4, at: x)
    #expect(abs(p[4] - (35 * x * x * x * x - 30 * x * x + 3) / 8) < 1e-15)
    #expect(Legendre.polynomials(upTo: 1000, at: 1)[1000] == 1)
    #expect(Legendre.polynomials(upTo: 999, at: -1)[999] == -1)
    // P_l(1 − ε) = 1 − l (l + 1) ε/2 + (l − 1) l (l + 1) (l + 2) ε²/16 − ...; the common recurrence errs by 10⁻¹¹ here.
    let x1 = 1 - 1e-10
    let e = 1 - x1
    let expected = 1 - 500_500 * e + 999.0 * 1000 * 1001 * 1002 / 16 * e * e
    #expect(abs(Legendre.polynomials(upTo: 1000, at: x1)[1000] - expected) < 1e-12)
  }

  @Test func associatedFunctionsAreHarmonics() {
    let (theta, phi) = (0.9, 0.4)
    let values = SphericalHarmonics(degrees: 0...12)(
      SIMD3(Double.sin(theta) * Double.sin(phi), Double.cos(theta), Double.sin(theta) * Double.cos(phi)))
    let polar = Legendre.orthonormal(upTo: 12, cosine: Double.cos(theta), sine: Double.sin(theta))
    for l in 0...12 {
      for m in 0...l {
        let p = polar[l * (l + 1) / 2 + m]
        #expect(abs(values[l * l + l + m] - p * Double.cos(Double(m) * phi)) < 2e-15)
        if m > 0 { #expect(abs(values[l * l + l - m] - p * Double.sin(Double(m) * phi)) < 2e-15) }
      }
    }
  }
}
