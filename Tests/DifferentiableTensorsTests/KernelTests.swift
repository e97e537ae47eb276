import DifferentiableTensors
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Kernels against plain loops in Double. `make test` runs these at every instruction set.
@Suite struct KernelTests {
  @Test(arguments: [
    (1, 1, 1), (2, 3, 4), (7, 1, 64), (1, 64, 2000), (6, 64, 64), (13, 17, 300), (64, 3, 1500), (100, 5, 3), (33, 65, 257), (250, 200, 130),
    (5, 130, 700), (200, 4, 40), (3, 2, 1), (1000, 64, 2), (64, 64, 3000),
  ]) func matrixProducts(_ m: Int, _ n: Int, _ k: Int) {
    var generator = RandomSource(seed: UInt64(m * 1000 + n * 10 + k))
    for (ta, tb) in [(false, false), (false, true), (true, false), (true, true)] {
      // Numbers that Float holds exactly, so that both types multiply the same ones.
      let a = Tensor<Float>.normal(ta ? [k, m] : [m, k], using: &generator).converted(to: Double.self)
      let b = Tensor<Float>.normal(tb ? [n, k] : [k, n], using: &generator).converted(to: Double.self)
      var expected = [Double](repeating: 0, count: m * n)
      let (x, y) = (a.elements, b.elements)
      for i in 0..<m {
        for j in 0..<n {
          var sum = 0.0
          for p in 0..<k { sum += (ta ? x[p * m + i] : x[i * k + p]) * (tb ? y[j * k + p] : y[p * n + j]) }
          expected[i * n + j] = sum
        }
      }
      // k additions to partial sums of size √p, each rounded: about k ulp / √2 in all; six times that never happens by chance.
      let scale = 4 * Double(max(k, 4))
      let precise = Tensor.matmul(a, b, transposingFirst: ta, transposingSecond: tb).elements
      #expect(zip(precise, expected).allSatisfy { abs($0 - $1) < 0x1p-53 * scale }, "\(ta) \(tb)")
      let rounded = Tensor.matmul(
        a.converted(to: Float.self), b.converted(to: Float.self), transposingFirst: ta, transposingSecond: tb
      ).elements
      #expect(zip(rounded, expected).allSatisfy { abs(Double($0) - $1) < 0x1p-24 * scale }, "\(ta) \(tb) float")
    }
  }

  @Test func edgeLinearIsALinearLayerOfTheConcatenation() {
    var generator = RandomSource(seed: 21)
    for (nodes, edges, n, m, out) in [(5, 20, 64, 3, 64), (500, 2000, 64, 3, 64), (7, 9, 3, 1, 5)] {
      let i = RowIndex((0..<edges).map { _ in Int.random(in: 0..<nodes, using: &generator) }, rowCount: nodes)
      let j = RowIndex((0..<edges).map { _ in Int.random(in: 0..<nodes, using: &generator) }, rowCount: nodes)
      let inputs = [[nodes, n], [edges, m], [out, 2 * n + m], [out]].map {
        Tensor<Double>.normal(Shape($0), using: &generator).asVariable()
      }
      let (h, e, w, b) = (inputs[0], inputs[1], inputs[2], inputs[3])
      let y = Tensor.edgeLinear(nodes: h, receivers: i, senders: j, edges: e, weight: w, bias: b)
      let plain = Tensor.linear(.concatenated([h.gathered(i), h.gathered(j), e]), weight: w, bias: b)
      #expect((y - plain).absolute().max().item < 1e-12)
      let fused = gradient(of: y.squared().sum(), withRespectTo: inputs)
      for (a, c) in zip(fused, gradient(of: plain.squared().sum(), withRespectTo: inputs)) {
        #expect((a - c).absolute().max().item < 1e-12 * (1 + c.absolute().max().item) * Double(edges))
      }
    }
  }

  @Test func linearWithBias() {
    var generator = RandomSource(seed: 8)
    for n in [1, 3, 16, 33, 64, 100] {
      let x = Tensor<Double>.normal([11, 20], using: &generator)
      let w = Tensor<Double>.normal([n, 20], using: &generator)
      let b = Tensor<Double>.normal([n], using: &generator)
      let difference = Tensor.linear(x, weight: w, bias: b) - (Tensor.matmul(x, w.transposed()) + b)
      #expect(difference.absolute().max().item < 1e-14)
    }
  }

  /// Within four units in the last place of the value, times what the function makes of an error of its argument.
  @Test func elementaryFunctions() {
    let points = (-4000...4000).map { Double($0) * 0.01 }
    func check(
      _ name: String, _ f: (Tensor<Double>) -> Tensor<Double>, _ g: (Tensor<Float>) -> Tensor<Float>, _ exact: (Double) -> Double,
      condition: (Double) -> Double = { _ in 1 }
    ) {
      let doubles = f(Tensor(points)).elements
      let floats = g(Tensor(points.map { Float($0) })).elements
      for (i, x) in points.enumerated() {
        let e = exact(x)
        #expect(abs(doubles[i] - e) <= 0x1p-51 * condition(x) * abs(e) + 1e-37, "\(name)(\(x)) = \(doubles[i]), not \(e)")
        let ef = exact(Double(Float(x)))
        #expect(abs(Double(floats[i]) - ef) <= 0x1p-22 * condition(x) * abs(ef) + 1e-37, "\(name)(\(x)) = \(floats[i]), not \(ef) in float")
      }
    }
    func s(_ x: Double) -> Double { 1 / (1 + Glibc.exp(-x)) }
    check("exp", { $0.exp() }, { $0.exp() }, { Glibc.exp($0) })
    check("sigmoid", { $0.sigmoid() }, { $0.sigmoid() }, s)
    check("silu", { $0.silu() }, { $0.silu() }, { $0 * s($0) })
    check("tanh", { $0.tanh() }, { $0.tanh() }, { Glibc.tanh($0) })
    check("softplus", { $0.softplus() }, { $0.softplus() }, { max($0, 0) + log1p(Glibc.exp(-abs($0))) })
    check("normalCDF", { $0.normalCDF() }, { $0.normalCDF() }, { 0.5 * erfc(-$0 / 2.0.squareRoot()) }, condition: { 1 + $0 * $0 })
    check("gelu", { $0.gelu() }, { $0.gelu() }, { $0 * 0.5 * erfc(-$0 / 2.0.squareRoot()) }, condition: { 1 + $0 * $0 })
    check("sin", { $0.sin() }, { $0.sin() }, { Glibc.sin($0) })
  }

  @Test func specialValues() {
    let x = Tensor<Float>([.infinity, -.infinity, .nan, 100, -100, 0, -0.0])
    let e = x.exp().elements
    #expect(e[2].isNaN && e[5] == 1 && e[4] < 1e-37)
    let silu = x.silu().elements
    #expect(silu[2].isNaN && silu[3] == 100 && abs(silu[4]) < 1e-30 && silu[5] == 0)
    #expect(x.sigmoid().elements[4] < 1e-37)
    #expect(Tensor<Float>([.nan, 1]).max().item.isNaN)
    #expect(Tensor<Float>([1, .nan]).relu().elements[1].isNaN)
  }

  @Test func reductionsAndBroadcasts() {
    var generator = RandomSource(seed: 3)
    let x = Tensor<Double>.normal([5, 7, 11], using: &generator)
    let e = x.elements
    for axis in 0..<3 {
      let sums = x.sum(axis: axis)
      for i in 0..<5 {
        for j in 0..<7 {
          for k in 0..<11 where [i, j, k][axis] == 0 {
            var total = 0.0
            for r in 0..<x.shape[axis] {
              var at = [i, j, k]
              at[axis] = r
              total += e[(at[0] * 7 + at[1]) * 11 + at[2]]
            }
            var at = [i, j, k]
            at.remove(at: axis)
            #expect(abs(sums[at[0], at[1]] - total) < 1e-13)
          }
        }
      }
    }
    let long = Tensor<Double>.normal([300_000], using: &generator)
    #expect(abs(long.sum().item - long.elements.reduce(0, +)) < 1e-9)
    let y = Tensor<Double>.normal([7, 1], using: &generator)
    let product = x * y
    for i in 0..<5 { for j in 0..<7 { for k in 0..<11 { #expect(product[i, j, k] == x[i, j, k] * y[j, 0]) } } }
  }

  @Test func emptySums() {
    #expect(Tensor<Float>.zeros([2, 3, 0]).sum(axis: 1).shape == [2, 0])
    #expect(Tensor<Float>.zeros([2, 0, 3]).sum(axis: 1) == .zeros([2, 3]))
  }
}
