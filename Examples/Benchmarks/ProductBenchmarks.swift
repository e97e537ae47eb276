import CKernels
import Equivariant

/// Benchmarks of products of irreps at the sizes of published models, in Float: channelwise and elementwise products, and the fused
/// convolution.
struct ProductBenchmarks {
  let bench: Bench
  let degrees: [Int]

  func run() {
    for threads in bench.threadCounts {
      Threads.count = threads
      let limits = MachineLimits()
      Bench.line(
        "limits", [:],
        ["gflops": limits.multiplyAdds * 2e-9, "read_gb": limits.read * 1e-9, "written_gb": limits.written * 1e-9, "threads": threads])
      for degree in degrees {
        for channels in degree >= 6 ? [64] : [64, 128] {
          channelwise(degree, channels, batch: degree <= 4 ? 4096 : 1024, limits)
          elementwise(degree, channels, batch: degree <= 3 ? 4096 : degree <= 4 ? 1024 : 256, limits)
        }
      }
      for degree in degrees where degree <= 3 { convolution(degree) }
      overheads()
    }
  }

  /// channels × (0e + 1o + ... ) ⊗ harmonics, with every path of natural parity separate and a weight for each row, path and channel.
  private func channelwise(_ degree: Int, _ channels: Int, batch: Int, _ limits: MachineLimits) {
    var generator = RandomSource(seed: 1)
    let product = TensorProduct<Float>.channelwise(
      features(degree, channels), features(degree, 1), keeping: { $0.degree <= degree && $0.isNatural }, using: &generator)
    guard bench.wants("uvu/fwdbwd") else { return }
    let weights = Tensor<Float>.normal([batch, product.weightCount], using: &generator)
    time("uvu", product, degree, channels, batch, weights, shared: false, limits, using: &generator)
  }

  /// Every path of both parities channel by channel, with a weight for each path and channel, summed into each irrep.
  private func elementwise(_ degree: Int, _ channels: Int, batch: Int, _ limits: MachineLimits) {
    var generator = RandomSource(seed: 1)
    let input = features(degree, channels)
    var outputs = Set<O3.Irrep>()
    var couplings: [(Int, Int, O3.Irrep)] = []
    for (i, a) in input.terms.enumerated() {
      for (j, b) in input.terms.enumerated() {
        for irrep in a.irrep * b.irrep where irrep.degree <= degree {
          outputs.insert(irrep)
          couplings.append((i, j, irrep))
        }
      }
    }
    let sorted = outputs.sorted()
    let product = TensorProduct<Float>(
      input, input, to: Irreps(sorted.map { Irreps<O3>.Term(channels, $0) }),
      instructions: couplings.map { .init($0, $1, sorted.firstIndex(of: $2)!, .uuu) }, ownsWeights: false, using: &generator)
    let weights = Tensor<Float>.normal([product.weightCount], using: &generator)
    time("uuu", product, degree, channels, batch, weights, shared: true, limits, using: &generator)
  }

  /// The cost of a call with next to nothing to compute, and the time it takes to make a product.
  private func overheads() {
    var generator = RandomSource(seed: 1)
    let product = TensorProduct<Float>.channelwise("4x0e + 4x1o", "1x0e + 1x1o", ownsWeights: true, using: &generator)
    let x = IrrepsTensor<Float>(.normal([1, 16], using: &generator), irreps: product.first)
    let y = IrrepsTensor<Float>(.normal([1, 4], using: &generator), irreps: product.second)
    let v = IrrepsTensor<Float>(x.tensor.asVariable(), irreps: x.irreps)
    bench.time("overhead/fwd", inner: 1000) { for _ in 0..<1000 { _ = product(x, y) } }
    bench.time("overhead/fwdbwd", inner: 1000) {
      for _ in 0..<1000 { _ = gradient(of: product(v, y).tensor.sum(), withRespectTo: v.tensor) }
    }
    let irreps = features(3, 64)
    bench.time("construction/channelwise", ["C": 64, "lmax": 3]) {
      _ = TensorProduct<Float>.channelwise(irreps, features(3, 1), using: &generator)
    }
    bench.time("construction/fully_connected", ["C": 16, "lmax": 3]) {
      let irreps = features(3, 16)
      _ = TensorProduct<Float>.fullyConnected(irreps, irreps, to: irreps, ownsWeights: false, using: &generator)
    }
  }

  /// The convolution of 64 channels on 1,000 nodes with 20 neighbours each, fused, and as gather, product and sum, with weights [edges, 8]
  /// · [8, paths · 64].
  private func convolution(_ degree: Int) {
    let test = ConvolutionCase(degree: degree, nodes: 1000, neighbours: 20)
    let params: [String: Any] = ["edges": 20_000, "C": 64, "lmax": degree]
    for (name, body) in [("fused", test.fused), ("separate", test.separate)] {
      bench.time("convolution/\(name)/fwd", params) { _ = body(test.inputs) }
      let variables = test.inputs.map { $0.asVariable() }
      bench.time("convolution/\(name)/fwdbwd", params) {
        _ = gradient(of: body(variables), withRespectTo: variables, seed: test.seed)
      }
    }
  }

  private func time(
    _ name: String, _ product: TensorProduct<Float>, _ degree: Int, _ channels: Int, _ batch: Int, _ weights: Tensor<Float>, shared: Bool,
    _ limits: MachineLimits, using generator: inout RandomSource
  ) {
    guard bench.wants("\(name)/fwdbwd") else { return }
    let x = Tensor<Float>.normal([batch, product.first.dimension], using: &generator)
    let y = Tensor<Float>.normal([batch, product.second.dimension], using: &generator)
    let seed = Tensor<Float>.normal([batch, product.output.dimension], using: &generator)
    let inputs = [x, y, weights].map { $0.asVariable() }
    func forward(_ all: [Tensor<Float>]) -> Tensor<Float> {
      product(
        IrrepsTensor(all[0], irreps: product.first), IrrepsTensor(all[1], irreps: product.second),
        weights: shared ? .shared(all[2]) : .each(all[2])
      ).tensor
    }
    let params: [String: Any] = ["B": batch, "C": channels, "lmax": degree, "paths": product.instructions.count]
    let read = 4 * Double(x.count + y.count + weights.count)
    let written = 4 * Double(seed.count)
    let operations = Double(product.multiplyAdds) * Double(batch)
    let once = bench.time("\(name)/fwd", params) { _ = forward([x, y, weights]) }
    limits.report("\(name)/fwd", params, once, multiplyAdds: operations, read: read, written: written)
    let both = bench.time("\(name)/fwdbwd", params) { _ = gradient(of: forward(inputs), withRespectTo: inputs, seed: seed) }
    // Backward: every operand is read, and every gradient written, once; a gradient of a factor costs what the product costs.
    limits.report("\(name)/fwdbwd", params, both, multiplyAdds: 4 * operations, read: 2 * read + written, written: read + written)
  }
}

/// channels × (0e + 1o + ... + degree), of natural parity.
func features(_ degree: Int, _ channels: Int) -> Irreps<O3> {
  Irreps((0...degree).map { Irreps<O3>.Term(channels, .sphericalHarmonic(degree: $0)) })
}

extension O3.Irrep {
  /// Whether it has the parity (−1)ˡ of the harmonics.
  var isNatural: Bool { self == .sphericalHarmonic(degree: degree) }
}

/// The measured limits of the threads in use.
struct MachineLimits {
  /// Multiply-adds in single precision in a second.
  let multiplyAdds: Double
  /// Bytes read from memory in a second.
  let read: Double
  /// Bytes written past the caches in a second.
  let written: Double

  init() {
    let threads = Threads.count
    let clock = ContinuousClock()
    func best(_ body: @Sendable (Int) -> Void) -> Double {
      (0..<9).map { _ in
        let t = clock.measure { Threads.run(pieces: threads, body) }
        return t / .seconds(1)
      }.min()!
    }
    let (rounds, size) = (1 << 20, 64 << 20)
    multiplyAdds =
      Double(threads * rounds) * ck_multiply_adds(Int32(CK_F32), 0) / best { _ in _ = ck_multiply_adds(Int32(CK_F32), rounds) }
    let buffers = (0..<threads).map { _ in Tensor<Float>(repeating: 1, shape: [size / 4]) }
    let total = Double(threads * size)
    read = total / best { _ = ck_stream_read(size, buffers[$0].pointer) }
    written = total / best { ck_stream_write(size, buffers[$0].pointer) }
  }

  /// Prints which limit applies and how close the time comes to it.
  func report(
    _ name: String, _ params: [String: Any], _ seconds: Double?, multiplyAdds operations: Double, read: Double, written: Double
  ) {
    guard let seconds else { return }
    let (arithmetic, memory) = (operations / multiplyAdds, read / self.read + written / self.written)
    Bench.line(
      name + "/limit", params,
      ["binds": arithmetic > memory ? "multiply-adds" : "memory", "share": max(arithmetic, memory) / seconds, "threads": Threads.count])
  }
}
