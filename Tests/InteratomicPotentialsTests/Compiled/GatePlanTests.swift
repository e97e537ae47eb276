import CKernels
import DifferentiableTensors
import EquivariantLayers
import GroupTheory
import Testing

@testable import InteratomicPotentials

/// Gates and norms of compiled potentials against the layers.
@Suite struct GatePlanTests {
  /// Rows with each term's channels padded with zeros.
  static func padding<Scalar: TensorScalar>(_ x: Tensor<Double>, _ irreps: Irreps<O3>, _ terms: PlanTerms) -> NumberBlock<Scalar> {
    let (rows, width) = (x.shape[0], x.shape[1])
    var result = [Double](repeating: 0, count: rows * terms.width)
    let elements = x.elements
    for r in 0..<rows {
      var place = 0
      for term in terms.terms {
        for m in 0..<term.dimension {
          for c in 0..<term.channels {
            result[r * terms.width + term.place + m * term.padding + c] = elements[r * width + place + m * term.channels + c]
          }
        }
        place += term.dimension * term.channels
      }
    }
    return NumberBlock(rounding: result)
  }

  /// The reverse; nil where padding is not zero.
  static func removingPadding<Scalar: TensorScalar>(_ block: NumberBlock<Scalar>, _ rows: Int, _ terms: PlanTerms) -> [Double]? {
    var result: [Double] = []
    for r in 0..<rows {
      for term in terms.terms {
        for m in 0..<term.dimension {
          for c in 0..<term.padding {
            let value = block.pointer[r * terms.width + term.place + m * term.padding + c]
            if c < term.channels { result.append(Double(value)) } else if value != 0 { return nil }
          }
        }
      }
    }
    return result
  }

  @Test(arguments: ["parity", "pseudoscalars", "multiplicities", "gates without scalars", "degree 0", "norm without own features"])
  func gates(_ name: String) throws {
    let model = CompiledCases.nequip(name)
    for layer in model.layers {
      var source = RandomSource(seed: 4)
      let rows = 5
      func terms(_ irreps: Irreps<O3>) -> PlanTerms { PlanTerms(irreps.terms.map { ($0.irrep.degree, $0.multiplicity) }) }
      let (argument, result) = (terms(layer.gate.input), terms(layer.output))
      let plan = try GatePlan(
        layer.output, argument: layer.gate.input, argument, to: result, normalization: model.configuration.activations)
      let x = Tensor<Double>.normal([rows, layer.gate.input.dimension], using: &source).asVariable()
      let y = layer.gate(IrrepsTensor(x, irreps: layer.gate.input)).tensor
      let g = Tensor<Double>.normal(y.shape, using: &source)
      let gradient = gradient(of: (y * g).sum(), withRespectTo: x).elements
      func check<Scalar: TensorScalar>(_: Scalar.Type, _ tolerance: Double) {
        let xs: NumberBlock<Scalar> = Self.padding(x, layer.gate.input, argument)
        let gs: NumberBlock<Scalar> = Self.padding(g, layer.output, result)
        let (ys, gxs) = (NumberBlock<Scalar>(count: rows * result.width), NumberBlock<Scalar>(count: rows * argument.width))
        ys.zero()
        gxs.zero()
        ck_gate_values(Scalar.kernelType, plan.form.pointer, rows, xs.pointer, argument.width, ys.pointer, result.width)
        ck_gate_pullback(
          Scalar.kernelType, plan.form.pointer, rows, xs.pointer, argument.width, gs.pointer, result.width, gxs.pointer)
        #expect(largestDifference(Self.removingPadding(ys, rows, result) ?? [], y.elements) < tolerance)
        #expect(largestDifference(Self.removingPadding(gxs, rows, argument) ?? [], gradient) < tolerance)
      }
      check(Double.self, 1e-14)
      check(Float.self, 1e-5)
    }
  }

  /// Features with one irrep in two terms have no gate.
  @Test func irrepsTwice() {
    var c = CompiledCases.nequip("parity").configuration
    c.layers = ["2x0e+3x1o+1x1o", "2x0e+2x1o", "4x0e"]
    var source = RandomSource(seed: 1)
    let error = #expect(throws: CompilationError.self) { try CompiledPotential(NequIP<Double>(c, using: &source)) }
    #expect(error?.description.contains("1o twice") == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test func norms() {
    let norm = CompiledCases.nequip("norm").layers[1].norm!
    let (terms, rows) = (PlanTerms(norm.irreps.terms.map { ($0.irrep.degree, $0.multiplicity) }), 4)
    var source = RandomSource(seed: 4)
    // A row of zeros among them, as of an atom without neighbours.
    let factors = Tensor<Double>([1, 1e-3, 0, 50]).expandingAxis(1)
    let x = (Tensor<Double>.normal([rows, norm.irreps.dimension], using: &source) * factors).asVariable()
    let y = norm(IrrepsTensor(x, irreps: norm.irreps)).tensor
    let g = Tensor<Double>.normal(y.shape, using: &source)
    let gradient = gradient(of: (y * g).sum(), withRespectTo: x).elements
    func check<Scalar: TensorScalar>(_ plan: NormPlan<Scalar>, _ tolerance: Double) {
      // The kernel with scales of its own; plans give it ones.
      var (scales, start) = ([Double](), 0)
      for term in terms.terms {
        scales += norm.scales.elements[start..<start + term.channels] + [Double](repeating: 0, count: term.padding - term.channels)
        start += term.channels
      }
      let own = NumberBlock<Scalar>(rounding: scales)
      let xs: NumberBlock<Scalar> = Self.padding(x, norm.irreps, terms)
      let gs: NumberBlock<Scalar> = Self.padding(g, norm.irreps, terms)
      let inverses = NumberBlock<Scalar>(count: rows)
      ck_rms_norm_values(
        Scalar.kernelType, plan.form.pointer, rows, terms.width, own.pointer, xs.pointer, inverses.pointer)
      #expect(largestDifference(Self.removingPadding(xs, rows, terms) ?? [], y.elements) < tolerance)
      ck_rms_norm_pullback(
        Scalar.kernelType, plan.form.pointer, rows, terms.width, own.pointer, xs.pointer, inverses.pointer, gs.pointer)
      // Row by row, as their gradients are of very different sizes.
      let found = Self.removingPadding(gs, rows, terms) ?? []
      let width = norm.irreps.dimension
      for r in 0..<rows {
        let expected = Array(gradient[r * width..<(r + 1) * width])
        #expect(
          largestDifference(Array(found.dropFirst(r * width).prefix(width)), expected) < tolerance * expected.reduce(0) { max($0, abs($1)) }
        )
      }
    }
    check(NormPlan<Double>(norm, terms), 1e-14)
    check(NormPlan<Float>(norm, terms), 1e-5)
  }

  /// Scales that are 0, or nearly so, are nothing special.
  @Test func scalesOfZero() throws {
    var model = CompiledCases.nequip("norm")
    let count = model.layers[1].norm!.scales.count
    model.layers[1].norm!.scales = Tensor((0..<count).map { $0 == 3 ? 0 : $0 == 5 ? 1e-30 : 1 })
    let structure = CompiledCases.structure("crystal")
    let found = PredictionDifference(
      try CompiledPotential(model, precision: .double).predict(structure), from: try model.predict(structure))
    #expect(found.largest < 1e-10, "\(found)")
    let rounded = PredictionDifference(try CompiledPotential(model).predict(structure), from: try model.predict(structure))
    #expect(rounded.largest < 4e-6, "\(rounded)")
  }
}
