import Equivariant
import Testing

/// Norms of vectors of any size, whose squares the element type has not.
@Suite struct NormsTests {
  /// Sizes at which squares, or powers of them in derivatives, over- or underflow.
  static let floatSizes: [Float] = [Float(bitPattern: 700), 1e-37, 1e-25, 1e-20, 1e-12, 1, 1e12, 1e20, 1e37]
  static let doubleSizes = [Double(bitPattern: 10_000), 1e-300, 1e-170, 1e-155, 1e-90, 1, 1e90, 1e155, 1e160, 1e300]

  /// A direction, the zero vector and (3, 4, 0), times a size, in both orders of memory.
  private func check<S: TensorScalar>(_ size: S, tolerance: Double) {
    let rows = Tensor<S>([1, 2, 2, 0, 0, 0, 3, 4, 0], shape: [3, 3]) * size
    // What a size below the normal numbers leaves of the components.
    let exact: [Double] = rows.elements.map { Double($0) / Double(size) }
    var norms: [Double] = []
    for r in 0..<3 {
      var sum = 0.0
      for k in 0..<3 { sum += exact[3 * r + k] * exact[3 * r + k] }
      norms.append(sum.squareRoot())
    }
    for axis in [1, 0] {
      let x = axis == 1 ? rows : rows.transposed()
      for (r, norm) in x.norm(axis: axis).elements.enumerated() {
        let error = (Double(norm) / Double(size) - norms[r]).magnitude
        #expect(error <= tolerance * norms[r], "norm of row \(r) at \(size)")
      }
      let unit = axis == 1 ? x.normalized(axis: 1) : x.normalized(axis: 0).transposed()
      for (k, component) in unit.elements.enumerated() {
        let expected = norms[k / 3] == 0 ? 0 : exact[k] / norms[k / 3]
        #expect((Double(component) - expected).magnitude <= tolerance, "direction \(k) at \(size)")
      }
      // The gradient of the norm is the direction, that of a zero vector 0.
      let variable = x.asVariable()
      let g = gradient(of: variable.norm(axis: axis).sum(), withRespectTo: variable)
      #expect((g - x.normalized(axis: axis)).absolute().max().item <= S(4 * tolerance), "gradient of the norm at \(size)")
    }
  }
  @Test(arguments: floatSizes) func float(size: Float) { check(size, tolerance: size < 1e-37 ? 1e-4 : 3e-7) }
  @Test(arguments: doubleSizes) func double(size: Double) { check(size, tolerance: size < 1e-307 ? 1e-3 : 5e-16) }

  /// Derivatives of a direction, of which every order is one power of the size smaller: the same numbers in other units.
  @Test func derivativesOfDirections() {
    func gradients<S: TensorScalar>(_ size: S) -> [[Double]] {
      let x = (Tensor<S>([1, 2, 2, -1, 0.5, 0.25], shape: [2, 3]) * size).asVariable()
      let w = Tensor<S>([0.3, -1, 0.7, 0.2, 0.4, -0.6], shape: [2, 3])
      let first = gradient(of: (x.normalized() * w).sum(), withRespectTo: x, keepingGraph: true)
      let second = gradient(of: (first * w * size).sum(), withRespectTo: x)
      return [(first * size).elements.map { Double($0) }, (second * size).elements.map { Double($0) }]
    }
    let expected = gradients(1.0)
    for size in [1e-160, 1e-100, 1e150] {
      for (a, b) in zip(gradients(size), expected) { for (x, y) in zip(a, b) { #expect((x - y).magnitude < 1e-14, "\(size)") } }
    }
    for size in [Float(1e-25), 1e-12, 1e20] {
      for (a, b) in zip(gradients(size), expected) { for (x, y) in zip(a, b) { #expect((x - y).magnitude < 1e-6, "\(size)") } }
    }
  }

  /// Where squares are no trouble nothing changes, to the last bit.
  @Test func ordinarySizes() {
    var generator = RandomSource(seed: 1)
    let x = Tensor<Float>.normal([1000, 3], using: &generator)
    #expect(x.norm() == x.squaredNorm().squareRoot())
    // A row far away puts all rows in units of powers of two: no bit of the others moves.
    let far = Tensor.concatenated([x, Tensor([3e30, 0, 4e30], shape: [1, 3])], axis: 0)
    #expect(far.norm().sliced(axis: 0, 0..<1000) == x.norm())
    #expect(far.normalized().sliced(axis: 0, 0..<1000) == x.normalized())
    #expect(far.norm()[1000] == 5e30)
  }

  @Test func notFinite() {
    let x = Tensor<Double>([.nan, 1, 0, .infinity, 0, 0, 3, 4, 0], shape: [3, 3])
    let norms = x.norm().elements
    #expect(norms[0].isNaN && norms[1] == .infinity && norms[2] == 5, "\(norms)")
  }

  /// Harmonics of a direction do not depend on the length of the vector, their gradients times the length neither.
  @Test func harmonics() {
    let harmonics = SphericalHarmonics(degrees: 0...4)
    func all(_ size: Double) -> [Double] {
      let x = (Tensor<Double>([1, 2, 2, -3, 0.5, 1], shape: [2, 3]) * size).asVariable()
      let w = Tensor<Double>((0..<50).map { Double($0 % 7) - 3 }, shape: [2, 25])
      let values = harmonics(x)
      let first = gradient(of: (values * w).sum(), withRespectTo: x, keepingGraph: true)
      let second = gradient(of: (first * size * size).sum(), withRespectTo: x)
      return values.elements + (first * size).elements + second.elements
    }
    let expected = all(1)
    for size in [1e-140, 1e-90, 1e130] {
      for (a, b) in zip(all(size), expected) { #expect((a - b).magnitude < 1e-11, "\(size)") }
    }
    let x = (Tensor<Float>([1, 2, 2], shape: [1, 3]) * 1e-25).asVariable()
    let g = gradient(of: harmonics(x).sum(), withRespectTo: x, keepingGraph: true)
    let reference = Tensor<Double>([1, 2, 2], shape: [1, 3]).asVariable()
    let plain = gradient(of: harmonics(reference).sum(), withRespectTo: reference, keepingGraph: true)
    for (a, b) in zip(g.elements, plain.elements) { #expect((Double(a) * 1e-25 - b).magnitude < 1e-5) }
  }

  /// Wigner matrices of quaternions of any length, with their gradients.
  @Test func quaternions() {
    let matrices = WignerMatrices(degrees: 1...2)
    func all(_ size: Double) -> [Double] {
      let q = (Tensor<Double>([0.5, -1, 0.25, 2], shape: [1, 4]) * size).asVariable()
      let values = matrices(q)
      let g = gradient(of: values[1].selected(axis: 1, 0).sum(), withRespectTo: q)
      return values.flatMap(\.elements) + (g * size).elements
    }
    for size in [1e-170, 1e160] { for (a, b) in zip(all(size), all(1)) { #expect((a - b).magnitude < 1e-13, "\(size)") } }
  }
}
