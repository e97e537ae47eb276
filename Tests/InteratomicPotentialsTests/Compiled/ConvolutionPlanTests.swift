import CKernels
import DifferentiableTensors
import Foundation
import GroupTheory
import Testing

@testable import InteratomicPotentials

/// The sums over neighbours of the kernels and their derivatives against plain loops over everything.
@Suite struct ConvolutionPlanTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var input: [(degree: Int, channels: Int)]
    var sums: [(degree: Int, channels: Int)]
    var paths: [ConvolutionPlan.Path]
    var largestHarmonic: Int
    var polynomialDegree: Int
    var testDescription: String { name }
  }

  static let cases: [Case] = {
    func path(_ term: Int?, _ l: Int, _ slot: Int, _ channel: Int, _ channels: Int, _ weight: Int, _ factor: Double = 1)
      -> ConvolutionPlan.Path
    {
      .init(term: term, harmonic: l, slot: slot, channel: channel, channels: channels, factor: factor, weight: weight)
    }
    // All couplings of degrees up to 5 with harmonics up to 4, of 3 channels each.
    var every: [ConvolutionPlan.Path] = []
    var filled = [Int](repeating: 0, count: 6)
    for a in 0...5 {
      for l in 0...4 {
        for b in abs(a - l)...(a + l) where b <= 5 {
          every.append(path(a, l, b, filled[b], 3, 3 * every.count, 0.5 + Double(every.count % 3)))
          filled[b] += 16
        }
      }
    }
    return [
      Case(
        name: "constant input", input: [], sums: [(0, 20), (1, 16), (3, 5), (4, 33)],
        paths: [path(nil, 0, 0, 0, 20, 0), path(nil, 1, 1, 0, 16, 20), path(nil, 3, 2, 0, 5, 36), path(nil, 4, 3, 0, 33, 41)],
        largestHarmonic: 4, polynomialDegree: 5),
      Case(
        name: "every coupling", input: (0...5).map { ($0, 3) }, sums: filled.enumerated().map { ($0, $1) }, paths: every,
        largestHarmonic: 4,
        polynomialDegree: 3),
      Case(
        name: "several multiplicities", input: [(0, 33), (1, 16), (1, 1)], sums: [(0, 64), (1, 80)],
        paths: [
          path(0, 0, 0, 0, 33, 7), path(1, 1, 0, 48, 16, 100), path(0, 1, 1, 0, 33, 40), path(1, 1, 1, 48, 16, 80, -2),
          path(2, 0, 1, 64, 1, 0),
        ], largestHarmonic: 1, polynomialDegree: 9),
      Case(
        name: "scalars", input: [(0, 4)], sums: [(0, 4)], paths: [path(0, 0, 0, 0, 4, 0)], largestHarmonic: 0, polynomialDegree: 1),
      Case(
        name: "harmonics that nothing uses", input: [(2, 17)], sums: [(2, 32)], paths: [path(0, 2, 0, 0, 17, 3)], largestHarmonic: 3,
        polynomialDegree: 2),
    ]
  }()

  /// Edges of five atoms, one of them without any, in numbers around those that a kernel takes together; some count for nothing.
  private static let edgeCounts = [9, 0, 8, 1, 17]
  private static let intervals = 4

  private static func coefficients(_ l1: Int, _ l2: Int, _ l3: Int) -> [Double] {
    CouplingCoefficients.wigner3j(l1, l2, l3).dense.map { $0 * Double(2 * l3 + 1).squareRoot() }
  }

  /// Everything that goes in, in numbers that `Float` holds, and what comes out by plain loops.
  private struct Reference {
    var first: [Int32] = [0], senders: [Int32] = [], pieces: [Int32] = [], targets: [Int32] = []
    var places: [Double] = [], harmonics: [Double] = [], table: [Double] = [], x: [Double] = [], g: [Double] = []
    var sums: [Double], gx: [Double], gPlaces: [Double], gHarmonics: [Double]
    static let rows = 6

    init(_ c: Case, _ plan: ConvolutionPlan) {
      var source = RandomSource(seed: 77)
      func random(_ count: Int) -> [Double] { Tensor<Float>.normal([count], using: &source).elements.map { Double($0) } }
      let (width, sumsWidth, h) = (plan.input.width, plan.sums.width, plan.harmonics)
      for count in ConvolutionPlanTests.edgeCounts {
        for _ in 0..<count {
          senders.append(Int32.random(in: 0..<Int32(Self.rows), using: &source))
          pieces.append(Int32.random(in: -1..<Int32(ConvolutionPlanTests.intervals), using: &source))
          targets.append(Int32.random(in: 0..<4, using: &source))
        }
        first.append(Int32(senders.count))
      }
      let edges = senders.count
      places = random(edges).map { Double(Float(tanh($0))) }
      (harmonics, x, g) = (random(edges * h), random(Self.rows * width), random(ConvolutionPlanTests.edgeCounts.count * sumsWidth))
      table = random(ConvolutionPlanTests.intervals * (c.polynomialDegree + 1) * plan.weights)
      // Padding has no weights.
      for row in 0..<ConvolutionPlanTests.intervals * (c.polynomialDegree + 1) {
        for (w, origin) in plan.weightSources.enumerated() where origin < 0 { table[row * plan.weights + w] = 0 }
      }
      sums = [Double](repeating: 0, count: g.count)
      (gx, gPlaces, gHarmonics) = (
        [Double](repeating: 0.25, count: 4 * width), [Double](repeating: -0.5, count: edges), [Double](repeating: 0.75, count: edges * h)
      )
      for a in ConvolutionPlanTests.edgeCounts.indices {
        for e in Int(first[a])..<Int(first[a + 1]) where pieces[e] >= 0 {
          var start = 0
          for path in c.paths {
            defer { start += padded(path.channels) }
            let l1 = path.term.map { c.input[$0].degree } ?? 0
            let slot = plan.sums.terms[path.slot]
            let (d1, d2, d3) = (2 * l1 + 1, 2 * path.harmonic + 1, 2 * slot.degree + 1)
            let coupling = ConvolutionPlanTests.coefficients(l1, path.harmonic, slot.degree)
            for u in 0..<path.channels {
              var (w, dw) = (0.0, 0.0)
              for k in 0...c.polynomialDegree {
                let q = table[(Int(pieces[e]) * (c.polynomialDegree + 1) + k) * plan.weights + start + u]
                w += q * pow(places[e], Double(k))
                if k > 0 { dw += q * Double(k) * pow(places[e], Double(k - 1)) }
              }
              for i in 0..<d1 {
                let term = path.term.map { plan.input.terms[$0] }
                let feature = term.map { $0.place + i * $0.padding + u }
                let xv = feature.map { x[Int(senders[e]) * width + $0] } ?? 1
                for j in 0..<d2 {
                  let y = path.harmonic == 0 ? 1 : harmonics[e * h + path.harmonic * path.harmonic + j]
                  for k in 0..<d3 {
                    let value = path.factor * coupling[(i * d2 + j) * d3 + k]
                    let place = a * sumsWidth + slot.place + k * slot.padding + path.channel + u
                    sums[place] += value * w * xv * y
                    gPlaces[e] += value * dw * xv * y * g[place]
                    if let feature { gx[Int(targets[e]) * width + feature] += value * w * y * g[place] }
                    if path.harmonic > 0 { gHarmonics[e * h + path.harmonic * path.harmonic + j] += value * w * xv * g[place] }
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  private func found<Scalar: TensorScalar>(
    _ plan: ConvolutionPlan, _ r: Reference, _: Scalar.Type
  ) -> (sums: [Double], gx: [Double], gPlaces: [Double], gHarmonics: [Double]) {
    func rounded(_ values: [Double]) -> [Scalar] { values.map { Scalar($0) } }
    let (places, harmonics, table) = (rounded(r.places), NumberBlock<Scalar>(rounding: r.harmonics), NumberBlock<Scalar>(rounding: r.table))
    let (x, g) = (NumberBlock<Scalar>(rounding: r.x), NumberBlock<Scalar>(rounding: r.g))
    let sums = NumberBlock<Scalar>(rounding: r.g)  // overwritten
    let gx = NumberBlock<Scalar>(rounding: [Double](repeating: 0.25, count: r.gx.count))
    let gPlaces = NumberBlock<Scalar>(rounding: [Double](repeating: -0.5, count: r.gPlaces.count))
    let gHarmonics = NumberBlock<Scalar>(rounding: [Double](repeating: 0.75, count: r.gHarmonics.count))
    let hasInput = plan.input.width > 0
    r.first.withUnsafeBufferPointer { first in
      r.senders.withUnsafeBufferPointer { senders in
        r.pieces.withUnsafeBufferPointer { pieces in
          places.withUnsafeBufferPointer { places in
            var edges = ck_convolution_edges(
              first: first.baseAddress, sender: senders.baseAddress, interval: pieces.baseAddress, place: places.baseAddress,
              harmonics: harmonics.pointer, coefficients: table.pointer)
            let type = Scalar.kernelType
            ck_convolution_sums(type, plan.form.pointer, &edges, Self.edgeCounts.count, hasInput ? x.pointer : nil, sums.pointer)
            ck_convolution_pullback(
              type, plan.form.pointer, &edges, Self.edgeCounts.count, hasInput ? x.pointer : nil, g.pointer, hasInput ? r.targets : nil,
              hasInput ? gx.pointer : nil, gPlaces.pointer, gHarmonics.pointer)
          }
        }
      }
    }
    func doubles(_ block: NumberBlock<Scalar>) -> [Double] { (0..<block.count).map { Double(block.pointer[$0]) } }
    return withExtendedLifetime((plan, x, g, table, harmonics)) { (doubles(sums), doubles(gx), doubles(gPlaces), doubles(gHarmonics)) }
  }

  private static func error(_ a: [Double], _ b: [Double]) -> Double { largestDifference(a, b) / b.reduce(1) { max($0, abs($1)) } }

  @Test(arguments: cases) func sumsAndDerivatives(_ c: Case) {
    let plan = ConvolutionPlan(
      input: PlanTerms(c.input), sums: PlanTerms(c.sums), paths: c.paths, largestHarmonic: c.largestHarmonic,
      polynomialDegree: c.polynomialDegree, coefficients: Self.coefficients)
    let r = Reference(c, plan)
    let (double, single) = (found(plan, r, Double.self), found(plan, r, Float.self))
    for (f, tolerance) in [(double, 1e-14), (single, 4e-6)] {
      #expect(Self.error(f.sums, r.sums) < tolerance)
      #expect(Self.error(f.gx, r.gx) < tolerance)
      #expect(Self.error(f.gPlaces, r.gPlaces) < tolerance)
      #expect(Self.error(f.gHarmonics, r.gHarmonics) < tolerance)
    }
    // One coefficient that is another is noticed.
    var other = r
    other.table[other.table.firstIndex { $0 != 0 }! + plan.weights] += 1
    #expect(Self.error(found(plan, other, Double.self).sums, r.sums) > 1e-6)
  }

  /// Atoms without edges have sums of 0, and no atoms have none.
  @Test func noEdges() {
    let c = Self.cases[2]
    let plan = ConvolutionPlan(
      input: PlanTerms(c.input), sums: PlanTerms(c.sums), paths: c.paths, largestHarmonic: 1, polynomialDegree: 9,
      coefficients: Self.coefficients)
    let sums = NumberBlock<Double>(rounding: [Double](repeating: 3, count: 3 * plan.sums.width))
    [Int32](repeating: 0, count: 4).withUnsafeBufferPointer { first in
      var edges = ck_convolution_edges(
        first: first.baseAddress, sender: nil, interval: nil, place: nil, harmonics: nil, coefficients: nil)
      ck_convolution_sums(Double.kernelType, plan.form.pointer, &edges, 2, nil, sums.pointer)
      ck_convolution_pullback(Double.kernelType, plan.form.pointer, &edges, 2, nil, sums.pointer, nil, nil, nil, nil)
      ck_convolution_sums(Double.kernelType, plan.form.pointer, &edges, 0, nil, sums.pointer)
    }
    #expect((0..<2 * plan.sums.width).allSatisfy { sums.pointer[$0] == 0 } && sums.pointer[2 * plan.sums.width] == 3)
  }
}
