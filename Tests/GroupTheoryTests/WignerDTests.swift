import GroupTheory
import RealModule
import Testing

@Suite struct WignerDTests {
  /// Rotations that code gets wrong, and random ones.
  private func rotations() -> [Rotation3] {
    var generator = SplitMix64(seed: 31)
    return SO3().randomElements(4, using: &generator) + [
      .identity, Rotation3(axis: SIMD3(0, 1, 0), angle: .pi), Rotation3(axis: SIMD3(0, 0, 1), angle: .pi),
      Rotation3(axis: SIMD3(1, 0, 0), angle: .pi), Rotation3(axis: SIMD3(1, 2, 3), angle: 1e-9),
      Rotation3(axis: SIMD3(1, 2, 3), angle: .pi - 1e-9), Rotation3(axis: SIMD3(1, 0, 0), angle: .pi / 2),
    ]
  }

  @Test func degreeOneIsTheRotation() {
    for r in rotations() { #expect(WignerD.real(degree: 1, of: r).distance(to: r.matrix) < 4e-16) }
  }

  /// Golden row of e3nn 0.6: D²(0.1, 0.2, 0.3).
  @Test func conventions() {
    let row = [0.682796674082, 0.174581244436, 0.006790834062, 0.094495528220, 0.703089304906]
    let d = WignerD.real(degree: 2, of: Rotation3(alpha: 0.1, beta: 0.2, gamma: 0.3))
    for (j, golden) in row.enumerated() { #expect(abs(d[0, j] - golden) < 1e-12) }
  }

  @Test func actsOnHarmonics() {
    let harmonics = SphericalHarmonics(degrees: 0...24)
    let r = SIMD3(0.3, -0.5, 0.8)
    for rotation in rotations() {
      let (before, after) = (harmonics(r), harmonics(rotation * r))
      for (l, d) in WignerD.real(degrees: 0...24, of: rotation).enumerated() {
        let rotated = d * Array(before[(l * l)..<((l + 1) * (l + 1))])
        for m in 0...2 * l { #expect(abs(rotated[m] - after[l * l + m]) < 1e-15 * Double(l + 4)) }
      }
    }
  }

  @Test(arguments: [2, 3, 10, 40]) func homomorphismAndOrthogonality(l: Int) {
    let tolerance = 1e-15 * Double(l + 1)
    for a in rotations() {
      let da = WignerD.real(degree: l, of: a)
      #expect((da.transposed * da).distance(to: .identity(2 * l + 1)) < tolerance)
      #expect(WignerD.real(degree: l, of: a.inverse).distance(to: da.transposed) < tolerance)
      for b in rotations().prefix(l > 20 ? 2 : 11) {
        #expect(WignerD.real(degree: l, of: a * b).distance(to: da * WignerD.real(degree: l, of: b)) < tolerance)
      }
    }
    #expect(WignerD.real(degree: l, of: .identity) == .identity(2 * l + 1))
  }

  /// The trace is sin((l + ½) θ)/sin(θ/2).
  @Test func characters() {
    let rotation = Rotation3(axis: SIMD3(2, -1, 0.5), angle: 0.8)
    for l in 0...30 {
      let expected = Double.sin((Double(l) + 0.5) * 0.8) / Double.sin(0.4)
      #expect(abs(WignerD.real(degree: l, of: rotation).trace - expected) < 1e-14 * Double(l + 1))
    }
  }

  /// In the complex basis, rotations about the polar axis are diagonal, and matrices are unitary and multiply.
  @Test func complexMatrices() {
    let turn = WignerD.complex(degree: 3, of: Rotation3(axis: SIMD3(0, 1, 0), angle: 0.4))
    for m in -3...3 {
      #expect(abs(turn.real[3 + m, 3 + m] - Double.cos(0.4 * Double(m))) < 1e-15)
      #expect(abs(turn.imaginary[3 + m, 3 + m] - Double.sin(0.4 * Double(m))) < 1e-15)
    }
    let (a, b) = (Rotation3(alpha: 0.3, beta: 1.1, gamma: -0.7), Rotation3(alpha: 2, beta: 0.4, gamma: 1))
    let (x, y, z) = (WignerD.complex(degree: 5, of: a), WignerD.complex(degree: 5, of: b), WignerD.complex(degree: 5, of: a * b))
    #expect((x.real * y.real - x.imaginary * y.imaginary).distance(to: z.real) < 1e-14)
    #expect((x.real * y.imaginary + x.imaginary * y.real).distance(to: z.imaginary) < 1e-14)
    // Wigner's d²₁₀(β) = −√(3/2) sin β cos β, with the Condon-Shortley sign.
    let d = WignerD.complex(degree: 2, of: Rotation3(alpha: 0, beta: 0.6, gamma: 0))
    #expect(abs(d.real[3, 2] + 1.5.squareRoot() * Double.sin(0.6) * Double.cos(0.6)) < 1e-15)
    #expect(abs(d.real[2, 3] - 1.5.squareRoot() * Double.sin(0.6) * Double.cos(0.6)) < 1e-15)
  }

  /// No overflow where the Jacobi polynomials reach 10⁸⁰: one row of a matrix of degree 200 has norm 1.
  @Test func highDegree() {
    let d = WignerD.real(degree: 200, of: Rotation3(alpha: 1, beta: 1.2, gamma: 0.3))
    for i in [0, 57, 200, 333, 400] {
      let squares = (0...400).reduce(0.0) { $0 + d[i, $1] * d[i, $1] }
      #expect(abs(squares - 1) < 1e-12)
    }
  }

  /// To the largest degree the scales are finite, and not much beyond it.
  @Test func scalesStayInRange() {
    func allFinite(at degree: Int) -> Bool {
      stride(from: 0, through: degree, by: 50).allSatisfy { m in
        stride(from: -m, through: m, by: 50).allSatisfy { n in
          var column = WignerColumn(m, n)
          for _ in m..<degree { column.advance() }
          return column.scale.isFinite
        }
      }
    }
    #expect(allFinite(at: 700))
    #expect(!allFinite(at: 750))
  }
}
