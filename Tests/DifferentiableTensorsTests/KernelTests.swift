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
    let sizes = [
      (5, 20, 64, 3, 64), (500, 2000, 64, 3, 64), (7, 9, 3, 1, 5), (60, 500, 128, 3, 128), (12, 300, 256, 2, 256), (4, 0, 8, 2, 8),
      (4, 6, 8, 0, 8),
    ]
    for (nodes, edges, n, m, out) in sizes {
      let i = RowIndex((0..<edges).map { _ in Int.random(in: 0..<nodes, using: &generator) }, rowCount: nodes)
      let j = RowIndex((0..<edges).map { _ in Int.random(in: 0..<nodes, using: &generator) }, rowCount: nodes)
      let inputs = [[nodes, n], [edges, m], [out, 2 * n + m], [out]].map {
        Tensor<Double>.normal(Shape($0), using: &generator).asVariable()
      }
      let (h, e, w, b) = (inputs[0], inputs[1], inputs[2], inputs[3])
      let y = Tensor.edgeLinear(nodes: h, receivers: i, senders: j, edges: e, weight: w, bias: b)
      let plain = Tensor.linear(.concatenated([h.gathered(i), h.gathered(j), e]), weight: w, bias: b)
      #expect(edges == 0 || (y - plain).absolute().max().item < 1e-12)
      let fused = gradient(of: y.squared().sum(), withRespectTo: inputs)
      for (a, c) in zip(fused, gradient(of: plain.squared().sum(), withRespectTo: inputs)) {
        if a.count == 0 { continue }
        #expect((a - c).absolute().max().item < 1e-12 * (1 + c.absolute().max().item) * Double(max(1, edges)), "\(nodes), \(edges)")
      }
    }
  }

  /// Sums over nothing are zero, and what has no elements has no elements.
  @Test func emptySizes() {
    let (x, bias) = (Tensor<Double>.ones([3, 0]), Tensor<Double>([1, 2]))
    #expect(Tensor.linear(x, weight: .zeros([2, 0]), bias: bias) == Tensor(rows: [[1, 2], [1, 2], [1, 2]]))
    #expect(Tensor.linear(x.reshaped(3, 1, 0), weight: .zeros([2, 0]), bias: bias).shape == [3, 1, 2])
    #expect(Tensor.linear(x, weight: .zeros([2, 0]), bias: nil) == .zeros([3, 2]))
    #expect(Tensor.matmul(.ones([2, 3, 0]), .ones([0, 4])) == Tensor<Double>.zeros([2, 3, 4]))
    #expect(Tensor.matmul(.ones([0, 3]), .ones([3, 4])) == Tensor<Double>.zeros([0, 4]))
    let rows = RowIndex([0, 1, 1], rowCount: 2)
    #expect(Tensor.gatheredSum(.ones([2, 0]), rows, .ones([2, 0]), rows) == Tensor<Double>.ones([3, 0]))
  }

  @Test func argmax() {
    let x = Tensor<Float>(rows: [[1, 3, 3], [-2, -3, -1], [.infinity, 0, .infinity]])
    #expect(x.argmax() == [1, 2, 0] && x.reshaped(3, 3, 1).argmax() == [Int](repeating: 0, count: 9))
  }

  /// Summing is what repeating is transposed: ⟨repeat a, b⟩ = ⟨a, sum b⟩.
  @Test(arguments: [[Int](), [5], [1, 5], [3, 1], [3, 5], [2, 1, 5], [1, 3, 1]]) func summedToAShape(_ dimensions: [Int]) {
    var generator = RandomSource(seed: 4)
    let target = Shape(dimensions)
    let (a, b) = (Tensor<Double>.normal(target, using: &generator), Tensor<Double>.normal([2, 3, 5], using: &generator))
    let sum = b.summed(to: target)
    #expect(sum.shape == target && abs((a.broadcast(to: b.shape) * b).sum().item - (a * sum).sum().item) < 1e-13)
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
    check("elu", { $0.elu() }, { $0.elu() }, { max($0, 0) + expm1(min($0, 0)) }, condition: { $0 < 0 ? 1 - 1 / $0 : 1 })
  }

  /// x, GELU with its first two derivatives, tanh with its first: mpmath at 50 digits.
  private static let references: [(Double, Double, Double, Double, Double, Double)] = [
    (
      -12.5, -4.665705373597141722e-35, -5.831668554480155366e-34, -7.242338839676662704e-33, -0.9999999999722241123,
      5.55517754583130825e-11
    ),
    (-6.25, -1.282664640761836801e-9, -8.007285020952380398e-9, -4.870019238540244652e-8, -0.9999925467214316269, 1.490650158538482777e-5),
    (-3.5, -8.142017766243376272e-4, -0.002821760353624635193, -0.008944997624219040672, -0.9981778976111987093, 0.003640884720487306061),
    (-1.75, -0.07010352451167990823, -0.1109261510825780598, -0.09166965125316848408, -0.9413755384972873623, 0.1138120955189422394),
    (-0.625, -0.1662409556554378327, 0.06088492370471613602, 0.5281340587607598204, -0.554599722349382294, 0.6924191479699880696),
    (-0.0078125, -0.00388190074327466734, 0.4937666536873215348, 0.7978358629086440275, -0.007812341058161013821, 0.9999389673271909717),
    (0, 0.0, 0.5, 0.7978845608028653559, 0.0, 1.0),
    (0.015625, 0.007909894054685776294, 0.5124659317555900779, 0.7976897826006552503, 0.0156237285584088652, 0.9997558991059331592),
    (0.375, 0.2423136625022714229, 0.7856154268738871361, 0.6914180651641015694, 0.3583573983507859463, 0.8715799750472561179),
    (0.75, 0.5800294857173488505, 0.9992257217392351044, 0.4328850587225313321, 0.6351489523872873192, 0.596585808281331426),
    (2.25, 2.222494936526149418, 1.059189743975206982, -0.09720268374673146073, 0.9780261147388136399, 0.04346491888890093701),
    (5.5, 5.499999895557406438, 1.000000573347239874, -3.042457212018475571e-6, 0.9999665971563038096, 6.68045716424137309e-5),
    (11.0, 11.0, 1.0, -2.521394911676130723e-25, 0.9999999994421063816, 1.115787236525079344e-9),
  ]

  @Test func geluAndTanhWithDerivatives() {
    /// Within four units in the last place, times what an error of x²/2 and, for sums, cancellation make of it.
    func check<S: TensorScalar>(_ type: S.Type, _ unit: Double) {
      let x = Tensor(Self.references.map(\.0)).converted(to: S.self).asVariable()
      let (gelu, tanh) = (x.gelu(), x.tanh())
      let first = gradient(of: gelu.sum(), withRespectTo: x, keepingGraph: true)
      let second = gradient(of: first.sum(), withRespectTo: x)
      let slope = gradient(of: tanh.sum(), withRespectTo: x)
      for (k, r) in Self.references.enumerated() {
        let condition = 1 + r.0 * r.0
        func near(_ y: Tensor<S>, _ expected: Double, _ scale: Double) {
          let value = y.converted(to: Double.self).elements[k]
          #expect(abs(value - expected) <= 4 * unit * scale + 1e-37, "\(value), not \(expected), at \(r.0)")
        }
        let density = Glibc.exp(-r.0 * r.0 / 2)
        near(gelu, r.1, condition * abs(r.1))
        near(first, r.2, condition * (r.0 < 0 ? density * (1 + abs(r.0)) : 1))
        near(second, r.3, condition * density * (2 + r.0 * r.0))
        near(tanh, r.4, abs(r.4))
        near(slope, r.5, 1)
      }
    }
    check(Double.self, 0x1p-53)
    check(Float.self, 0x1p-24)
  }

  @Test func feedForwardIsTwoLinearLayers() {
    var generator = RandomSource(seed: 31)
    for (rows, n, inner, out) in [(1, 3, 5, 2), (7, 1, 4, 1), (1300, 16, 64, 17), (500, 33, 70, 5)] {
      let inputs = [[rows, n], [inner, n], [inner], [out, inner], [out], [rows, out]].map {
        Tensor<Double>.normal(Shape($0), using: &generator)
      }
      let seed = Tensor<Double>.normal([rows, out], using: &generator)
      func results<S: TensorScalar>(_ type: S.Type, _ f: ([Tensor<S>]) -> Tensor<S>) -> [Tensor<Double>] {
        let t = inputs.map { $0.converted(to: S.self).asVariable() }
        let y = f(t)
        return ([y] + gradient(of: y, withRespectTo: t, seed: seed.converted(to: S.self))).map { $0.converted(to: Double.self) }
      }
      func fused<S: TensorScalar>(_ t: [Tensor<S>]) -> Tensor<S> {
        .feedForward(t[0], weights: (t[1], t[3]), biases: (t[2], t[4]), epsilon: 0.125, plus: t[5])
      }
      let expected = results(Double.self) { t in
        Tensor.linear(Tensor.linear(t[0].standardized(epsilon: 0.125), weight: t[1], bias: t[2]).gelu(), weight: t[3], bias: t[4]) + t[5]
      }
      for (a, b) in zip(results(Double.self, fused), expected) {
        #expect((a - b).absolute().max().item < 1e-13 * (1 + b.absolute().max().item))
      }
      for (a, b) in zip(results(Float.self, fused), expected) {
        #expect((a - b).absolute().max().item < 1e-5 * (1 + b.absolute().max().item))
      }
    }
  }

  @Test func specialValues() {
    let x = Tensor<Float>([.infinity, -.infinity, .nan, 100, -100, 0, -0.0])
    let e = x.exp().elements
    #expect(e[0] == .infinity && e[1] == 0 && e[2].isNaN && e[3] == .infinity && e[4] == 0 && e[5] == 1 && e[6] == 1)
    let precise = Tensor<Double>([.infinity, -.infinity, 800, -800]).exp().elements
    #expect(precise == [.infinity, 0, .infinity, 0])
    // A mask of -∞ leaves nothing.
    #expect(Tensor<Float>([1, -.infinity, 1]).softmax().elements == [0.5, 0, 0.5])
    let silu = x.silu().elements
    #expect(silu[2].isNaN && silu[3] == 100 && abs(silu[4]) < 1e-30 && silu[5] == 0 && silu[0] == .infinity)
    let sigmoid = x.sigmoid().elements
    #expect(sigmoid[0] == 1 && sigmoid[1] < 1e-37 && sigmoid[2].isNaN && sigmoid[3] == 1 && sigmoid[4] < 1e-37 && sigmoid[5] == 0.5)
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

  /// Sums of a few long rows, of many short ones, and what lies between.
  @Test(arguments: [(2, 16385), (3, 40_000), (5, 16384), (70, 1000), (40_000, 3)]) func sumsOverRows(rows: Int, width: Int) {
    let x = Tensor<Double>((0..<rows * width).map { Double($0 % 7) }, shape: [rows, width])
    let sums = x.sum(axis: 0).elements
    for column in stride(from: 0, to: width, by: 997) {
      let expected = (0..<rows).reduce(0.0) { $0 + Double(($1 * width + column) % 7) }
      #expect(sums[column] == expected)
    }
  }

  @Test func emptySums() {
    #expect(Tensor<Float>.zeros([2, 3, 0]).sum(axis: 1).shape == [2, 0])
    #expect(Tensor<Float>.zeros([2, 0, 3]).sum(axis: 1) == .zeros([2, 3]))
  }

  /// Sums and extrema over every axis of sizes at which work is cut among threads or runs are cut into pieces, against plain loops.
  @Test(arguments: [
    [3, 5, 4], [1, 40, 3000], [70, 2000, 1], [200_000, 1, 1], [2, 2, 60_000], [1, 3, 70_001], [300, 7, 9], [1, 1, 150_000],
  ])
  func reductions(shape: [Int]) {
    var generator = RandomSource(seed: 4)
    // Whole numbers: sums are exact in any order.
    let x = Tensor<Double>.uniform(Shape(shape), in: -50..<50, using: &generator)
    let whole = Tensor<Double>(x.elements.map { $0.rounded() }, shape: x.shape)
    let e = whole.elements
    for axis in 0..<3 {
      let (outer, r, inner) = (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
      var (sums, largest, least): ([Double], [Double], [Double]) = ([], [], [])
      for o in 0..<outer {
        for i in 0..<inner {
          let column = (0..<r).map { e[(o * r + $0) * inner + i] }
          sums.append(column.reduce(0, +))
          largest.append(column.max()!)
          least.append(column.min()!)
        }
      }
      #expect(whole.sum(axis: axis).elements == sums)
      #expect(whole.max(axis: axis).elements == largest && whole.min(axis: axis).elements == least)
      let single = whole.converted(to: Float.self)
      #expect(single.sum(axis: axis).elements == sums.map { Float($0) })
      #expect(single.max(axis: axis).elements == largest.map { Float($0) })
    }
    #expect(whole.max().item == e.max()! && whole.sum().item == e.reduce(0, +))
    var broken = whole
    broken.withMutableElements { $0[whole.count - 1] = .nan }
    #expect(broken.max().item.isNaN && broken.min().item.isNaN)
  }

  /// The largest of each segment, also of many rows.
  @Test(arguments: [(5, 3, 4), (4000, 300, 16), (2000, 2000, 1)]) func segmentMaxima(rows: Int, segments: Int, width: Int) {
    var generator = RandomSource(seed: 5)
    let x = Tensor<Float>.normal([rows, width], using: &generator)
    let owners = (0..<rows).map { _ in Int.random(in: 0..<segments, using: &generator) }
    var expected = [Float](repeating: -.infinity, count: segments * width)
    let e = x.elements
    for (row, owner) in owners.enumerated() {
      for i in 0..<width { expected[owner * width + i] = max(expected[owner * width + i], e[row * width + i]) }
    }
    let found = x.segmentMax(RowIndex(owners, rowCount: segments), empty: -.infinity)
    #expect(found.elements == expected)
    var broken = x
    broken.withMutableElements { $0[0] = .nan }
    #expect(broken.segmentMax(RowIndex(owners, rowCount: segments), empty: 0)[owners[0], 0].isNaN)
  }

  /// Axes in every order, at sizes of which each thread takes a part.
  @Test(arguments: [[3, 4, 5], [60, 50, 40], [2, 300, 200], [200, 300, 2]]) func permutedAxes(shape: [Int]) {
    let x = Tensor<Float>((0..<shape.reduce(1, *)).map { Float($0) }, shape: Shape(shape))
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      let y = x.permuted(order)
      var (isRight, place) = (true, 0)
      let e = y.elements
      let strides = [shape[1] * shape[2], shape[2], 1]
      for i in 0..<shape[order[0]] {
        for j in 0..<shape[order[1]] {
          for k in 0..<shape[order[2]] {
            if e[place] != Float(i * strides[order[0]] + j * strides[order[1]] + k * strides[order[2]]) { isRight = false }
            place += 1
          }
        }
      }
      #expect(isRight, "\(shape), \(order)")
    }
  }
}
