import Equivariant
import Foundation

/// Benchmarks of products of functions on the sphere, at the sizes of the scripts for other libraries, and of the crossovers that decide
/// the choice of the method.
struct GauntBenchmarks {
  var bench: Bench
  private static let methods: [(String, GauntMethod)] = [
    ("sparse", .sparse), ("quadrature", .quadrature), ("fourier", .fourier), ("automatic", .automatic),
  ]

  func run() {
    for threads in bench.threadCounts {
      Threads.count = threads
      for (degree, rows) in [(1, 4096), (2, 4096), (3, 4096), (4, 1024), (6, 1024)] { product(degree, rows) }
    }
    Threads.count = 1
    scaling()
    for outputs in [1, 2] { complete(outputs) }
    for degree in 1...16 { crossover(degree) }
  }

  /// The product of x and y and the gradients with respect to both, with 64 channels and output degree 2 L.
  private func product(_ degree: Int, _ rows: Int) {
    let (x, y, g) = (signal(degree, rows, 64, seed: 1), signal(degree, rows, 64, seed: 2), signal(2 * degree, rows, 64, seed: 3))
    for (name, method) in Self.methods {
      let params: [String: Any] = ["B": rows, "C": 64, "lmax": degree, "lout": 2 * degree, "dtype": "float32"]
      let gaunt = GauntTensorProduct<Float>(x.irreps, y.irreps, to: g.irreps, method: method)
      bench.time("gaunt/\(name)/fwd", params) { _ = gaunt(x, y) }
      let (a, b) = (variable(x), variable(y))
      bench.time("gaunt/\(name)/fwdbwd", params) {
        _ = gradient(of: gaunt(a, b).tensor, withRespectTo: [a.tensor, b.tensor], seed: g.tensor)
      }
      if method == .fourier { continue }
      let natural = Irreps<O3>.sphericalHarmonics(upTo: 2 * degree - 1).terms
      let output = Irreps<O3>(natural.dropFirst().map { .init(64, O3.Irrep(degree: $0.irrep.degree, parity: $0.irrep.parity * .odd)) })
      let vector = VectorSignalGauntProduct<Float>(x.irreps, y.irreps, to: output, method: method)
      bench.time("vector_signal/\(name)/fwd", params) { _ = vector(x, y) }
    }
  }

  /// The exponent of the cost in L, by least squares of the logarithms between L = 8 and 24.
  private func scaling() {
    for (name, method) in Self.methods where method == .fourier || method == .quadrature {
      var points: [(Double, Double)] = []
      for degree in [8, 10, 12, 16, 20, 24] {
        let (x, y) = (signal(degree, 8, 64, seed: 1), signal(degree, 8, 64, seed: 2))
        let gaunt = GauntTensorProduct<Float>(x.irreps, y.irreps, to: signal(2 * degree, 1, 64, seed: 3).irreps, method: method)
        let params: [String: Any] = ["B": 8, "C": 64, "lmax": degree, "lout": 2 * degree, "dtype": "float32"]
        guard let seconds = bench.time("gaunt/\(name)/scaling", params, { _ = gaunt(x, y) }) else { continue }
        points.append((log(Double(degree)), log(seconds)))
      }
      exponent("gaunt/\(name)", points)
    }
  }

  /// All paths separately, of degrees up to that of the operands or up to twice that, through the sphere and directly.
  private func complete(_ outputs: Int) {
    guard ["sphere", "direct"].contains(where: { bench.wants("complete/\($0)/fwdbwd") }) else { return }
    var points: [String: [(Double, Double)]] = [:]
    for degree in [2, 4, 8, 12, 16] {
      let (x, y) = (signal(degree, 4, 64, seed: 1), signal(degree, 4, 64, seed: 2))
      let sphere = CompleteProduct<Float>(x.irreps, y.irreps, maximumDegree: outputs * degree)
      var generator = RandomSource(seed: 3)
      let direct = TensorProduct<Float>(x.irreps, y.irreps, to: sphere.output, instructions: sphere.instructions, using: &generator)
      let seed = Tensor<Float>.normal([4, sphere.output.dimension], using: &generator)
      let (a, b) = (variable(x), variable(y))
      let params: [String: Any] = ["B": 4, "C": 64, "lmax": degree, "lout": outputs * degree, "dtype": "float32"]
      let maps: [(String, (IrrepsTensor<Float>, IrrepsTensor<Float>) -> IrrepsTensor<Float>)] = [
        ("sphere", { sphere($0, $1) }), ("direct", { direct($0, $1) }),
      ]
      for (name, map) in maps {
        let seconds = bench.time("complete/\(name)/fwd", params) { _ = map(x, y) }
        if let seconds { points[name, default: []].append((log(Double(degree)), log(seconds))) }
        bench.time("complete/\(name)/fwdbwd", params) {
          _ = gradient(of: map(a, b).tensor, withRespectTo: [a.tensor, b.tensor], seed: seed)
        }
      }
    }
    for (name, points) in points.sorted(by: { $0.key < $1.key }) { exponent("complete/\(name)", Array(points.dropFirst())) }
  }

  /// Fits the exponent of the cost as a power of the degree.
  private func exponent(_ name: String, _ points: [(degree: Double, seconds: Double)]) {
    guard let first = points.first, let last = points.last else { return }
    let n = Double(points.count)
    let (mx, my) = (points.reduce(0) { $0 + $1.degree } / n, points.reduce(0) { $0 + $1.seconds } / n)
    let slope =
      points.reduce(0) { $0 + ($1.degree - mx) * ($1.seconds - my) } / points.reduce(0) { $0 + ($1.degree - mx) * ($1.degree - mx) }
    Bench.line("\(name)/exponent", ["from": exp(first.degree).rounded(), "to": exp(last.degree).rounded()], ["exponent": slope])
  }

  /// The product beside the channelwise Clebsch-Gordan product, once with the even paths (the same map with weights of the paths) and once
  /// with all. The result has the degree of the operands.
  private func crossover(_ degree: Int) {
    let rows = max(4, 8192 / ((degree + 1) * (degree + 1)))
    let (x, y, g) = (signal(degree, rows, 64, seed: 1), signal(degree, rows, 64, seed: 2), signal(degree, rows, 64, seed: 3))
    let (a, b) = (variable(x), variable(y))
    let params: [String: Any] = ["B": rows, "C": 64, "lmax": degree, "lout": degree, "dtype": "float32"]
    for (name, method) in Self.methods {
      let gaunt = GauntTensorProduct<Float>(x.irreps, y.irreps, to: g.irreps, method: method)
      bench.time("crossover/gaunt_\(name)/fwdbwd", params) {
        _ = gradient(of: gaunt(a, b).tensor, withRespectTo: [a.tensor, b.tensor], seed: g.tensor)
      }
    }
    for all in [false, true] {
      guard bench.wants("crossover/clebsch_gordan") else { return }
      var generator = RandomSource(seed: 4)
      let pseudo = all ? (1...degree).map { Irreps<O3>.Term(64, O3.Irrep(degree: $0, parity: Parity(ofDegree: $0 + 1))) } : []
      let output = g.irreps + Irreps(pseudo)
      var instructions: [TensorProduct<Float>.Instruction] = []
      for i in 0...degree {
        for j in 0...degree {
          for irrep in x.irreps.terms[i].irrep * y.irreps.terms[j].irrep {
            guard let k = output.terms.firstIndex(where: { $0.irrep == irrep }) else { continue }
            instructions.append(.init(i, j, k, .uuu))
          }
        }
      }
      let product = TensorProduct<Float>(x.irreps, y.irreps, to: output, instructions: instructions, using: &generator)
      let seed = Tensor<Float>.normal([rows, output.dimension], using: &generator)
      bench.time("crossover/clebsch_gordan_\(all ? "all" : "even")/fwdbwd", params) {
        _ = gradient(of: product(a, b).tensor, withRespectTo: [a.tensor, b.tensor], seed: seed)
      }
    }
  }

  private func signal(_ degree: Int, _ rows: Int, _ channels: Int, seed: UInt64) -> IrrepsTensor<Float> {
    var generator = RandomSource(seed: seed)
    let irreps = features(degree, channels)
    return IrrepsTensor(.normal([rows, irreps.dimension], using: &generator), irreps: irreps)
  }

  private func variable(_ x: IrrepsTensor<Float>) -> IrrepsTensor<Float> { IrrepsTensor(x.tensor.asVariable(), irreps: x.irreps) }
}
