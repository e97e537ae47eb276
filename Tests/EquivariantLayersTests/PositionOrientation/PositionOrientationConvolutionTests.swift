import DifferentiableTensors
import EquivarianceTesting
import EquivariantLayers
import MessagePassing
import NeuralModules
import Testing

/// The convolution against its definition, sums one by one.
struct PositionOrientationConvolutionTests {
  struct Case {
    let graph: Graph
    let grid: OrientationGrid<Double>
    let positions: Tensor<Double>
    let features: Tensor<Double>
    let basis: KernelBasis<Double>
    let fiberBasis: KernelBasis<Double>
    let convolution: PositionOrientationConvolution<Double>

    init(_ rule: OrientationRule) {
      var generator = RandomSource(seed: 1)
      // Edges in one direction and in both, and a loop, which is not summed.
      graph = Graph(nodeCount: 4, receivers: [0, 1, 1, 2, 3, 0, 2], senders: [1, 0, 2, 3, 2, 3, 2])
      grid = OrientationGrid(rule, using: &generator)
      positions = .normal([4, 3], using: &generator)
      features = .normal([4, grid.count, 3], using: &generator)
      basis = KernelBasis(invariants: 2, degree: 2, hidden: 5, basis: 6, using: &generator)
      fiberBasis = KernelBasis(invariants: 1, degree: 2, hidden: 5, basis: 4, using: &generator)
      var convolution = PositionOrientationConvolution<Double>(channels: 3, basis: 6, fiberBasis: 4, using: &generator)
      convolution.bias = .normal([3], using: &generator)
      convolution.kernel.weight = .normal([3, 6], using: &generator)
      convolution.fiberKernel!.weight = .normal([3, 4], using: &generator)
      self.convolution = convolution
    }

    func kernels(joiningReversed: Bool) -> OrientationKernels<Double> {
      let pairs = graph.edgePairs(joiningReversed: joiningReversed)
      let r = positions.gathered(pairs.senders) - positions.gathered(pairs.receivers)
      return OrientationKernels(
        pairs: pairs, spatial: basis(grid.spatialInvariants(r)), loop: basis(.zeros([2])), fiber: fiberBasis(grid.fiberInvariants),
        weights: grid.weights)
    }

    /// The definition, edge by edge and orientation by orientation.
    var expected: Tensor<Double> {
      let (n, nodes) = (grid.count, 4)
      var first = [Double](repeating: 0, count: nodes * n * 3)
      let edges =
        zip(graph.receivers.rows, graph.senders.rows).map { (Int($0), Int($1)) }.filter { $0 != $1 } + (0..<nodes).map { ($0, $0) }
      let fiber = convolution.fiberKernel!(fiberBasis(grid.fiberInvariants))
      for (i, j) in edges {
        let r = positions.sliced(axis: 0, j..<j + 1) - positions.sliced(axis: 0, i..<i + 1)
        let kernel = convolution.kernel(basis(grid.spatialInvariants(r)))
        for o in 0..<n { for c in 0..<3 { first[(i * n + o) * 3 + c] += kernel[0, o, c] * features[j, o, c] } }
      }
      var second = [Double](repeating: 0, count: first.count)
      for i in 0..<nodes {
        for p in 0..<n {
          for c in 0..<3 {
            let sum = (0..<n).reduce(0) { $0 + grid.weights[$1] * fiber[p, $1, c] * first[(i * n + $1) * 3 + c] }
            second[(i * n + p) * 3 + c] = sum + convolution.bias[c]
          }
        }
      }
      return Tensor(second, shape: [nodes, n, 3])
    }
  }

  @Test(arguments: [OrientationRule.repulsion(5), .antipodal(6), .lebedev(degree: 5)])
  func definition(rule: OrientationRule) {
    let subject = Case(rule)
    let y = subject.convolution(subject.features, subject.kernels(joiningReversed: subject.grid.isAntipodal))
    #expect((y - subject.expected).absolute().max().item < 1e-13)
  }

  /// Edges and their reverse may share rows on antipodal grids only.
  @Test func sharedRows() {
    for (rule, agrees) in [(OrientationRule.antipodal(6), true), (.repulsion(6), false)] {
      let subject = Case(rule)
      let difference =
        subject.convolution(subject.features, subject.kernels(joiningReversed: true))
        - subject.convolution(subject.features, subject.kernels(joiningReversed: false))
      #expect((difference.absolute().max().item < 1e-13) == agrees, "\(rule)")
      #expect(agrees || difference.absolute().max().item > 1e-3)
    }
  }

  /// After calibration both steps keep the deviation, and another one changes nothing.
  @Test func calibration() {
    let subject = Case(.antipodal(6))
    let kernels = subject.kernels(joiningReversed: true)
    var convolution = subject.convolution
    let before = convolution(subject.features, kernels)
    #expect(convolution.calibrate(on: subject.features, kernels) == before)
    func deviation(_ x: Tensor<Double>) -> Double { x.reshaped(x.count).variance(axis: 0).item.squareRoot() }
    let after = convolution(subject.features, kernels) - convolution.bias
    #expect(abs(deviation(after) / deviation(subject.features) - 1) < 1e-12)
    let weights = convolution.kernel.weight
    _ = convolution.calibrate(on: subject.features, kernels)
    #expect((convolution.kernel.weight - weights).absolute().max().item < 1e-13)
    #expect((subject.convolution.kernel.weight - weights).absolute().max().item > 1e-3)
  }

  /// Features that are all the same, or so large that squares overflow, leave the kernels as they are.
  @Test(arguments: [0, .greatestFiniteMagnitude, .nan] as [Double]) func calibrationOnWhatHasNoDeviation(value: Double) {
    let subject = Case(.antipodal(6))
    let kernels = subject.kernels(joiningReversed: true)
    var convolution = subject.convolution
    _ = convolution.calibrate(on: .zeros(subject.features.shape) + value, kernels)
    #expect(convolution.kernel.weight == subject.convolution.kernel.weight)
    #expect(convolution.fiberKernel?.weight == subject.convolution.fiberKernel?.weight)
  }

  @Test func derivatives() {
    let subject = Case(.antipodal(4))
    let kernels = subject.kernels(joiningReversed: true)
    var generator = RandomSource(seed: 2)
    let report = checkDerivatives(
      of: { inputs in
        var convolution = subject.convolution
        (convolution.kernel.weight, convolution.fiberKernel!.weight, convolution.bias) = (inputs[1], inputs[2], inputs[3])
        return convolution(inputs[0], kernels)
      },
      at: [
        subject.features, subject.convolution.kernel.weight, subject.convolution.fiberKernel!.weight, subject.convolution.bias,
      ], order: 2, elements: 6, using: &generator)
    #expect(report.relativeError < 1e-8, "\(report)")
  }

  /// Kernels that are kept for the backward pass and such that are computed again give the same gradients.
  @Test func keptKernels() {
    let subject = Case(.antipodal(6))
    let k = subject.kernels(joiningReversed: true)
    #expect(!k.keepsKernels)
    func gradients(_ kernels: OrientationKernels<Double>) -> [Tensor<Double>] {
      var convolution = subject.convolution
      let inputs = [subject.features, convolution.kernel.weight, convolution.fiberKernel!.weight].map { $0.asVariable() }
      (convolution.kernel.weight, convolution.fiberKernel!.weight) = (inputs[1], inputs[2])
      return gradient(of: convolution(inputs[0], kernels).squared().sum(), withRespectTo: inputs)
    }
    let kept = OrientationKernels(pairs: k.pairs, spatial: k.spatial, loop: k.loop, fiber: k.fiber, weights: k.weights, keepsKernels: true)
    for (a, b) in zip(gradients(kept), gradients(k)) { #expect((a - b).absolute().max().item < 1e-12 * b.absolute().max().item) }
    let wide = OrientationKernels<Double>(
      pairs: k.pairs, spatial: .zeros([k.pairs.count, 6, 128]), loop: nil, fiber: nil, weights: k.weights)
    #expect(wide.keepsKernels)
  }

  @Test func parameters() {
    var generator = RandomSource(seed: 3)
    let block = ConvNeXtBlock<Float>(channels: 4, basis: 3, fiberBasis: 2, widening: 2, layerScale: 0.1, using: &generator)
    #expect(ParameterAudit(of: block).isClean)
    #expect(
      block.namedTensors.map(\.path) == [
        "conv.kernel.weight", "conv.fiber_kernel.weight", "conv.bias", "norm.weight", "norm.bias", "linear_1.weight", "linear_1.bias",
        "linear_2.weight", "linear_2.bias", "layer_scale",
      ])
    let plain = ConvNeXtBlock<Float>(channels: 4, basis: 3, fiberBasis: nil, using: &generator)
    #expect(plain.namedTensors.count == 8 && ParameterAudit(of: plain).isClean)
  }
}
