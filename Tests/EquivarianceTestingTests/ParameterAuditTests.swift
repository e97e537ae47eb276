import DifferentiableTensors
import EquivarianceTesting
import EquivariantModels
import NeuralModules
import Testing

private struct Broken: Module {
  enum Fault { case none, forgotten, namedTwice, samePath, lost, forgottenLayer }
  var scale = Tensor<Double>.ones([3])
  var shift: Tensor<Double>? = .zeros([3])
  var layers: [Linear<Double>]
  var pair: (first: Tensor<Double>, table: Tensor<Double>) = (.ones([2]), .ones([4]))
  let fault: Fault

  init(_ fault: Fault) {
    var generator = RandomSource(seed: 1)
    layers = [Linear(2, 3, using: &generator), Linear(3, 2, using: &generator)]
    self.fault = fault
  }

  mutating func visit(_ visitor: inout ParameterVisitor<Double>) {
    if fault != .forgotten { visitor("scale", &scale) }
    visitor("shift", &shift)
    if fault == .forgottenLayer { visitor("layer", &layers[0]) } else { visitor("layers", &layers) }
    visitor(fault == .samePath ? "scale" : "first", &pair.first)
    if fault == .namedTwice { visitor("again", &scale) }
    if fault == .lost {
      var copy = scale
      visitor("copy", &copy)
    }
  }
}

@Suite struct ParameterAuditTests {
  @Test func modulesOfTheLibrary() {
    var generator = RandomSource(seed: 1)
    func check<M: Module>(_ module: M, tensors: Int) {
      let audit = ParameterAudit(of: module)
      #expect(audit.isClean, "\(M.self): \(audit)")
      #expect(module.namedTensors.count == tensors)
    }
    check(Linear<Double>(2, 3, using: &generator), tensors: 2)
    check(Linear<Float>(2, 3, bias: false, using: &generator), tensors: 1)
    check(MLP<Double>(widths: [2, 3, 4, 1], using: &generator), tensors: 6)
    check(MLP<Float>(widths: [2, 3, 1], lastBias: false, using: &generator), tensors: 3)
    check(LayerNorm<Double>(4), tensors: 2)
    check(Embedding<Float>(4, 2, using: &generator), tensors: 1)
    check(EGNN<Double>(EGNNConfiguration(hidden: 4, layers: 2), using: &generator), tensors: 2 + 2 * 15)
  }

  private func audit(_ fault: Broken.Fault) -> ParameterAudit { ParameterAudit(of: Broken(fault), constants: ["pair.table"]) }

  @Test func everyFaultIsCaught() {
    #expect(audit(.none).isClean, "\(audit(.none))")
    #expect(ParameterAudit(of: Broken(.none)).forgotten == ["pair.table"])
    #expect(audit(.forgotten).forgotten == ["scale"])
    #expect(audit(.forgottenLayer).forgotten == ["layers.1.weight", "layers.1.bias"])
    #expect(audit(.namedTwice).namedTwice == ["scale = again"])
    #expect(audit(.samePath).repeatedPaths == ["scale"])
    #expect(audit(.lost).lost == ["copy"])
    for fault in [Broken.Fault.forgotten, .namedTwice, .samePath, .lost, .forgottenLayer] { #expect(!audit(fault).isClean) }
    #expect("\(audit(.forgotten))" == "not named by visit: scale")
  }
}
