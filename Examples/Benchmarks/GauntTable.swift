import Equivariant

/// Measures where one method of products of functions on the sphere overtakes another, and prints a `GauntMethodTable`.
struct GauntTable {
  /// The degrees of the operands in the table.
  private static let degrees = 0...6

  func run() {
    Threads.count = 1
    print("extension GauntMethodTable {")
    print("  /// Measured by `benchmarks products --table`, forward and backward together, on batches beyond the caches.")
    print("  public static let measured = GauntMethodTable(")
    print("    gauntFloat: \(crossovers(Float.self, vectorSignal: false)),")
    print("    gauntDouble: \(crossovers(Double.self, vectorSignal: false)),")
    print("    vectorSignalFloat: \(crossovers(Float.self, vectorSignal: true)),")
    print("    vectorSignalDouble: \(crossovers(Double.self, vectorSignal: true))")
    print("  )\n}")
  }

  private func crossovers<S: TensorScalar>(_ type: S.Type, vectorSignal: Bool) -> String {
    var sparse = Self.degrees.map { _ in Self.degrees.map { _ in -1 } }
    for l1 in Self.degrees {
      for l2 in l1...Self.degrees.upperBound where !vectorSignal || l1 > 0 {
        let lowest = vectorSignal ? 1 : 0
        let highest = l1 + l2 - lowest
        // From the highest degree of the result down to the first at which the sparse method is the faster one.
        let bound =
          stride(from: highest, through: lowest, by: -2).first { l3 in
            seconds(type, l1, l2, l3, .sparse, vectorSignal) < seconds(type, l1, l2, l3, .quadrature, vectorSignal)
          } ?? lowest - 1
        (sparse[l1][l2], sparse[l2][l1]) = (bound, bound)
      }
    }
    let fourier =
      vectorSignal
      ? nil : [16, 32].first { seconds(type, $0, $0, 2 * $0, .fourier, false) < seconds(type, $0, $0, 2 * $0, .quadrature, false) }
    let rows = sparse.map { "        [\($0.map(String.init).joined(separator: ", "))],\n" }.joined()
    return "Crossovers(\n      sparse: [\n\(rows)      ]\(fourier.map { ", fourier: \($0)" } ?? ""))"
  }

  /// The shortest time of a product with the gradients with respect to both operands.
  private func seconds<S: TensorScalar>(_ type: S.Type, _ l1: Int, _ l2: Int, _ l3: Int, _ method: GauntMethod, _ vectorSignal: Bool)
    -> Double
  {
    // About 16 MB in all: batches that do not fit the caches, as in training.
    let components = [l1, l2, l3].reduce(0) { $0 + ($1 + 1) * ($1 + 1) }
    let rows = (1 << 22) / MemoryLayout<S>.stride / 16 / components
    func signal(_ degrees: ClosedRange<Int>, _ parity: Parity, seed: UInt64) -> IrrepsTensor<S> {
      var generator = RandomSource(seed: seed)
      let irreps = Irreps<O3>(degrees.map { .init(64, O3.Irrep(degree: $0, parity: parity * Parity(ofDegree: $0))) })
      return IrrepsTensor(Tensor<S>.normal([rows, irreps.dimension], using: &generator).asVariable(), irreps: irreps)
    }
    let (x, y) = (signal(0...l1, .even, seed: 1), signal(0...l2, .even, seed: 2))
    let g = signal((vectorSignal ? 1 : 0)...l3, vectorSignal ? .odd : .even, seed: 3)
    let gaunt = vectorSignal ? nil : GauntTensorProduct<S>(x.irreps, y.irreps, to: g.irreps, method: method)
    let vector = vectorSignal ? VectorSignalGauntProduct<S>(x.irreps, y.irreps, to: g.irreps, method: method) : nil
    func step() {
      let z = gaunt?(x, y) ?? vector!(x, y)
      _ = gradient(of: z.tensor, withRespectTo: [x.tensor, y.tensor], seed: g.tensor.detached)
    }
    step()
    let clock = ContinuousClock()
    var least = Double.infinity
    for _ in 0..<4 {
      let t = clock.measure { step() }
      least = min(least, t / .seconds(1))
    }
    return least
  }
}
