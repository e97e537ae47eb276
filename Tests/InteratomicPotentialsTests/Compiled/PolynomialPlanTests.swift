import CKernels
import DifferentiableTensors
import EquivariantLayers
import GroupTheory
import Testing

@testable import InteratomicPotentials

/// Polynomials of compiled potentials against the layer that computes them otherwise, and their gradients against those of its graph.
@Suite struct PolynomialPlanTests {
  private static let cases: [(input: String, output: String, order: Int, channels: Int)] = [
    ("0e+1o", "0e+1o", 3, 3), ("0e+1o+2e", "0e+1o+2e", 3, 17), ("0e+1o+2e+3o", "0e+1o", 3, 4), ("0e+1o", "0e+1o+2e", 4, 16),
    ("0e", "0e", 5, 1),
    ("0e+1o+2e", "0e+1o+2e", 1, 33), ("0e+1o+2e", "0e", 2, 5),
  ]

  /// Rows that lie apart, in an order of their own, some of them left out, in numbers around those that the kernel takes together.
  private static let rows: [Int32] = [6, 0, 2, 9, 3, 8, 5]
  private static let total = 10

  private struct Setting {
    let contraction: SymmetricContraction<Double>
    let plan: PolynomialPlan
    let channels: Int
    let width: Int, outputWidth: Int

    init(_ number: Int) {
      let c = PolynomialPlanTests.cases[number]
      channels = c.channels
      func irreps(_ text: String) -> Irreps<O3> {
        Irreps(Irreps<O3>(stringLiteral: text).terms.map { .init(c.channels, $0.irrep) })
      }
      var source = RandomSource(seed: UInt64(number))
      contraction = SymmetricContraction(irreps(c.input), to: irreps(c.output), order: c.order, using: &source)
      let dimension = { (irreps: Irreps<O3>) in irreps.terms.reduce(0) { $0 + $1.irrep.dimension } }
      let (variables, outputs) = (dimension(contraction.input), dimension(contraction.output))
      var monomials: Set<PolynomialPlan.Monomial> = []
      for (p, components) in contraction.polynomials.enumerated() {
        let l = contraction.paths[p].output
        for (m, sum) in components.enumerated() { for v in sum.keys { monomials.insert(.init(output: l * l + m, variables: v)) } }
      }
      plan = PolynomialPlan(variables: variables, outputs: outputs, monomials: monomials)
      // Rows end with numbers that belong to nobody.
      (width, outputWidth) = (variables * padded(channels) + 16, outputs * padded(channels) + 32)
    }

    func coefficients<Scalar: TensorScalar>(_: Scalar.Type) -> NumberBlock<Scalar> {
      let weights = contraction.weights.elements
      var values: [PolynomialPlan.Monomial: [Double]] = [:]
      for (p, components) in contraction.polynomials.enumerated() {
        let l = contraction.paths[p].output
        for (m, sum) in components.enumerated() {
          for (v, value) in sum {
            var own = values[.init(output: l * l + m, variables: v)] ?? [Double](repeating: 0, count: channels)
            for c in 0..<channels { own[c] += value * weights[p * channels + c] }
            values[.init(output: l * l + m, variables: v)] = own
          }
        }
      }
      return plan.coefficients(channels: channels) { values[plan.monomials[$0]]! }
    }

    /// Values and the gradient of the sum of g times them, of the rows in their order [row][component][channel].
    func evaluate<Scalar: TensorScalar>(_ x: [Double], _ g: [Double], _: Scalar.Type) -> (values: [Double], gradient: [Double], rest: Bool)
    {
      let (pad, total) = (padded(channels), PolynomialPlanTests.total)
      let (vars, outs) = (plan.variables, plan.outputs)
      let (xs, gs) = (NumberBlock<Scalar>(count: total * width), NumberBlock<Scalar>(count: total * outputWidth))
      let (ys, gxs) = (NumberBlock<Scalar>(count: total * outputWidth), NumberBlock<Scalar>(count: total * width))
      for block in [xs, gs, ys, gxs] { for i in 0..<block.count { block.pointer[i] = 7 } }
      for (r, row) in PolynomialPlanTests.rows.enumerated() {
        for k in 0..<vars {
          for c in 0..<pad {
            xs.pointer[Int(row) * width + k * pad + c] = c < channels ? Scalar(x[(r * vars + k) * channels + c]) : 0
          }
        }
        for k in 0..<outs {
          for c in 0..<pad {
            gs.pointer[Int(row) * outputWidth + k * pad + c] = c < channels ? Scalar(g[(r * outs + k) * channels + c]) : 0
          }
        }
      }
      let q = coefficients(Scalar.self)
      let (type, rows) = (Scalar.kernelType, PolynomialPlanTests.rows)
      ck_polynomial_values(
        type, plan.form.pointer, rows.count, rows, pad, q.pointer, xs.pointer, width, ys.pointer, outputWidth)
      ck_polynomial_pullback(
        type, plan.form.pointer, rows.count, rows, pad, q.pointer, xs.pointer, width, gs.pointer, outputWidth, gxs.pointer, width)
      func read(_ block: NumberBlock<Scalar>, _ components: Int, _ width: Int) -> [Double] {
        rows.flatMap { row in
          (0..<components).flatMap { k in (0..<channels).map { Double(block.pointer[Int(row) * width + k * pad + $0]) } }
        }
      }
      // Padding is 0 where it was, and nothing else is touched.
      var untouched = true
      for row in 0..<total {
        let isOurs = rows.contains(Int32(row))
        for (block, components, width) in [(ys, outs, outputWidth), (gxs, vars, self.width)] {
          for i in 0..<width {
            let value = block.pointer[row * width + i]
            if !isOurs || i >= components * pad { untouched = untouched && value == 7 }
            if isOurs && i < components * pad && i % pad >= channels { untouched = untouched && value == 0 }
          }
        }
      }
      return (read(ys, outs, outputWidth), read(gxs, vars, width), untouched)
    }
  }

  @Test(arguments: cases.indices) func theSameAsTheLayer(_ number: Int) {
    let s = Setting(number)
    var source = RandomSource(seed: 100 + UInt64(number))
    let count = Self.rows.count
    let x = Tensor<Double>.normal([count, s.plan.variables * s.channels], using: &source)
    let g = Tensor<Double>.normal([count, s.plan.outputs * s.channels], using: &source)
    let variable = x.asVariable()
    let y = s.contraction(IrrepsTensor(variable, irreps: s.contraction.input)).tensor
    let gradient = gradient(of: (y * g).sum(), withRespectTo: variable).elements
    let (double, single) = (s.evaluate(x.elements, g.elements, Double.self), s.evaluate(x.elements, g.elements, Float.self))
    let (size, steepness) = (y.elements.reduce(1) { max($0, abs($1)) }, gradient.reduce(1) { max($0, abs($1)) })
    #expect(largestDifference(double.values, y.elements) < 1e-13 * size)
    #expect(largestDifference(double.gradient, gradient) < 1e-13 * steepness)
    #expect(largestDifference(single.values, y.elements) < 1e-5 * size)
    #expect(largestDifference(single.gradient, gradient) < 1e-5 * steepness)
    #expect(double.rest && single.rest)
    // By differences of the kernel itself.
    let direction = Tensor<Double>.normal(x.shape, using: &source)
    func moved(_ h: Double) -> Double {
      zip(s.evaluate((x + direction * h).elements, g.elements, Double.self).values, g.elements).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let h = 1e-3
    let slope = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h)
    let exact = zip(double.gradient, direction.elements).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(slope - exact) < 1e-8 * max(1, abs(exact)))
  }

  /// Monomials by hand: y₀ = 2 a b² + 3 c, y₁ = a, and nothing for y₂.
  @Test func byHand() {
    let monomials: Set<PolynomialPlan.Monomial> = [
      .init(output: 0, variables: [0, 1, 1]), .init(output: 0, variables: [2]), .init(output: 1, variables: [0]),
    ]
    let plan = PolynomialPlan(variables: 3, outputs: 3, monomials: monomials)
    #expect(Set(plan.monomials) == monomials && plan.form.pointer.pointee.nodes == 3)
    let q: NumberBlock<Double> = plan.coefficients(channels: 1) {
      [plan.monomials[$0].variables.count == 3 ? 2 : plan.monomials[$0].output == 0 ? 3 : 1]
    }
    let x = NumberBlock<Double>(rounding: [Double](repeating: 0, count: 48))
    let y = NumberBlock<Double>(count: 48)
    (x.pointer[0], x.pointer[16], x.pointer[32]) = (5, -7, 11)
    ck_polynomial_values(Double.kernelType, plan.form.pointer, 1, [0], 16, q.pointer, x.pointer, 48, y.pointer, 48)
    func components() -> [Double] { [y.pointer[0], y.pointer[16], y.pointer[32]] }
    #expect(components() == [523, 5, 0])
    let g = NumberBlock<Double>(rounding: [Double](repeating: 1, count: 48))
    ck_polynomial_pullback(Double.kernelType, plan.form.pointer, 1, [0], 16, q.pointer, x.pointer, 48, g.pointer, 48, y.pointer, 48)
    #expect(components() == [99, -140, 3])
    // No rows, and no polynomial at all.
    ck_polynomial_values(Double.kernelType, plan.form.pointer, 0, [], 16, q.pointer, x.pointer, 48, y.pointer, 48)
    #expect(y.pointer[0] == 99)
    let empty = PolynomialPlan(variables: 3, outputs: 3, monomials: [])
    let none: NumberBlock<Double> = empty.coefficients(channels: 1) { _ in [] }
    ck_polynomial_values(Double.kernelType, empty.form.pointer, 1, [0], 16, none.pointer, x.pointer, 48, y.pointer, 48)
    #expect((0..<48).allSatisfy { y.pointer[$0] == 0 })
  }
}
