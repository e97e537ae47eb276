import Equivariant
import Testing

@Suite struct CutoffFunctionTests {
  /// By hand: 1 − 28/64 + 48/128 − 21/256, and 1 − 10/8 + 15/16 − 6/32 for p = 3; 0.9 with p = 6, e^(−1/3) and e^(1 − 1/(1 − 0.81)) by mpmath.
  @Test func values() {
    let r = Tensor<Double>([0, 1, 1.8, 2, 2.5, 1e60])
    let six = CutoffFunction(radius: 2)(r)
    #expect(distance(six, Tensor([1, 0.85546875, 0.03809179, 0, 0, 0])) < 1e-14)
    let three = CutoffFunction(.polynomial(p: 3), radius: 2)(r)
    #expect(distance(three, Tensor([1, 0.5, three[2], 0, 0, 0])) < 1e-15)
    let smooth = CutoffFunction(.smooth, radius: 2)(r)
    #expect(distance(smooth, Tensor([1, 0.7165313105737893, 0.0140777760075596, 0, 0, 0])) < 1e-14)
    #expect(CutoffFunction(radius: 2)(r.converted(to: Float.self)).elements.allSatisfy { $0.isFinite })
  }

  /// By hand: with b = 1 and c = 2 at r² = 2, 2²(4 + 4 − 3)/3³ = 20/27; cos at thirds of π.
  @Test func valuesOfSwitchingAndCosine() {
    let switching = CutoffFunction(.switching(from: 1), radius: 2)(Tensor<Double>([0, 1, 2.0.squareRoot(), 2, 1e30]))
    #expect(distance(switching, Tensor([1, 1, 20.0 / 27, 0, 0])) < 1e-15)
    let cosine = CutoffFunction(.cosine, radius: 3)(Tensor<Double>([0, 1, 1.5, 2, 3, 1e30]))
    #expect(distance(cosine, Tensor([1, 0.75, 0.5, 0.25, 0, 0])) < 1e-15)
  }

  @Test(arguments: [CutoffFunction.Shape.polynomial(p: 6), .polynomial(p: 2), .smooth, .cosine, .switching(from: 1.2)]) func derivatives(
    _ shape: CutoffFunction.Shape
  ) {
    var generator = RandomSource(seed: 13)
    let cutoff = CutoffFunction(shape, radius: 2)
    let report = checkDerivatives(
      of: { cutoff($0[0]) }, at: [Tensor([0.01, 0.3, 1, 1.5, 1.9, 2.1])], order: 3, using: &generator)
    #expect(report.relativeError < 1e-6, "\(report)")
  }

  /// Derivatives vanish at the radius, two of the polynomial and all three of the smooth one; all are finite at 0.
  @Test(arguments: [(CutoffFunction.Shape.polynomial(p: 6), 2), (.smooth, 3), (.cosine, 1), (.switching(from: 1), 1)]) func smoothness(
    _ shape: CutoffFunction.Shape, _ order: Int
  ) {
    let cutoff = CutoffFunction(shape, radius: 2)
    for place in [0, 2 - 1e-9, 2, 2 + 1e-9] {
      let r = Tensor<Double>([place]).asVariable()
      var y = cutoff(r).sum()
      for k in 1...3 {
        y = gradient(of: y, withRespectTo: r, keepingGraph: true).sum()
        #expect(y.item.isFinite)
        if place > 1, k <= order { #expect(abs(y.item) < 1e-6) }
      }
    }
    // The third derivative of the polynomial jumps.
    let r = Tensor<Double>([2 - 1e-9]).asVariable()
    var y = CutoffFunction(radius: 2)(r).sum()
    for _ in 1...3 { y = gradient(of: y, withRespectTo: r, keepingGraph: true).sum() }
    #expect(abs(y.item) > 1)
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) { _ = CutoffFunction(radius: 0) }
    await #expect(processExitsWith: .failure) { _ = CutoffFunction(.polynomial(p: 1), radius: 1) }
    await #expect(processExitsWith: .failure) { _ = CutoffFunction(.switching(from: 1), radius: 1) }
  }
}
